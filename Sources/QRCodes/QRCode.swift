/// A QR code (ISO/IEC 18004) of version 2 at error correction level M, which holds 63 digits: what
/// a safety number needs, and no more of the standard than that.
public struct QRCode: Equatable, Sendable {
    public static let maximumDigitCount = 63
    /// Modules on a side.
    public static let size = 25

    /// Rows from the top; true is dark.
    public private(set) var modules: [[Bool]]

    /// - Returns: nil for more than 63 digits, none, or what is no digit.
    public init?(digits text: String) {
        let digits = text.utf8.map { Int($0) - 0x30 }
        guard (1...Self.maximumDigitCount).contains(digits.count),
            digits.allSatisfy({ (0...9).contains($0) })
        else { return nil }
        let data = Self.dataCodewords(digits)
        let codewords = data + ReedSolomon.remainder(of: data, count: Self.correctionCount)
        var matrix = Matrix()
        matrix.place(codewords)
        // Of the eight masks the one that leaves the fewest patterns that confuse a reader.
        let masked = (0..<8).map { matrix.masked($0) }
        modules = masked.min { $0.penalty < $1.penalty }!.modules
    }

    static let dataCount = 28
    static let correctionCount = 16

    /// Mode, count, three digits in 10 bits, terminator and padding (section 7.4).
    private static func dataCodewords(_ digits: [Int]) -> [UInt8] {
        var bits: [Bool] = []
        func append(_ value: Int, _ count: Int) {
            for shift in (0..<count).reversed() { bits.append(value >> shift & 1 == 1) }
        }
        append(0b0001, 4)
        append(digits.count, 10)
        for start in stride(from: 0, to: digits.count, by: 3) {
            let group = digits[start..<min(start + 3, digits.count)]
            append(group.reduce(0) { $0 * 10 + $1 }, [4, 7, 10][group.count - 1])
        }
        append(0, min(4, dataCount * 8 - bits.count))
        append(0, (8 - bits.count % 8) % 8)
        var bytes = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
        }
        for index in 0..<(dataCount - bytes.count) { bytes.append(index % 2 == 0 ? 0xEC : 0x11) }
        return bytes
    }
}

/// The code of section 7.5 over GF(2^8) with the polynomial 0x11D.
enum ReedSolomon {
    static func remainder(of data: [UInt8], count: Int) -> [UInt8] {
        let generator = self.generator(count)
        var remainder = [UInt8](repeating: 0, count: count)
        for byte in data {
            let factor = byte ^ remainder.removeFirst()
            remainder.append(0)
            for index in 0..<count { remainder[index] ^= multiply(generator[index], factor) }
        }
        return remainder
    }

    /// The product of (x - 2^i), highest power first, without the leading 1.
    private static func generator(_ count: Int) -> [UInt8] {
        var product = [UInt8](repeating: 0, count: count - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<count {
            for index in 0..<count {
                product[index] = multiply(product[index], root)
                if index + 1 < count { product[index] ^= product[index + 1] }
            }
            root = multiply(root, 2)
        }
        return product
    }

    static func multiply(_ a: UInt8, _ b: UInt8) -> UInt8 {
        var product = 0
        for bit in (0..<8).reversed() {
            product = product << 1 ^ (product >> 7) * 0x11D
            product ^= Int(b >> UInt8(bit) & 1) * Int(a)
        }
        return UInt8(product)
    }
}
