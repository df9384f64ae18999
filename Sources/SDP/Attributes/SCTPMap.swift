/// `a=sctpmap`: what runs on an SCTP port, as the drafts before RFC 8841 wrote it.
public struct SCTPMap: LineValue {
    public static let form = LineForm.attribute("sctpmap")

    /// The port, as in the `m=` line's format.
    public var port: UInt16
    /// `webrtc-datachannel`.
    public var application: String
    public var streamCount: UInt32?

    public init(port: UInt16, application: String, streamCount: UInt32? = nil) {
        self.port = port
        self.application = application
        self.streamCount = streamCount
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        port = try reader.number("port")
        application = try reader.word("application")
        if !reader.isAtEnd { streamCount = try reader.number("number of streams") }
    }

    public func write(to writer: inout ValueWriter) {
        writer.text("\(port) \(application)")
        if let streamCount { writer.text(" \(streamCount)") }
    }
}
