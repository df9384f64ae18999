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
        writer.words([feedback])
        writer.word(parameter)
    }

    /// Nil for `*`.
    public var payloadType: UInt32? { DecimalNumber<UInt32>(format.utf8).value }
}

/// `a=rtcp`: where RTCP goes, when not to the port after RTP's (RFC 3605).
public struct RTCPPort: LineValue {
    public static let form = LineForm.attribute("rtcp")

    public var port: UInt16
    public var networkType: String?
    public var addressType: String?
    public var address: String?

    public init(
        port: UInt16, networkType: String? = nil, addressType: String? = nil,
        address: String? = nil
    ) {
        self.port = port
        self.networkType = networkType
        self.addressType = addressType
        self.address = address
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        port = try reader.number("port")
        guard !reader.isAtEnd else { return }
        networkType = try reader.word("network type")
        addressType = try reader.word("address type")
        address = try reader.word("address")
    }

    public func write(to writer: inout ValueWriter) {
        writer.number(port)
        writer.word(networkType)
        writer.word(addressType)
        writer.word(address)
    }
}
