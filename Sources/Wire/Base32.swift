/// Base32 without padding (RFC 4648 section 6), as secrets of one-time codes are shown.
public enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        var (word, bitCount) = (0, 0)
        for byte in bytes {
            word = (word << 8 | Int(byte)) & 0xFFFF
            bitCount += 8
            while bitCount >= 5 {
                bitCount -= 5
                text.append(alphabet[word >> bitCount & 31])
            }
        }
        if bitCount > 0 { text.append(alphabet[word << (5 - bitCount) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }
}
