/// `m=`: what is sent, to which port, over which protocol, in which formats (RFC 8866 section 5.14).
public struct MediaLine: LineValue {
    public static let form = LineForm.line(.media)

    /// `audio`, `video`, `text`, `application`, `message`, `image`, or another.
    public var kind: String
    /// 0 for media that is refused or was taken away (RFC 3264 section 6), and for bundle-only.
    public var port: UInt16
    /// How many port pairs are used; nil is one.
    public var portCount: UInt32?
    public var transport: MediaProtocol
    /// Payload types for RTP; for other protocols what their RFC says.
    public var formats: [String]

    public init(
        kind: String, port: UInt16, portCount: UInt32? = nil, transport: MediaProtocol,
        formats: [String]
    ) {
        self.kind = kind
        self.port = port
        self.portCount = portCount
        self.transport = transport
        self.formats = formats
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        kind = try reader.word("media type")
        port = try reader.number("port", endingAt: 0x2f)
        if reader.takeIf(0x2f) { portCount = try reader.number("number of ports") }
        reader.skipSpaces()
        transport = MediaProtocol(try reader.word("protocol"))
        formats = try reader.words()
    }

    public func write(to writer: inout ValueWriter) {
        writer.text("\(kind) \(port)")
        if let portCount { writer.text("/\(portCount)") }
        writer.word(transport.text)
        writer.words(formats)
    }

    /// The formats that are payload types (0 to 127), of a protocol that carries RTP.
    public var payloadTypes: [UInt8] {
        guard transport.isRTP else { return [] }
        var types: [UInt8] = []
        types.reserveCapacity(formats.count)
        for format in formats {
            if let type = DecimalNumber<UInt8>(format.utf8).value, type < 128 { types.append(type) }
        }
        return types
    }
}

extension MediaDescription {
    /// What the `m=` line says; nil where its fields are wrong.
    public var media: MediaLine? {
        get { first() }
        set { set(newValue, as: MediaLine.self) }
    }

    /// `audio`, `video`, …; nil where the fields of the `m=` line are wrong.
    public var kind: String? { media?.kind }
}
