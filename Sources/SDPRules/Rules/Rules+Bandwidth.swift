import SDP

// b= lines, whose units are mistaken for one another (RFC 8866 section 5.8, RFC 3890).

extension Rule {
    static let bandwidth = [
        Rule(
            "bandwidth-modifier", .all(.info), RFCSection(8866, "5.8"),
            "a bandwidth is CT, AS, TIAS, RS or RR",
            hint: "use TIAS for bit/s or AS for kbit/s; others are passed over",
            .session(unknownModifiers)),
        Rule(
            "bandwidth-zero", .all(.warning), RFCSection(3264, "5.1"),
            "the bandwidth leaves room for media",
            hint: "raise it or take the line out; some senders stop at 0", .session(zeroBandwidths)),
        Rule(
            "bandwidth-unit", .all(.warning), RFCSection(3890, "6.2.2"),
            "AS and CT count kbit/s, TIAS bit/s",
            hint: "check the unit: AS and CT are kilobits a second, TIAS is bits a second",
            .session(mistakenUnits)),
        Rule(
            "bandwidth-disagrees", .all(.warning), RFCSection(3890, "6.4"),
            "AS and TIAS of one section allow about the same",
            hint: "make AS the TIAS value plus packet headers, divided by 1000",
            .session(disagreements)),
    ]
}

/// More than any session of today needs, in kbit/s: such a number was meant as bit/s.
private let incredibleKilobits: UInt64 = 1_000_000
/// Less than any codec needs, in bit/s: such a number was meant as kbit/s.
private let incredibleBits: UInt64 = 4000

private typealias Found = (line: Line, value: Bandwidth, index: Int?)

private func bandwidths(_ context: DescriptionContext) -> [[Found]] {
    let session = context.description.allWithLines(Bandwidth.self).map {
        ($0.line, $0.value, Int?.none)
    }
    return [session]
        + context.media.map { media in
            media.section.allWithLines(Bandwidth.self).map { ($0.line, $0.value, media.index) }
        }
}

private func unknownModifiers(_ context: DescriptionContext) -> [Observation] {
    let known: Set = ["CT", "AS", "TIAS", "RS", "RR"]
    return bandwidths(context).joined().compactMap { line, value, index in
        if known.contains(value.modifier) || value.modifier.hasPrefix("X-") { return nil }
        return Observation("the modifier is \(quoted(value.modifier))", at: line, media: index)
    }
}

private func zeroBandwidths(_ context: DescriptionContext) -> [Observation] {
    bandwidths(context).joined().compactMap { line, value, index in
        guard value.value == 0, ["CT", "AS", "TIAS"].contains(value.modifier) else { return nil }
        return Observation("b=\(value.text) allows nothing", at: line, media: index)
    }
}

private func mistakenUnits(_ context: DescriptionContext) -> [Observation] {
    bandwidths(context).joined().compactMap { line, value, index in
        let isWrong =
            switch value.modifier {
            case "CT", "AS": value.value >= incredibleKilobits
            case "TIAS": value.value > 0 && value.value < incredibleBits
            default: false
            }
        guard isWrong else { return nil }
        let bits = value.bitsPerSecond.map { "\($0)" } ?? "more than 2^64"
        return Observation("b=\(value.text) is \(bits) bit/s", at: line, media: index)
    }
}

private func disagreements(_ context: DescriptionContext) -> [Observation] {
    bandwidths(context).compactMap { found in
        guard let kilo = found.first(where: { $0.value.modifier == "AS" }),
            let exact = found.first(where: { $0.value.modifier == "TIAS" }),
            let most = kilo.value.bitsPerSecond, most > 0, exact.value.value > 0,
            most < exact.value.value || most / 4 > exact.value.value
        else { return nil }
        return Observation(
            "b=\(kilo.value.text) and b=\(exact.value.text) do not agree", at: kilo.line,
            media: kilo.index)
    }
}
