internal import Clock

/// A point in time of `t=` and `z=` lines, as a date for people.
struct NTPTime: CustomStringConvertible {
    /// Since the start of 1900 in UTC, without leap seconds.
    private let seconds: UInt64

    init(_ seconds: UInt64) { self.seconds = seconds }

    /// `2018-01-08 10:00:00 UTC`; the seconds themselves where the year has more than four digits.
    var description: String {
        guard seconds <= Self.endOfYear9999 else { return "second \(seconds) since 1900" }
        let time = Timestamp(seconds: Int64(seconds) - Self.startOf1970).description
        return "\(time.prefix(10)) \(time.dropFirst(11).prefix(8)) UTC"
    }

    private static let endOfYear9999: UInt64 = 255_611_289_599
    private static let startOf1970: Int64 = 2_208_988_800
}
