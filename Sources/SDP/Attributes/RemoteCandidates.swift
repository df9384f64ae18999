/// `a=remote-candidates`: what the answerer is to use (RFC 8839 section 5.2).
public struct RemoteCandidates: LineValue {
    public static let form = LineForm.attribute("remote-candidates")

    public struct Remote: Equatable, Sendable {
        public var component: UInt16
        public var address: String
        public var port: UInt16

        public init(component: UInt16, address: String, port: UInt16) {
            self.component = component
            self.address = address
            self.port = port
        }
    }

    public var candidates: [Remote]

    public init(_ candidates: [Remote]) { self.candidates = candidates }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        candidates = []
        repeat {
            candidates.append(
                Remote(
                    component: try reader.number("component"),
                    address: try reader.word("address"), port: try reader.number("port")))
        } while !reader.isAtEnd
    }

    public func write(to writer: inout ValueWriter) {
        let texts = candidates.map { "\($0.component) \($0.address) \($0.port)" }
        writer.text(texts.joined(separator: " "))
    }
}
