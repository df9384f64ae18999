/// How often a value fell between powers of two. A bucket holds what is at most its bound, and finding
/// it is one instruction.
public struct Histogram: Sendable, Equatable {
    /// The first bound is 2 to this power, in the histogram's unit.
    public let firstPower: Int
    /// What fell into each bucket; the last one has no bound.
    public private(set) var counts: [UInt64]
    public private(set) var sum: UInt64 = 0

    /// - Parameter powers: the bounds as powers of two: `4...20` for 16 to 1,048,576.
    /// - Precondition: they are between 0 and 62.
    public init(powers: ClosedRange<Int>) {
        precondition(powers.lowerBound >= 0 && powers.upperBound <= 62)
        firstPower = powers.lowerBound
        counts = Array(repeating: 0, count: powers.count + 1)
    }

    /// Times in microseconds, from 16 µs to 16.8 s.
    public static var microseconds: Histogram { Histogram(powers: 4...24) }

    /// - Parameter weight: how many times the value was observed.
    public mutating func observe(_ value: UInt64, weight: UInt64 = 1) {
        // The least power of two that is not below the value.
        let power = value <= 1 ? 0 : UInt64.bitWidth - (value - 1).leadingZeroBitCount
        counts[min(max(0, power - firstPower), counts.count - 1)] &+= weight
        sum &+= value &* weight
    }

    public var count: UInt64 { counts.reduce(0, &+) }

    /// The bounds, without the infinite one.
    public var bounds: [UInt64] { (0..<counts.count - 1).map { 1 << UInt64(firstPower + $0) } }
}
