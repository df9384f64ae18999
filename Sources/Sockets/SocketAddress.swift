internal import CLinux
internal import Glibc

/// An IPv4 or IPv6 address with a port.
public struct SocketAddress: Hashable, Sendable {
    /// A `sockaddr_in` or `sockaddr_in6`, as the system takes it.
    let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    init(_ address: UnsafePointer<sockaddr>, byteCount: Int) {
        bytes = Array(UnsafeRawBufferPointer(start: address, count: byteCount))
    }

    /// Reads `127.0.0.1:3333`, `[::1]:3333`, `*:3333`, `localhost:3333` or `:3333`. An empty host and `*` mean all
    /// addresses of the machine, IPv4 as well as IPv6. Other names are not looked up.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
        self.init(host: String(host), port: port)
    }

    /// - Parameter host: an address in digits, `localhost` (which is 127.0.0.1), or `*`.
    public init?(host: String, port: UInt16) {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = port.bigEndian
        if inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &four.sin_addr) == 1 {
            bytes = withUnsafeBytes(of: four) { Array($0) }
            return
        }
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = port.bigEndian
        let digits = host.isEmpty || host == "*" ? "::" : host
        guard inet_pton(AF_INET6, digits, &six.sin6_addr) == 1 else { return nil }
        bytes = withUnsafeBytes(of: six) { Array($0) }
    }

    /// The four or sixteen bytes of the address; four of one mapped into IPv6.
    public var octets: [UInt8] {
        let address = Array(isIPv6 ? bytes[8..<24] : bytes[4..<8])
        return address.starts(with: Self.mappedPrefix) ? Array(address.suffix(4)) : address
    }

    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

    var family: CInt { CInt(bytes[0]) | CInt(bytes[1]) << 8 }

    public var isIPv6: Bool { family == AF_INET6 }

    public var port: UInt16 { UInt16(bytes[2]) << 8 | UInt16(bytes[3]) }

    /// The address in digits, without brackets. An IPv4 address mapped into IPv6 is shown as IPv4.
    public var host: String {
        let address = octets
        if address.count == 4 { return address.map(String.init).joined(separator: ".") }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(AF_INET6, address, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether the address is one of the machine itself: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        bytes.withUnsafeBytes { raw in
            body(raw.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
        }
    }

    /// Asks the system for the address of one end of a socket.
    static func of(
        _ descriptor: CInt,
        _ ask: (CInt, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt
    ) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout.size(ofValue: storage))
        let bytes: [UInt8]? = withUnsafeMutableBytes(of: &storage) { raw in
            let address = raw.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            guard ask(descriptor, address, &length) == 0 else { return nil }
            return Array(raw.prefix(Int(length)))
        }
        guard let bytes, bytes.count >= MemoryLayout<sockaddr_in>.size else { return nil }
        return SocketAddress(bytes: bytes)
    }
}

extension SocketAddress: CustomStringConvertible {
    public var description: String {
        let host = host
        return host.contains(where: { $0 == ":" }) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
