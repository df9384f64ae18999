internal import Crypto

/// What is in an envelope: bytes, and whether a newline followed them where they came from.
///
/// With that one bit a message that was a line prints as a line, and a file comes out as it was.
public struct Message: Equatable, Sendable {
    public var bytes: [UInt8]
    public var isLine: Bool

    public init(_ bytes: [UInt8], isLine: Bool) {
        self.bytes = bytes
        self.isLine = isLine
    }

    /// What is sealed: a kind, a length of 4 bytes, the message, and zeros up to `paddedByteCount`.
    var padded: [UInt8] {
        let length = UInt32(bytes.count)
        let paddedCount = Self.paddedByteCount(of: Self.prefixByteCount + bytes.count)
        return [UInt8](unsafeUninitializedCapacity: paddedCount) { padded, filled in
            padded.initialize(repeating: 0)
            padded[0] = isLine ? 1 : 0
            for at in 0..<4 { padded[1 + at] = UInt8(truncatingIfNeeded: length >> (24 - 8 * at)) }
            bytes.withUnsafeBufferPointer { bytes in
                _ = UnsafeMutableBufferPointer(rebasing: padded[Self.prefixByteCount...])
                    .update(from: bytes)
            }
            filled = paddedCount
        }
    }

    /// Nil where the padding is not exactly what `padded` makes of a message.
    init?(padded: [UInt8]) {
        guard padded.count >= Self.prefixByteCount, padded[0] <= 1 else { return nil }
        let count = Int(padded[1..<5].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        let end = Self.prefixByteCount + count
        guard end <= padded.count, Self.paddedByteCount(of: end) == padded.count,
            padded[end...].allSatisfy({ $0 == 0 })
        else { return nil }
        bytes = Array(padded[Self.prefixByteCount..<end])
        isLine = padded[0] == 1
    }

    private static let prefixByteCount = 5

    /// 256 for what fits; above, Padmé: no more than the upper half of a length's bits may be set,
    /// which adds at most 12 % and leaves an observer log log n bits to learn.
    static func paddedByteCount(of count: Int) -> Int {
        guard count > 256 else { return 256 }
        let exponent = Int.bitWidth - 1 - count.leadingZeroBitCount
        let significant = Int.bitWidth - exponent.leadingZeroBitCount
        let mask = (1 << (exponent - significant)) - 1
        return (count + mask) & ~mask
    }
}
