internal import SDP

// Pseudonyms for addresses reach as far as they do: a private address stays private, so that what is
// said about candidates still holds.
extension IPAddress {
    /// The zone says which interface it is, of a machine that nobody is to know.
    init?(withoutZone text: some StringProtocol) { self.init(String(text.prefix { $0 != "%" })) }

    var text: String {
        if !isVersion6 { return bytes.map { String($0) }.joined(separator: ".") }
        if let mapped { return "::ffff:\(mapped.text)" }
        return stride(from: 0, to: 16, by: 2).map {
            String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
        }.joined(separator: ":")
    }

    /// An address that stands for this one; nil for those that tell nothing: any, loopback, broadcast.
    func replaced(by pseudonyms: Pseudonyms) -> IPAddress? {
        if let mapped {
            return mapped.replaced(by: pseudonyms).map {
                IPAddress(bytes: Array(bytes.prefix(12)) + $0.bytes)
            }
        }
        guard let kept = keptPrefix else { return nil }
        var draw = pseudonyms.draw(isVersion6 ? .ip6 : .ip4, bytes)
        var new = bytes.map { _ in draw.byte() }
        for (index, byte) in kept.bytes.enumerated() { new[index] = byte }
        if let (index, mask, value) = kept.partial {
            new[index] = new[index] & ~mask | value & mask
        }
        // No broadcast and no network address.
        if new[new.count - 1] == 0 || new[new.count - 1] == 0xff { new[new.count - 1] = 1 }
        return IPAddress(bytes: new)
    }

    /// What the pseudonym begins with.
    private typealias Prefix = (bytes: [UInt8], partial: (Int, mask: UInt8, value: UInt8)?)

    private var keptPrefix: Prefix? { isVersion6 ? prefixOfVersion6 : prefixOfVersion4 }

    private var prefixOfVersion4: Prefix? {
        switch (bytes[0], bytes[1]) {
        case (0, _), (127, _), (255, _): nil
        case (10, _): ([10], nil)
        case (192, 168): ([192, 168], nil)
        case (172, 16...31): ([172], (1, 0xf0, 16))
        case (169, 254): ([169, 254], nil)
        case (100, 64...127): ([100], (1, 0xc0, 64))
        case (224...239, _): ([239], nil)
        // 198.18.0.0/15 is nobody's (RFC 2544), and has room where documentation's 768 addresses
        // would often stand for two.
        default: ([198], (1, 0xfe, 18))
        }
    }

    private var prefixOfVersion6: Prefix? {
        if bytes.prefix(15).allSatisfy({ $0 == 0 }), bytes[15] <= 1 { return nil }
        return switch (bytes[0], bytes[1]) {
        case (0xfe, 0x80...0xbf): ([0xfe, 0x80, 0, 0, 0, 0, 0, 0], nil)
        case (0xfc...0xfd, _): ([0xfd], nil)
        case (0xff, let scope): ([0xff, scope], nil)
        default: ([0x20, 0x01, 0x0d, 0xb8], nil)
        }
    }
}

extension Pseudonyms {
    /// For an address in a field of its own: IPv4, IPv6, a name that mDNS resolves, or a host's name.
    func address(_ text: some StringProtocol) -> String {
        if let address = IPAddress(withoutZone: text) {
            return address.replaced(by: self)?.text ?? String(text.prefix { $0 != "%" })
        }
        if text == "0" || text == "-" || text == "*" || text.isEmpty || text == "localhost" {
            return String(text)
        }
        let name = text.lowercased()
        if name.hasSuffix(".local") { return word(.hostName, name.dropLast(6)) + ".local" }
        return self.name(.hostName, name.utf8, prefix: "host") + ".example"
    }
}
