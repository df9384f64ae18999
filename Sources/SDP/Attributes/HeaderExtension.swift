/// `a=extmap`: the number of an RTP header extension (RFC 8285 section 5).
public struct HeaderExtension: LineValue {
    public static let form = LineForm.attribute("extmap")

    /// 1 to 14 for one-byte headers, to 255 for two-byte ones; 4096 to 4351 while it is offered.
    public var id: UInt32
    /// As after the slash: `sendonly`, …
    public var direction: Direction?
    public var uri: String
    /// What the extension's own specification puts behind its URI.
    public var attributes: String?

    public init(
        id: UInt32, direction: Direction? = nil, uri: String, attributes: String? = nil
    ) {
        self.id = id
        self.direction = direction
        self.uri = uri
        self.attributes = attributes
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        let start = reader.position
        id = try reader.number("extension id", endingAt: 0x2f)
        if reader.takeIf(0x2f) {
            let name = try reader.word("direction")
            guard let direction = Direction(rawValue: name) else {
                throw .badField("direction", text: name, at: start)
            }
            self.direction = direction
        }
        reader.skipSpaces()
        uri = try reader.word("extension URI")
        attributes = try reader.rest()
    }

    public func write(to writer: inout ValueWriter) {
        writer.number(id)
        if let direction { writer.text("/\(direction.rawValue)") }
        writer.word(uri)
        writer.word(attributes)
    }
}
