/// `a=ssrc`: an attribute of one RTP source (RFC 5576 section 4.1).
public struct SourceAttribute: LineValue {
    public static let form = LineForm.attribute("ssrc")

    public var ssrc: UInt32
    /// `cname`, `msid`, …
    public var name: String
    /// What follows the colon; nil where there is none.
    public var value: String?

    public init(ssrc: UInt32, _ name: String, _ value: String? = nil) {
        self.ssrc = ssrc
        self.name = name
        self.value = value
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        ssrc = try reader.number("SSRC")
        name = try reader.word("source attribute", before: 0x3a)
        value = try reader.rest()
    }

    public func write(to writer: inout ValueWriter) {
        writer.text("\(ssrc) \(name)")
        if let value { writer.text(":\(value)") }
    }
}

/// `a=ssrc-group`: sources that belong together (RFC 5576 section 4.2).
public struct SourceGroup: LineValue {
    public static let form = LineForm.attribute("ssrc-group")

    /// `FID` (a stream and its retransmissions), `FEC-FR`, `SIM`, …
    public var semantics: String
    public var ssrcs: [UInt32]

    public init(_ semantics: String, _ ssrcs: [UInt32]) {
        self.semantics = semantics
        self.ssrcs = ssrcs
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        semantics = try reader.word("semantics")
        ssrcs = []
        while !reader.isAtEnd { ssrcs.append(try reader.number("SSRC")) }
    }

    public func write(to writer: inout ValueWriter) {
        writer.text(semantics)
        writer.words(ssrcs.map { String($0) })
    }
}
