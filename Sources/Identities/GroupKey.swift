internal import Crypto
internal import JSON
internal import Wire

/// A 256-bit symmetric key that the members of a group share.
public enum GroupKey {
    public static let byteCount = 32

    /// A new key: in Base64, or with `jwk` as an octet sequence (RFC 7518 section 6.4). Wipe the
    /// text after use.
    public static func random(in format: KeyFormat) -> [UInt8] {
        var key = randomBytes(byteCount)
        defer { wipe(&key) }
        let text =
            format == .jwk
            ? (["kty": "oct", "k": .string(Base64.url.encode(key))] as JSON).text
            : Base64.standard.encode(key)
        return Array("\(text)\n".utf8)
    }
}
