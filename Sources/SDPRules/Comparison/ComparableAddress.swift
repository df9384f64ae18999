import SDP

/// An address in the one spelling by which it is compared: IPv6 as RFC 5952 section 4 writes it;
/// names, IPv4 and what has a zone as they stand.
func comparableAddress(_ address: String) -> String {
    guard !address.utf8.contains(0x25), let parsed = IPAddress(address), parsed.isVersion6 else {
        return address
    }
    let groups = stride(from: 0, to: 16, by: 2).map {
        UInt16(parsed.bytes[$0]) << 8 | UInt16(parsed.bytes[$0 + 1])
    }
    func text(_ range: Range<Int>) -> String {
        groups[range].map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard let gap = longestZeros(groups) else { return text(0..<8) }
    return text(0..<gap.lowerBound) + "::" + text(gap.upperBound..<8)
}

/// The first of the longest runs of two zeros or more.
private func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
    var (longest, start) = (0..<1, 0)
    for (index, group) in groups.enumerated() {
        if group != 0 {
            start = index + 1
        } else if index + 1 - start > longest.count {
            longest = start..<index + 1
        }
    }
    return longest.count > 1 ? longest : nil
}

extension Candidate {
    /// With comparable addresses.
    var comparable: Candidate {
        var candidate = self
        candidate.address = comparableAddress(address)
        candidate.relatedAddress = relatedAddress.map(comparableAddress)
        return candidate
    }
}

extension Connection {
    /// Its text, with a comparable address.
    var comparableText: String {
        var connection = self
        connection.address = comparableAddress(address)
        return connection.text
    }
}
