internal import EngineIO
internal import HTTP
internal import Sockets

/// The proxies of `--trusted-proxy`, which say in each request for whom they send it.
struct TrustedProxies: Equatable {
    private let networks: [Network]

    /// - Parameter texts: addresses, or networks with the length of their prefix: 10.0.0.0/8.
    init(_ texts: [String]) throws(RelayOptionError) {
        var networks: [Network] = []
        for text in texts {
            guard let network = Network(text) else { throw .badProxy(text) }
            networks.append(network)
        }
        self.networks = networks
    }

    /// For the protocols below; nil without any.
    var rule: Proxies? {
        guard !networks.isEmpty else { return nil }
        return Proxies(contains: { contains($0) }, client: { client(of: $0, from: $1) })
    }

    func contains(_ address: String) -> Bool {
        guard let octets = Self.octets(of: address[...]) else { return false }
        return networks.contains { $0.contains(octets) }
    }

    /// The address of the client that a request came from, which came from the address `remote`.
    ///
    /// Each proxy adds at the right whom it got the request from, and what stands left of the last
    /// one that is trusted anybody could have written. An entry that hides the address leaves the
    /// proxy's. `X-Forwarded-For` is taken before `Forwarded` (RFC 7239), since a proxy that writes
    /// the former often lets the client's own `Forwarded` pass.
    func client(of fields: Fields, from remote: String) -> String {
        guard contains(remote) else { return remote }
        var entries = Self.entriesFromEnd(of: fields.values("X-Forwarded-For")).map { $0[...] }
        if entries.isEmpty {
            entries = Self.entriesFromEnd(of: fields.values("Forwarded")).map(Self.identifier)
        }
        var client = remote
        for entry in entries {
            // Nobody but the machine itself is at a loopback address, and it is spared limits.
            guard let address = Self.address(entry), contains(address.host) || !address.isLoopback
            else { return client }
            client = address.host
            guard contains(client) else { return client }
        }
        return client
    }

    // MARK: Reading

    /// The entries of lists with commas between, outside of quotes; the last one first.
    ///
    /// They are read from the end, where the proxies wrote: a quote that a client opened and never
    /// closed hides nothing of that.
    private static func entriesFromEnd(of lists: [String]) -> [String] {
        var entries: [[Character]] = [[]]
        var isQuoted = false
        for character in lists.joined(separator: ",").reversed() {
            if character == "\"" { isQuoted.toggle() }
            if character == ",", !isQuoted {
                entries.append([])
            } else if character != " ", character != "\t" {
                entries[entries.count - 1].append(character)
            }
        }
        return entries.filter { !$0.isEmpty }.map { String($0.reversed()) }
    }

    /// What stands after `for=` in an element of `Forwarded`, without quotes.
    private static func identifier(_ element: String) -> Substring {
        for pair in element.split(separator: ";") where pair.lowercased().hasPrefix("for=") {
            let value = pair.dropFirst(4)
            return value.hasPrefix("\"") && value.hasSuffix("\"") && value.count > 1
                ? value.dropFirst().dropLast() : value
        }
        return ""
    }

    /// An address as it stands there: 192.0.2.1, 192.0.2.1:47011, 2001:db8::1, [2001:db8::1]:47011.
    private static func address(_ text: Substring) -> SocketAddress? {
        if text.hasPrefix("[") {
            return SocketAddress(digits: text.dropFirst().prefix { $0 != "]" })
        }
        let isFour = text.utf8.count { $0 == 0x3a } == 1
        return SocketAddress(digits: isFour ? text.prefix { $0 != ":" } : text)
    }

    fileprivate static func octets(of digits: Substring) -> [UInt8]? {
        SocketAddress(digits: digits)?.octets
    }

    /// Addresses that begin alike.
    private struct Network: Equatable {
        let octets: [UInt8]
        let bitCount: Int

        init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard let octets = TrustedProxies.octets(of: parts[0]), parts.count <= 2 else {
                return nil
            }
            self.octets = octets
            guard parts.count == 2 else {
                bitCount = octets.count * 8
                return
            }
            guard let count = Int(parts[1]), (0...octets.count * 8).contains(count) else {
                return nil
            }
            bitCount = count
        }

        func contains(_ address: [UInt8]) -> Bool {
            guard address.count == octets.count else { return false }
            return (0..<bitCount).allSatisfy { bit in
                (address[bit / 8] ^ octets[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
            }
        }
    }
}

extension SocketAddress {
    /// An address in digits, and nothing else.
    fileprivate init?(digits: Substring) {
        guard digits.contains(where: { $0 == "." || $0 == ":" }) else { return nil }
        self.init(host: String(digits), port: 0)
    }
}
