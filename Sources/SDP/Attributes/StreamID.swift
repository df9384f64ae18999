/// `a=msid`: the MediaStream and track that media belongs to (RFC 8830 section 2).
public struct StreamID: LineValue {
    public static let form = LineForm.attribute("msid")

    /// The stream; `-` for none.
    public var stream: String
    /// The track.
    public var track: String?

    public init(stream: String, track: String? = nil) {
        self.stream = stream
        self.track = track
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        reader.skipSpaces()
        stream = try reader.word("stream id")
        track = try reader.optionalWord()
    }

    public func write(to writer: inout ValueWriter) {
        writer.text(stream)
        writer.word(track)
    }
}

/// `a=msid-semantic`: which streams are WebRTC's (drafts before RFC 8830; browsers still write it).
public struct StreamSemantic: LineValue {
    public static let form = LineForm.attribute("msid-semantic")

    /// `WMS`.
    public var semantic: String
    /// `*` for all.
    public var streams: [String]

    public init(_ semantic: String, _ streams: [String]) {
        self.semantic = semantic
        self.streams = streams
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        reader.skipSpaces()
        semantic = try reader.word("semantic")
        streams = try reader.words()
    }

    public func write(to writer: inout ValueWriter) {
        writer.text(semantic)
        writer.words(streams)
    }
}
