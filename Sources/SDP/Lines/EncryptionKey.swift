/// `k=`: a key for the media, which RFC 8866 section 5.12 only reads and never writes.
public struct EncryptionKey: LineValue {
    public static let form = LineForm.line(.key)

    /// `clear`, `base64`, `uri` or `prompt`.
    public var method: String
    public var key: String?

    public init(_ method: String, _ key: String? = nil) {
        self.method = method
        self.key = key
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        method = try reader.word("key method", before: 0x3a)
        key = try reader.rest()
    }

    public func write(to writer: inout ValueWriter) {
        writer.text(method)
        if let key { writer.text(":\(key)") }
    }
}
