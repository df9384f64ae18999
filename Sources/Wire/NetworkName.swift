/// What an address in digits counts as: itself, and for IPv6 its network of 64 bits, since that is
/// what one subscriber gets.
public func networkName(of address: String) -> String {
    guard address.utf8.contains(0x3a) else { return address }
    // An IPv4 address in IPv6's clothes.
    if let colon = address.lastIndex(of: ":"), address[colon...].contains(".") {
        return String(address[address.index(after: colon)...])
    }
    let groups = address.prefix { $0 != "%" }
        .split(separator: ":", omittingEmptySubsequences: false)
    let head = groups.prefix { !$0.isEmpty }
    let tail = groups.reversed().prefix { !$0.isEmpty }.reversed()
    if head.count == groups.count { return head.prefix(4).joined(separator: ":") + "::/64" }
    let gap = Array(repeating: Substring("0"), count: max(0, 8 - head.count - tail.count))
    return (head + gap + tail).prefix(4).joined(separator: ":") + "::/64"
}

/// Whether an address is the machine's own, from which a proxy connects for everybody.
public func isOwnAddress(_ address: String) -> Bool {
    address == "127.0.0.1" || address == "::1" || address.hasSuffix(":127.0.0.1")
}
