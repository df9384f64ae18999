/// Reads and writes IP addresses, and finds pseudonyms for them that reach as far as they do: a
/// private address stays private, so that what is said about candidates still holds.
struct IPAddress: Hashable {
    /// Four bytes or sixteen.
    let bytes: [UInt8]

    init?(_ text: some StringProtocol) {
        // The zone says which interface it is, of a machine that nobody is to know.
        let address = text.prefix { $0 != "%" }
        guard address.utf8.count <= 45, let bytes = Self.four(address) ?? Self.sixteen(address)
        else { return nil }
        self.bytes = bytes
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private static func four(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false)
        let bytes = parts.compactMap { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt8(part) : nil
        }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    private static func sixteen(_ text: some StringProtocol) -> [UInt8]? {
        guard text.contains(":") else { return nil }
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        let gap = groups.indices.first { $0 > 0 && groups[$0].isEmpty && $0 < groups.count - 1 }
        guard let gap else { return bytes(of: groups[...]).flatMap { $0.count == 16 ? $0 : nil } }
        // `::` at an end leaves an empty group there as well.
        let before = gap == 1 && groups[0].isEmpty ? [] : groups[..<gap]
        let isAtEnd = gap == groups.count - 2 && groups[groups.count - 1].isEmpty
        let after = isAtEnd ? [] : groups[(gap + 1)...]
        guard let start = bytes(of: before), let end = bytes(of: after),
            start.count + end.count <= 14
        else { return nil }
        return start + [UInt8](repeating: 0, count: 16 - start.count - end.count) + end
    }

    private static func bytes(of groups: ArraySlice<some StringProtocol>) -> [UInt8]? {
        var bytes: [UInt8] = []
        for (index, group) in groups.enumerated() {
            if index == groups.count - 1, let last = four(group) {
                bytes += last
            } else {
                guard (1...4).contains(group.utf8.count), group.utf8.allSatisfy(\.isHexadecimal),
                    let number = UInt16(group, radix: 16)
                else { return nil }
                bytes += [
                    UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number),
                ]
            }
        }
        return bytes.count <= 16 ? bytes : nil
    }

    var text: String {
        if bytes.count == 4 { return bytes.map { String($0) }.joined(separator: ".") }
        if let mapped { return "::ffff:\(mapped.text)" }
        return stride(from: 0, to: 16, by: 2).map {
            String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
        }.joined(separator: ":")
    }

    /// The IPv4 address in `::ffff:192.0.2.1`.
    private var mapped: IPAddress? {
        guard bytes.count == 16, bytes.prefix(10).allSatisfy({ $0 == 0 }),
            bytes[10] == 0xff, bytes[11] == 0xff
        else { return nil }
        return IPAddress(bytes: Array(bytes[12...]))
    }

    /// An address that stands for this one; nil for those that tell nothing: any, loopback, broadcast.
    func replaced(by pseudonyms: Pseudonyms) -> IPAddress? {
        if let mapped {
            return mapped.replaced(by: pseudonyms).map {
                IPAddress(bytes: Array(bytes.prefix(12)) + $0.bytes)
            }
        }
        guard let kept = keptPrefix else { return nil }
        var draw = pseudonyms.draw(bytes.count == 4 ? .ip4 : .ip6, bytes)
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

    private var keptPrefix: Prefix? { bytes.count == 4 ? prefixOfFour : prefixOfSixteen }

    private var prefixOfFour: Prefix? {
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

    private var prefixOfSixteen: Prefix? {
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
        if let address = IPAddress(text) {
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
