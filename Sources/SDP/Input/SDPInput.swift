/// What an input holds: descriptions, and candidates that were sent by themselves.
///
/// It may be SDP, candidate lines with or without `a=`, JSON such as `{"type","sdp"}` and
/// `{"candidate","sdpMid","sdpMLineIndex"}` at any depth, a Socket.IO frame with that inside, the
/// JSON form, Base64 of any of these, SDP with `\r\n` written out, the literals of a program, a SIP
/// message, or a log that has any of these in it, also several.
public enum SDPInput: Equatable, Sendable {
    /// - Parameter sdpType: `offer`, `answer`, … where the wrapping says so.
    case description(SessionDescription, sdpType: String?)
    case candidate(TrickledCandidate)
    /// What is wrong with one of several; the others are there.
    case fault(SDPError)

    /// All that the bytes hold, in order.
    ///
    /// - Throws: where they hold nothing, the best reason: `empty`, `notSDP`, `notJSON`,
    ///   `noDescription`, or what is wrong with a JSON form.
    public static func read(_ bytes: [UInt8]) throws(SDPError) -> [SDPInput] {
        var reader = InputReader()
        try reader.read(bytes[...])
        return reader.found
    }

    /// Whether a first line is a whole input by itself, so that each line after it is one too; false
    /// for the first line of SDP, and of JSON over several lines.
    public static func isWhole(line: some Collection<UInt8>) -> Bool {
        let line = Array(line)
        guard let start = InputReader.startOfJSON(line[...]) else { return false }
        return !isFirstLiteral(line[start...]) && InputReader.isWholeJSON(line[start...])
    }

    /// Whether the literal of a description's first line alone is there, which others follow.
    private static func isFirstLiteral(_ text: ArraySlice<UInt8>) -> Bool {
        let text = text.trimmingWhiteSpace
        return ["v=0", #"v=0\n"#, #"v=0\r\n"#].contains { text.elementsEqual("\"\($0)\"".utf8) }
    }

    /// Whether a description begins with this line and goes on in others: `v=0`, whatever stands
    /// before it, and no JSON.
    public static func beginsDescription(line: some Collection<UInt8>) -> Bool {
        let line = Array(line)
        guard line.count >= 3, line[0] != 0x7b, line[0] != 0x22 else { return false }
        return InputReader.startOfDescription(in: line, from: line.count &- 3) != nil
    }

    /// Whether a line is a packet of Engine.IO or Socket.IO that carries no message: open, close,
    /// ping, pong, upgrade, noop, connect, disconnect.
    public static func isTransportPacket(_ line: some Collection<UInt8>) -> Bool {
        let line = Array(line).trimmingWhiteSpace
        if ["1", "2", "3", "5", "6", "2probe", "3probe"].contains(where: {
            line.elementsEqual($0.utf8)
        }) {
            return true
        }
        guard line.first == 0x30 || line.starts(with: "40".utf8) || line.starts(with: "41".utf8)
        else { return false }
        let rest = line.dropFirst(line.first == 0x30 ? 1 : 2)
        if line.first != 0x30, rest.isEmpty || rest.first == 0x2f { return true }
        return rest.first == 0x7b && InputReader.isWholeJSON(rest)
    }
}

/// A candidate that was sent apart from its description (RFC 8838), as RTCIceCandidateInit.
public struct TrickledCandidate: Equatable, Sendable {
    /// The line, with `a=` before it; nil for the end of candidates.
    public var line: Line?
    public var sdpMid: String?
    public var sdpMLineIndex: UInt32?
    public var usernameFragment: String?

    public init(
        line: Line?, sdpMid: String? = nil, sdpMLineIndex: UInt32? = nil,
        usernameFragment: String? = nil
    ) {
        self.line = line
        self.sdpMid = sdpMid
        self.sdpMLineIndex = sdpMLineIndex
        self.usernameFragment = usernameFragment
    }

    /// The text as browsers give it: `candidate:…`, with or without `a=`; empty for the end.
    init(text: some Collection<UInt8>, number: Int = 0) {
        let text = Array(text).trimmingWhiteSpace
        if text.isEmpty || text.elementsEqual("a=end-of-candidates".utf8) {
            self.init(line: nil)
            return
        }
        let prefix = text.starts(with: "a=".utf8) ? [] : Array("a=".utf8)
        self.init(line: Line(content: prefix + text, ending: .none, number: number))
    }

    public var isEndOfCandidates: Bool { line == nil }

    /// What the line says.
    ///
    /// - Returns: nil for the end of candidates.
    public func candidate() throws(SDPError) -> Candidate? {
        guard let line else { return nil }
        return try line.value(as: Candidate.self)
    }
}
