/// `a=extmap`: the number of an RTP header extension (RFC 8285 section 5).
public struct HeaderExtension: LineValue {
    public static let form = LineForm.attribute("extmap")

    /// 1 to 14 for one-byte headers, to 255 for two-byte ones; 4096 to 4351 while it is offered.
    public var id: UInt32
    /// As after the slash: `sendonly`, …
    public var direction: Direction?
    public var uri: String
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
        let parts = try reader.word("extension id").split(
            separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        switch DecimalNumber<UInt32>(parts[0].utf8) {
        case .value(let number): id = number
        case .tooLarge: throw .numberTooLarge("extension id", at: start)
        case .notANumber: throw .badField("extension id", text: String(parts[0]), at: start)
        }
        if parts.count > 1 {
            guard let direction = Direction(rawValue: String(parts[1])) else {
                throw .badField("direction", text: String(parts[1]), at: start)
            }
            self.direction = direction
        }
        uri = try reader.word("extension URI")
        attributes = try reader.rest()
    }

    public func write(to writer: inout ValueWriter) {
        writer.number(id)
        if let direction { writer.text("/\(direction.rawValue)") }
        writer.words([uri])
        writer.word(attributes)
    }
}
