/// `t=`: from when to when the session is active (RFC 8866 section 5.9).
public struct Timing: LineValue {
    public static let form = LineForm.line(.timing)

    /// In seconds since 1900; 0 for a session that is permanent or bounded by its end only.
    public var start: UInt64
    /// In seconds since 1900; 0 for no end.
    public var stop: UInt64

    public init(start: UInt64 = 0, stop: UInt64 = 0) {
        self.start = start
        self.stop = stop
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        start = try reader.number("start time")
        stop = try reader.number("stop time")
    }

    public func write(to writer: inout ValueWriter) { writer.text("\(start) \(stop)") }
}

/// `r=`: when the time before it comes again (RFC 8866 section 5.10).
///
/// Times are as they were written: seconds, or a number with `d`, `h`, `m` or `s`.
public struct RepeatTimes: LineValue {
    public static let form = LineForm.line(.repeatTimes)

    public var interval: String
    public var duration: String
    /// From the start time of the `t=` line.
    public var offsets: [String]

    public init(interval: String, duration: String, offsets: [String]) {
        self.interval = interval
        self.duration = duration
        self.offsets = offsets
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        interval = try reader.word("repeat interval")
        duration = try reader.word("active duration")
        offsets = try reader.words()
    }

    public func write(to writer: inout ValueWriter) {
        writer.text("\(interval) \(duration)")
        writer.words(offsets)
    }
}

/// `z=`: where the clocks change between repetitions (RFC 8866 section 5.11).
public struct TimeZones: LineValue {
    public static let form = LineForm.line(.timeZones)

    public struct Adjustment: Equatable, Sendable {
        /// In seconds since 1900.
        public var time: UInt64
        /// As it was written: `-1h`, `0`.
        public var offset: String

        public init(time: UInt64, offset: String) {
            self.time = time
            self.offset = offset
        }
    }

    public var adjustments: [Adjustment]

    public init(_ adjustments: [Adjustment]) { self.adjustments = adjustments }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        adjustments = []
        repeat {
            let time = try reader.number("adjustment time", as: UInt64.self)
            adjustments.append(Adjustment(time: time, offset: try reader.word("offset")))
        } while !reader.isAtEnd
    }

    public func write(to writer: inout ValueWriter) {
        for (index, adjustment) in adjustments.enumerated() {
            writer.text("\(index > 0 ? " " : "")\(adjustment.time) \(adjustment.offset)")
        }
    }
}

/// The number of seconds that a time of an `r=` or `z=` line is; nil where it is none.
public func seconds(ofTypedTime text: String) -> Int64? {
    let isNegative = text.hasPrefix("-")
    let digits = text.dropFirst(isNegative ? 1 : 0)
    let unit: Int64 =
        switch digits.last {
        case "d": 86400
        case "h": 3600
        case "m": 60
        default: 1
        }
    let hasUnit = digits.last.map { "dhms".contains($0) } ?? false
    let number = DecimalNumber<Int64>(digits.dropLast(hasUnit ? 1 : 0).utf8).value
    guard let (seconds, overflow) = number?.multipliedReportingOverflow(by: unit), !overflow else {
        return nil
    }
    return isNegative ? -seconds : seconds
}
