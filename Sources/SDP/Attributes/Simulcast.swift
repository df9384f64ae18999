/// `a=rid`: a restricted RTP stream (RFC 8851 section 4).
public struct RestrictionID: LineValue {
    public static let form = LineForm.attribute("rid")

    public var id: String
    /// `send` or `recv`.
    public var direction: StreamDirection
    /// `pt` and the restrictions: `max-width`, `max-fps`, …
    public var parameters: Parameters

    public init(id: String, _ direction: StreamDirection, _ parameters: Parameters = Parameters()) {
        self.id = id
        self.direction = direction
        self.parameters = parameters
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        id = try reader.word("rid")
        direction = try reader.streamDirection()
        parameters = try reader.parameters(separator: 0x3b)
    }

    public func write(to writer: inout ValueWriter) {
        writer.text("\(id) \(direction.rawValue)")
        if !parameters.isEmpty { writer.word(parameters.text(separator: ";")) }
    }

    /// The payload types it is for; empty for all.
    public var payloadTypes: [UInt32] {
        (parameters["pt"] ?? "").split(separator: ",")
            .compactMap { DecimalNumber<UInt32>($0.utf8).value }
    }
}

/// The way of a stream, as the side that writes the line sees it (RFC 8851 section 4).
public enum StreamDirection: String, Sendable {
    case send, recv
}

/// `a=simulcast`: streams of one source in several encodings (RFC 8853 section 5.1).
public struct Simulcast: LineValue {
    public static let form = LineForm.attribute("simulcast")

    /// One stream as it may be sent: a rid, with `~` before it where it is paused at first.
    public struct Alternative: Equatable, Sendable {
        public var rid: String
        public var isPaused: Bool

        public init(_ rid: String, isPaused: Bool = false) {
            self.rid = rid
            self.isPaused = isPaused
        }
    }

    /// Streams at the same time, each with its alternatives, the preferred first.
    public var send: [[Alternative]]
    public var recv: [[Alternative]]

    public init(send: [[Alternative]] = [], recv: [[Alternative]] = []) {
        self.send = send
        self.recv = recv
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        (send, recv) = ([], [])
        repeat {
            let start = reader.position
            let direction = try reader.streamDirection()
            let streams = try Self.streams(&reader)
            switch direction {
            case .send where send.isEmpty: send = streams
            case .recv where recv.isEmpty: recv = streams
            default: throw .unexpectedText(direction.rawValue, at: start)
            }
        } while !reader.isAtEnd
    }

    private static func streams(
        _ reader: inout ValueReader
    ) throws(SDPError) -> [[Alternative]] {
        let start = reader.position
        let text = try reader.word("simulcast streams")
        var streams: [[Alternative]] = []
        for stream in text.split(separator: ";", omittingEmptySubsequences: false) {
            var alternatives: [Alternative] = []
            for item in stream.split(separator: ",", omittingEmptySubsequences: false) {
                let isPaused = item.hasPrefix("~")
                let rid = item.dropFirst(isPaused ? 1 : 0)
                guard !rid.isEmpty, rid.utf8.allSatisfy(\.isRIDCharacter) else {
                    throw .badField("rid", text: String(item), at: start)
                }
                alternatives.append(Alternative(String(rid), isPaused: isPaused))
            }
            streams.append(alternatives)
        }
        return streams
    }

    public func write(to writer: inout ValueWriter) {
        let lists = [("send", send), ("recv", recv)].filter { !$0.1.isEmpty }
        writer.text(
            lists.map { direction, streams in
                let texts = streams.map { stream in
                    stream.map { ($0.isPaused ? "~" : "") + $0.rid }.joined(separator: ",")
                }
                return direction + " " + texts.joined(separator: ";")
            }.joined(separator: " "))
    }
}

extension ValueReader {
    fileprivate mutating func streamDirection() throws(SDPError) -> StreamDirection {
        let start = position
        let text = try word("direction")
        guard let direction = StreamDirection(rawValue: text) else {
            throw .badField("direction", text: text, at: start)
        }
        return direction
    }
}

extension UInt8 {
    /// `alpha-numeric / "-" / "_"` (RFC 8851 section 10).
    fileprivate var isRIDCharacter: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
        default: false
        }
    }
}
