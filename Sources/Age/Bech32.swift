/// Bech32 (BIP 173) as age writes keys: without the limit of 90 characters.
public enum Bech32 {
    /// Why a text is not Bech32.
    public enum Fault: Error, Equatable { case notBech32, mixedCase, badChecksum }

    /// The part before the last `1`, in lower case; the bytes after it; and which case it was in.
    public struct Decoded: Equatable {
        public var prefix: String
        public var bytes: [UInt8]
        public var isUpperCase: Bool
    }

    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    private static let checksumCount = 6
    private static let separator = UInt8(ascii: "1")

    /// The text of some bytes behind a prefix.
    ///
    /// - Parameter prefix: ASCII in lower case.
    public static func encode(
        prefix: String, _ bytes: some Collection<UInt8>, upperCase: Bool = false
    )
        -> [UInt8]
    {
        let values = regroup(bytes, from: 8, to: 5, padding: true) ?? []
        let text =
            Array(prefix.utf8) + [separator]
            + (values + checksum(prefix: Array(prefix.utf8), values)).map { alphabet[Int($0)] }
        return upperCase ? text.map(uppercased) : text
    }

    /// The prefix and the bytes; throws where a character or the checksum is wrong.
    public static func decode(_ text: some Collection<UInt8>) throws(Fault) -> Decoded {
        let lower = text.map(lowercased)
        let isUpperCase = !text.elementsEqual(lower)
        if isUpperCase && !text.elementsEqual(lower.map(uppercased)) { throw .mixedCase }
        guard let end = lower.lastIndex(of: separator), end > 0,
            lower[..<end].allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .notBech32 }
        let values = lower[(end + 1)...].compactMap { character in
            alphabet.firstIndex(of: character).map { UInt8($0) }
        }
        guard values.count == lower.count - end - 1, values.count >= checksumCount else {
            throw .notBech32
        }
        let prefix = Array(lower[..<end])
        guard polymod(expand(prefix) + values) == 1 else { throw .badChecksum }
        guard
            let bytes = regroup(values.dropLast(checksumCount), from: 5, to: 8, padding: false)
        else { throw .notBech32 }
        return Decoded(
            prefix: String(decoding: prefix, as: UTF8.self), bytes: bytes, isUpperCase: isUpperCase
        )
    }

    /// Cuts the same bits into groups of another size; nil where the bits left over are not a
    /// zero padding of less than a group.
    private static func regroup(
        _ values: some Collection<UInt8>, from: Int, to: Int, padding: Bool
    ) -> [UInt8]? {
        var (word, bits): (UInt32, Int) = (0, 0)
        var result: [UInt8] = []
        result.reserveCapacity(values.count * from / to + 1)
        let mask: UInt32 = 1 << UInt32(to) - 1
        for value in values {
            word = word << UInt32(from) | UInt32(value)
            bits += from
            while bits >= to {
                bits -= to
                result.append(UInt8(word >> UInt32(bits) & mask))
            }
            word &= 1 << UInt32(bits) - 1
        }
        if padding {
            if bits > 0 { result.append(UInt8(word << UInt32(to - bits) & mask)) }
        } else if bits >= from || word != 0 {
            return nil
        }
        return result
    }

    private static func checksum(prefix: [UInt8], _ values: [UInt8]) -> [UInt8] {
        let padded = expand(prefix) + values + [UInt8](repeating: 0, count: checksumCount)
        let sum = polymod(padded) ^ 1
        return (0..<checksumCount).map { UInt8(sum >> UInt32(5 * (5 - $0)) & 31) }
    }

    private static func expand(_ prefix: [UInt8]) -> [UInt8] {
        prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 }
    }

    private static func polymod(_ values: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
        var sum: UInt32 = 1
        for value in values {
            let top = sum >> 25
            sum = (sum & 0x1FF_FFFF) << 5 ^ UInt32(value)
            for (bit, term) in generator.enumerated() where top >> UInt32(bit) & 1 == 1 {
                sum ^= term
            }
        }
        return sum
    }

    private static func lowercased(_ character: UInt8) -> UInt8 {
        (0x41...0x5A).contains(character) ? character | 0x20 : character
    }

    private static func uppercased(_ character: UInt8) -> UInt8 {
        (0x61...0x7A).contains(character) ? character & ~0x20 : character
    }
}
