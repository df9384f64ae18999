/// What a request asks for: origin-form or absolute-form (RFC 9112 section 3.2), taken apart.
public struct Target: Equatable, Sendable {
    /// The path as it was sent, percent signs and all. Starts with `/`; `*` for the asterisk-form.
    public let rawPath: String
    /// The path, decoded. A `/` in it may have been `%2F`: route by `segments`.
    public let path: String
    public let query: Query

    /// The decoded parts between the slashes: `/a/b%2Fc` has `a` and `b/c`.
    public var segments: [String] {
        rawPath.utf8.split(separator: 0x2f).map { percentDecoded($0) ?? "" }
    }

    /// - Throws: `malformedTarget` for another form, a fragment, a byte that is not a visible
    ///   ASCII character, and bad percent-encoding.
    public init(_ text: String) throws(HTTPError) {
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x23 }) else {
            throw .malformedTarget
        }
        let origin = try Self.originForm(of: text[...])
        let rawPath = origin.utf8.prefix { $0 != 0x3f }
        let rawQuery = origin.utf8.dropFirst(rawPath.count + 1)
        guard let path = percentDecoded(rawPath), let query = Query(Substring(rawQuery)) else {
            throw .malformedTarget
        }
        self.rawPath = String(Substring(rawPath))
        self.path = path
        self.query = query
    }

    private static func originForm(of text: Substring) throws(HTTPError) -> Substring {
        if text == "*" || text.utf8.first == 0x2f { return text }
        for scheme in ["http://", "https://"] where text.lowercased().hasPrefix(scheme) {
            let rest = text.dropFirst(scheme.count)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            guard !authority.isEmpty else { throw .malformedTarget }
            let origin = rest[authority.endIndex...]
            return origin.utf8.first == 0x2f ? origin : "/" + origin
        }
        throw .malformedTarget
    }
}
