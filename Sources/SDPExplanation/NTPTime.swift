/// A point in time of `t=` and `z=` lines, as a date for people.
struct NTPTime: CustomStringConvertible {
    /// Since the start of 1900 in UTC, without leap seconds.
    private let seconds: UInt64

    init(_ seconds: UInt64) { self.seconds = seconds }

    /// `2018-01-08 10:00:00 UTC`; the seconds themselves where the year has more than four digits.
    var description: String {
        guard seconds <= Self.endOfYear9999 else { return "second \(seconds) since 1900" }
        let (day, time) = (Int(seconds / 86400), Int(seconds % 86400))
        let clock = [time / 3600, time / 60 % 60, time % 60].map { Self.padded($0, to: 2) }
        return Self.date(ofDay: day) + " " + clock.joined(separator: ":") + " UTC"
    }

    private static let endOfYear9999: UInt64 = 255_611_289_599

    /// The Gregorian date of a day since 1900-01-01. Years count from March here, so that the leap
    /// day is the last of its year.
    private static func date(ofDay day: Int) -> String {
        let sinceMarchOfYear0 = day + 693_901
        let era = sinceMarchOfYear0 / 146_097
        let dayOfEra = sinceMarchOfYear0 % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let year = era * 400 + yearOfEra + (month >= 10 ? 1 : 0)
        return [padded(year, to: 4), padded(month < 10 ? month + 3 : month - 9, to: 2)]
            .joined(separator: "-") + "-" + padded(dayOfMonth, to: 2)
    }

    private static func padded(_ number: Int, to count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}
