/// `a=rtcp-fb`: feedback that a payload type may be given (RFC 4585 section 4.2).
public struct RTCPFeedback: LineValue {
    public static let form = LineForm.attribute("rtcp-fb")

    /// A payload type, or `*` for all.
    public var format: String
    /// `nack`, `ccm`, `ack`, `trr-int`, `goog-remb`, `transport-cc`, or another.
    public var feedback: String
    /// `pli`, `fir`, `tmmbr smaxpr=120`, …
    public var parameter: String?

    public init(format: String, _ feedback: String, _ parameter: String? = nil) {
        self.format = format
        self.feedback = feedback
        self.parameter = parameter
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        format = try reader.word("payload type")
        feedback = try reader.word("feedback type")
        parameter = try reader.rest()
    }

    public func write(to writer: inout ValueWriter) {
        writer.text(format)
        writer.word(feedback)
        writer.word(parameter)
    }

    /// Nil for `*`.
    public var payloadType: UInt32? { DecimalNumber<UInt32>(format.utf8).value }
}
