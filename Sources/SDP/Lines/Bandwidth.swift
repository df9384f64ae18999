/// `b=`: the bandwidth that the session or the media is to use (RFC 8866 section 5.8).
public struct Bandwidth: LineValue {
    public static let form = LineForm.line(.bandwidth)

    /// `CT` and `AS` count kbit/s, `TIAS` (RFC 3890), `RS` and `RR` (RFC 3556) bit/s.
    public var modifier: String
    public var value: UInt64

    public init(_ modifier: String, _ value: UInt64) {
        self.modifier = modifier
        self.value = value
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        modifier = try reader.word("bandwidth type", before: 0x3a)
        value = try reader.number("bandwidth")
    }

    public func write(to writer: inout ValueWriter) { writer.text("\(modifier):\(value)") }

    /// In bit/s; nil where the modifier is not known or the number is beyond 64 bits.
    public var bitsPerSecond: UInt64? {
        switch modifier {
        case "CT", "AS":
            let (bits, overflow) = value.multipliedReportingOverflow(by: 1000)
            return overflow ? nil : bits
        case "TIAS", "RS", "RR": return value
        default: return nil
        }
    }
}
