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
