/// Where a server is: the scheme, host and port of its URL (RFC 6454 section 4).
public struct Origin: Hashable, Sendable {
    public let isSecure: Bool
    /// A name in lower case, or an address in digits, without brackets.
    public let host: String
    public let port: UInt16

    /// Reads `https://relay.example`, `http://127.0.0.1:3333`, `wss://[::1]:5000/`. A path other
    /// than `/`, a query or a user name is refused, since none of them would be used.
    public init?(_ text: String) {
        guard let (scheme, rest) = Self.split(text),
            let (host, port) = Self.authority(rest.hasSuffix("/") ? rest.dropLast() : rest)
        else { return nil }
        switch scheme {
        case "http", "ws": isSecure = false
        case "https", "wss": isSecure = true
        default: return nil
        }
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
    }

    private static func split(_ text: String) -> (scheme: String, rest: Substring)? {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
            return nil
        }
        return (text[..<colon].lowercased(), text[colon...].dropFirst(3))
    }

    private static func authority(_ text: Substring) -> (host: String, port: UInt16?)? {
        var host = text
        var port: UInt16?
        // A colon inside brackets belongs to an IPv6 address.
        if let colon = text.lastIndex(of: ":"), !text[colon...].contains(where: { $0 == "]" }) {
            guard let number = UInt16(text[text.index(after: colon)...]), number > 0 else {
                return nil
            }
            port = number
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(where: { $0 == ":" }), host.utf8.allSatisfy(isAddressByte) else {
                return nil
            }
        } else {
            guard host.utf8.allSatisfy(isNameByte) else { return nil }
        }
        return host.isEmpty || host.utf8.count > 253 ? nil : (host.lowercased(), port)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
        default: false
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x3a, 0x41...0x46, 0x61...0x66, 0x2e: true
        default: false
        }
    }

    private var bracketedHost: String { host.contains(where: { $0 == ":" }) ? "[\(host)]" : host }

    /// What the Host field of a request says (RFC 9110 section 7.2).
    public var hostField: String {
        port == (isSecure ? 443 : 80) ? bracketedHost : "\(bracketedHost):\(port)"
    }
}

extension Origin: CustomStringConvertible {
    public var description: String { "\(isSecure ? "https" : "http")://\(hostField)" }
}
