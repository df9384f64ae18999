/// `a=group`: media descriptions that belong together (RFC 5888 section 5).
public struct Group: LineValue {
    public static let form = LineForm.attribute("group")

    /// `BUNDLE` (RFC 9143), `LS`, `FID`, …
    public var semantics: String
    /// The identification tags (`mid`) of its members.
    public var mids: [String]

    public init(_ semantics: String, _ mids: [String]) {
        self.semantics = semantics
        self.mids = mids
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        semantics = try reader.word("semantics")
        mids = try reader.words()
    }

    public func write(to writer: inout ValueWriter) {
        writer.text(semantics)
        writer.words(mids)
    }
}
