internal import Crypto
internal import Wire

/// Names an identity: the SHA-256 of its two public keys, whatever name goes with them.
public struct Fingerprint: Hashable, Sendable {
    public static let byteCount = 32
    public let bytes: [UInt8]

    /// - Parameter bytes: exactly `byteCount` of them, else the result is nil.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    public init(signKey: [UInt8], agreeKey: [UInt8]) {
        var transcript = Transcript("parley/fingerprint/v1")
        transcript.append(signKey)
        transcript.append(agreeKey)
        bytes = SHA256.hash(transcript.bytes)
    }

    /// Reads 64 lower-case hexadecimal digits, and nothing else.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 2 * Self.byteCount, let bytes = Hex.decode(text),
            !text.utf8.contains(where: { (0x41...0x46).contains($0) })
        else { return nil }
        self.bytes = bytes
    }
}

extension Fingerprint: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public var description: String { Hex.encode(bytes) }
}
