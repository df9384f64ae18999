import SDP

// What the candidates of a description together can reach.

extension Rule {
    static let reachability = [
        Rule(
            "candidates-loopback-only", .all(.warning), RFCSection(8445, "5.1.1.1"),
            "there are candidates beside loopback ones",
            hint:
                "nobody but this machine can connect: check the network interfaces it gathered on",
            .session(loopbackOnly)),
        Rule(
            "candidates-private-only", .all(.warning), RFCSection(8445, "5.1.1.2"),
            "there are candidates that other networks reach",
            hint: "configure a STUN server, and a TURN server for symmetric NATs",
            .session(privateOnly)),
        Rule(
            "candidates-mdns-only", .webrtc(.warning), RFCSection(8839, "5.1"),
            "there are candidates beside mDNS names",
            hint:
                "mDNS works in one network: configure STUN and TURN, or ask for the microphone first",
            .session(mdnsOnly)),
        Rule(
            "candidates-no-relay", .webrtc(.warning), RFCSection(8445, "5.1.1.2"),
            "there is a relay candidate",
            hint: "configure a TURN server: without one, some pairs of NATs cannot connect",
            .session(withoutRelay)),
        Rule(
            "candidates-tcp-only", .webrtc(.warning), RFCSection(6544, "4.2"),
            "there is a UDP candidate",
            hint: "check whether UDP is blocked; media over TCP stalls with every loss",
            .session(tcpOnly)),
    ]
}

/// All candidates of media that is not refused.
private func candidates(_ context: DescriptionContext) -> [Candidate] {
    context.active.flatMap { $0.candidates.map(\.value) }
}

private func firstLine(_ context: DescriptionContext) -> (line: Line, index: Int)? {
    for media in context.active {
        if let line = media.attributes.lines("candidate").first { return (line, media.index) }
    }
    return nil
}

private func observed(_ message: String, _ context: DescriptionContext) -> [Observation] {
    let first = firstLine(context)
    return [Observation(message, at: first?.line, media: first?.index)]
}

private func loopbackOnly(_ context: DescriptionContext) -> [Observation] {
    let all = candidates(context)
    guard !all.isEmpty, all.allSatisfy({ scope(of: $0.address) == .loopback }) else { return [] }
    return observed("all \(all.count) candidates are loopback addresses", context)
}

private func privateOnly(_ context: DescriptionContext) -> [Observation] {
    let all = candidates(context)
    let scopes = all.map { scope(of: $0.address) }
    guard scopes.contains(where: { $0 == .privateUse || $0 == .shared || $0 == .linkLocal }),
        zip(all, scopes).allSatisfy({ $0.isMDNS || $1?.isLocal ?? false })
    else { return [] }
    return observed("all \(all.count) candidates are of the local network", context)
}

private func mdnsOnly(_ context: DescriptionContext) -> [Observation] {
    let all = candidates(context)
    guard !all.isEmpty, all.allSatisfy(\.isMDNS) else { return [] }
    return observed("all \(all.count) candidates are mDNS names", context)
}

private func withoutRelay(_ context: DescriptionContext) -> [Observation] {
    let all = candidates(context)
    // A lite agent has a public address and needs none.
    guard !all.isEmpty, !context.isICELite, !all.contains(where: { $0.candidateType == .relayed })
    else { return [] }
    return observed("none of \(all.count) candidates is a relay", context)
}

private func tcpOnly(_ context: DescriptionContext) -> [Observation] {
    let all = candidates(context)
    guard !all.isEmpty, all.allSatisfy(\.isTCP) else { return [] }
    return observed("all \(all.count) candidates are TCP", context)
}
