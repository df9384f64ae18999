internal import CLibcrypto

/// HMAC-SHA1 (RFC 2104), which one-time codes are defined with (RFC 4226 section 5.3). SHA-1 is
/// broken for signatures; for this it is not.
public enum HMACSHA1 {
    public static let byteCount = 20

    public static func authenticate(
        _ bytes: [UInt8], key: borrowing SecretBytes
    ) throws(LibcryptoMissing) -> [UInt8] {
        guard libcrypto_load() else { throw LibcryptoMissing() }
        var tag = [UInt8](repeating: 0, count: byteCount)
        let status = key.withBytes { key in
            libcrypto_hmac_sha1(key.pointer, key.count, bytes, bytes.count, &tag)
        }
        guard status == 1 else { throw LibcryptoMissing() }
        return tag
    }
}
