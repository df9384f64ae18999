internal import Wire

/// An IP address as descriptions write it, and where it reaches.
public struct IPAddress: Hashable, Sendable {
    /// 4 of them, or 16.
    public let bytes: [UInt8]

    /// - Precondition: they are 4 or 16.
    public init(bytes: [UInt8]) {
        precondition(bytes.count == 4 || bytes.count == 16)
        self.bytes = bytes
    }

    /// Dotted decimal, or RFC 4291 section 2.2; nil for names and for anything else.
    public init?(_ text: String) {
        // A zone (`%eth0`) is the sender's business.
        let bytes =
            text.utf8.contains(0x3a)
            ? Self.version6(text.prefix { $0 != "%" }) : Self.version4(text[...])
        guard let bytes else { return nil }
        self.bytes = bytes
    }

    public var isVersion6: Bool { bytes.count == 16 }

    /// `IP4` or `IP6`, as `c=` and `o=` say it.
    public var addressType: String { isVersion6 ? "IP6" : "IP4" }

    /// The IPv4 address in `::ffff:192.0.2.1` (RFC 4291 section 2.5.5.2); nil for all others.
    public var mapped: IPAddress? {
        guard isVersion6, bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xff,
            bytes[11] == 0xff
        else { return nil }
        return IPAddress(bytes: Array(bytes[12...]))
    }

    private static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.utf8.split(separator: 0x2e, omittingEmptySubsequences: false)
        let bytes = parts.compactMap { $0.count <= 3 ? DecimalNumber<UInt8>($0).value : nil }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    private static func version6(_ text: Substring) -> [UInt8]? {
        // Eight groups of four digits have 39 characters; with IPv4 at the end, 45.
        guard text.utf8.count <= 45 else { return nil }
        guard let gap = text.firstDoubleColon else {
            return groups(text, mayEndAsVersion4: true).flatMap { $0.count == 16 ? $0 : nil }
        }
        guard let head = groups(text[..<gap], mayEndAsVersion4: false),
            let tail = groups(text[gap...].dropFirst(2), mayEndAsVersion4: true),
            head.count + tail.count <= 14
        else { return nil }
        return head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: Substring, mayEndAsVersion4: Bool) -> [UInt8]? {
        if text.isEmpty { return [] }
        var bytes: [UInt8] = []
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, group) in groups.enumerated() {
            if mayEndAsVersion4, index == groups.count - 1, let last = version4(group) {
                return bytes + last
            }
            guard (1...4).contains(group.utf8.count), let number = hexadecimal(group) else {
                return nil
            }
            bytes += [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
        }
        return bytes
    }

    private static func hexadecimal(_ text: Substring) -> UInt16? {
        var number: UInt16 = 0
        for byte in text.utf8 {
            guard let digit = UInt8(hexDigit: byte) else { return nil }
            number = number << 4 | UInt16(digit)
        }
        return number
    }
}

extension Substring {
    fileprivate var firstDoubleColon: Index? {
        zip(indices, indices.dropFirst()).first { self[$0] == ":" && self[$1] == ":" }?.0
    }
}

extension IPAddress {
    /// How far an address reaches (IANA's registries of special-purpose addresses).
    public enum Scope: String, Sendable {
        /// `0.0.0.0` and `::`.
        case unspecified
        case loopback
        case linkLocal
        /// RFC 1918, and RFC 4193 for IPv6.
        case privateUse
        /// `100.64.0.0/10`, between a provider and its customers (RFC 6598).
        case shared
        case multicast
        /// RFC 5737 and RFC 3849.
        case documentation
        case global
    }

    /// How far the address reaches; a mapped one as far as the IPv4 address in it.
    public var scope: Scope {
        if !isVersion6 { return scopeOfVersion4 }
        if let mapped { return mapped.scopeOfVersion4 }
        switch (bytes[0], bytes[1]) {
        case (0xfe, 0x80...0xbf): return .linkLocal
        case (0xfc...0xfd, _): return .privateUse
        case (0xff, _): return .multicast
        case (0x20, 0x01) where bytes[2] == 0x0d && bytes[3] == 0xb8: return .documentation
        default: break
        }
        guard bytes.dropLast().allSatisfy({ $0 == 0 }), bytes[15] <= 1 else { return .global }
        return bytes[15] == 1 ? .loopback : .unspecified
    }

    private var scopeOfVersion4: Scope {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (0, 0, 0) where bytes[3] == 0: .unspecified
        case (127, _, _): .loopback
        case (169, 254, _): .linkLocal
        case (10, _, _), (172, 16...31, _), (192, 168, _): .privateUse
        case (100, 64...127, _): .shared
        case (224...239, _, _): .multicast
        case (192, 0, 2), (198, 51, 100), (203, 0, 113): .documentation
        default: .global
        }
    }
}
