/// Lower-case hexadecimal (RFC 4648 section 8).
public enum Hex {
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }

    /// Takes either case; nil for an odd count or another character.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.map { UInt8(hexDigit: $0) }
        guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map {
            (digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)
        }
    }
}

extension UInt8 {
    /// The value of one hexadecimal digit.
    public init?(hexDigit character: UInt8) {
        switch character {
        case 0x30...0x39: self = character - 0x30
        case 0x41...0x46: self = character - 0x37
        case 0x61...0x66: self = character - 0x57
        default: return nil
        }
    }
}
