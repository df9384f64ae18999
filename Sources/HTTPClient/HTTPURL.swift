internal import HTTP

/// An `http` or `https` URL (RFC 9110 section 4.2): a server and what to ask it for.
public struct HTTPURL: Hashable, Sendable {
    public let origin: Origin
    /// Path and query as they were written; `/` where there are none.
    public let path: String

    /// Nil for another scheme, a user name, a fragment, or what no request could carry.
    public init?(_ text: String) {
        guard let scheme = text.firstIndex(of: ":"), text[scheme...].hasPrefix("://") else {
            return nil
        }
        let rest = text[scheme...].dropFirst(3)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        guard text.lowercased().hasPrefix("http"), let origin = Origin(String(text[..<end]))
        else { return nil }
        let path = rest[end...]
        self.origin = origin
        self.path = path.first == "/" ? String(path) : "/" + path
        guard (try? Target(self.path)) != nil else { return nil }
    }
}

extension HTTPURL: CustomStringConvertible {
    public var description: String { "\(origin)\(path)" }
}
