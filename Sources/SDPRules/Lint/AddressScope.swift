/// How far an address reaches.
enum AddressScope: Sendable {
    /// 0.0.0.0 and ::.
    case unspecified
    case loopback
    case linkLocal
    /// RFC 1918, RFC 6598 and RFC 4193: reached from the same network only.
    case privateUse
    case multicast
    case global
    /// A host name, mDNS names among them.
    case name

    init(_ address: String) {
        if let ip4 = Self.ip4(address) {
            self = Self.scope(ip4)
        } else if address.utf8.contains(0x3a) {
            self = Self.scope(ip6: address.lowercased())
        } else {
            self = .name
        }
    }

    /// What only hosts of the same network can reach.
    var isLocal: Bool { self == .loopback || self == .linkLocal || self == .privateUse }

    private static func ip4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false)
        let bytes = parts.compactMap { UInt8($0) }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    private static func scope(_ ip4: [UInt8]) -> AddressScope {
        switch (ip4[0], ip4[1]) {
        case (0, _): .unspecified
        case (127, _): .loopback
        case (169, 254): .linkLocal
        case (10, _), (192, 168), (172, 16...31), (100, 64...127): .privateUse
        case (224...239, _): .multicast
        default: .global
        }
    }

    private static func scope(ip6 text: String) -> AddressScope {
        let digits = text.prefix { $0 != "%" }.filter { $0 != ":" && $0 != "0" }
        if digits.isEmpty { return .unspecified }
        if digits == "1", text.hasSuffix("1") { return .loopback }
        if text.hasPrefix("::ffff:"), let ip4 = ip4(text.dropFirst(7)) { return scope(ip4) }
        let first = text.hasPrefix(":") ? 0 : UInt16(text.prefix { $0 != ":" }, radix: 16) ?? 0
        switch first {
        case 0xfe80...0xfebf: return .linkLocal
        case 0xfc00...0xfdff: return .privateUse
        case 0xff00...: return .multicast
        default: return .global
        }
    }
}
