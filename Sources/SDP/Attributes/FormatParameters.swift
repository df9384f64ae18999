/// `a=fmtp`: the parameters of a format (RFC 8866 section 6.15).
public struct FormatParameters: LineValue {
    public static let form = LineForm.attribute("fmtp")

    /// The payload type, or another format of the `m=` line.
    public var format: String
    public var parameters: Parameters

    public init(format: String, _ parameters: Parameters) {
        self.format = format
        self.parameters = parameters
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        format = try reader.word("format")
        parameters = try reader.parameters(separator: 0x3b)
    }

    public func write(to writer: inout ValueWriter) {
        writer.text(format)
        if !parameters.isEmpty { writer.word(parameters.text(separator: ";")) }
    }

    public var payloadType: UInt32? { DecimalNumber<UInt32>(format.utf8).value }
}
