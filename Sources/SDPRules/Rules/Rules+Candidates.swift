import SDP

// Candidates one by one (RFC 8839 section 5.1).

extension Rule {
    static let candidates = [
        Rule(
            "candidate-ufrag-stale", .all(.error), RFCSection(9429, "3.5.2.1"),
            "a candidate's ufrag is the ice-ufrag of its media",
            hint: "drop candidates of before the ICE restart; they are of another generation",
            .media(staleCandidates)),
        Rule(
            "candidate-generation-mixed", .all(.warning), RFCSection(8839, "4.4.1.1.1"),
            "the candidates of a media are of one generation",
            hint: "drop the candidates of the lower generation: ICE was restarted since",
            .media(mixedGenerations)),
        Rule(
            "candidate-type", .all(.warning), RFCSection(8839, "5.1"),
            "a candidate is host, srflx, prflx or relay",
            hint: "candidates of other types are ignored", .media(unknownTypes)),
        Rule(
            "candidate-transport", .all(.warning), RFCSection(8839, "5.1"),
            "a candidate's transport is UDP or TCP",
            hint: "candidates of other transports are ignored", .media(unknownTransports)),
        Rule(
            "candidate-tcptype", .all(.warning), RFCSection(6544, "4.5"),
            "a TCP candidate is active, passive or so",
            hint: "add \"tcptype active\", passive or so", .media(tcpTypes)),
        Rule(
            "candidate-port", .all(.error), RFCSection(8839, "5.1"),
            "a candidate has a port",
            hint: "write the port that is listened on; 9 is for active TCP alone",
            .media(portless)),
        Rule(
            "candidate-related", .all(.warning), RFCSection(8839, "5.1"),
            "srflx, prflx and relay candidates say raddr and rport, host candidates do not",
            hint: "add \"raddr <address> rport <port>\", or raddr 0.0.0.0 rport 9 to hide them",
            .media(unrelated)),
        Rule(
            "candidate-priority", .all(.error), RFCSection(8839, "5.1"),
            "a priority is from 1 to 2147483647",
            hint: "compute it as RFC 8445 section 5.1.2.1 does", .media(priorities)),
        Rule(
            "candidate-priority-order", .all(.warning), RFCSection(8445, "5.1.2.2"),
            "a relay candidate has a lower priority than host candidates",
            hint: "use type preference 0 for relay and 126 for host, else calls go by the relay",
            .media(relaysFirst)),
        Rule(
            "candidate-priority-component", .webrtc(.info, sip: .info), RFCSection(8445, "5.1.2.1"),
            "the last byte of a priority is 256 minus the component",
            hint: "compute it as the RFC does; else checks of RTP and RTCP go in an odd order",
            .media(componentsOfPriorities)),
        Rule(
            "candidate-component", .all(.error), RFCSection(8839, "5.1"),
            "a component is 1 for RTP or all, 2 for RTCP; other media has up to 256",
            hint: "use component 1", .media(components)),
        Rule(
            "candidate-duplicate", .all(.warning), RFCSection(8445, "5.1.3"),
            "a candidate is there once",
            hint: "leave out what has address, port, transport and component of another",
            .media(repeatedCandidates)),
        Rule(
            "candidate-foundation", .all(.warning), RFCSection(8839, "5.1"),
            "a foundation has 1 to 32 letters, digits, + or /",
            hint: "use a short number", .media(foundations)),
        Rule(
            "candidate-address", .all(.warning), RFCSection(8839, "5.1"),
            "a candidate's address can be sent to",
            hint: "write an address of a host; names that are not mDNS's are ignored",
            .media(uselessAddresses)),
        Rule(
            "candidate-extension-number", .webrtc(.error, sip: .warning, rtsp: .warning),
            RFCSection(8839, "5.1"),
            "generation, network-id and network-cost of a candidate are numbers",
            hint: "write a number, or leave the pair out; Chromium refuses the whole otherwise",
            .media(extensionNumbers)),
        Rule(
            "candidate-default", .webrtc(.warning, sip: .warning), RFCSection(8839, "4.2.5"),
            "address and port of c= and m= are those of a candidate",
            hint: "write the default candidate into c= and m=, or 0.0.0.0 and port 9 to trickle",
            .media(defaultCandidate)),
    ]
}

private func each(_ media: MediaContext, _ fault: (Candidate) -> String?) -> [Observation] {
    media.candidates.compactMap { line, candidate in
        fault(candidate).map { media.observed($0, at: line) }
    }
}

private func staleCandidates(_ media: MediaContext) -> [Observation] {
    guard let ufrag = media.transport("ice-ufrag") else { return [] }
    return each(media) { candidate in
        guard let own = candidate.usernameFragment, own != ufrag else { return nil }
        return "the candidate is of ufrag \(quoted(own)), the ice-ufrag is \(quoted(ufrag))"
    }
}

private func mixedGenerations(_ media: MediaContext) -> [Observation] {
    let newest = media.candidates.compactMap(\.value.generation).max()
    guard let newest else { return [] }
    return each(media) { candidate in
        guard let own = candidate.generation, own != newest else { return nil }
        return "the candidate is of generation \(own), others are of \(newest)"
    }
}

private func unknownTypes(_ media: MediaContext) -> [Observation] {
    each(media) { candidate in
        CandidateType.known.contains(candidate.candidateType)
            ? nil : "the type is \(quoted(candidate.candidateType.rawValue))"
    }
}

private func unknownTransports(_ media: MediaContext) -> [Observation] {
    each(media) { candidate in
        // libwebrtc of old wrote ssltcp for pseudo-TLS.
        ["udp", "tcp", "ssltcp"].contains { candidate.transport.isSameIgnoringCase($0) }
            ? nil : "the transport is \(quoted(candidate.transport))"
    }
}

private func tcpTypes(_ media: MediaContext) -> [Observation] {
    each(media) { candidate in
        guard candidate.isTCP else { return nil }
        guard let type = candidate.tcpType else { return "a TCP candidate has no tcptype" }
        return ["active", "passive", "so"].contains(type) ? nil : "the tcptype is \(quoted(type))"
    }
}

private func portless(_ media: MediaContext) -> [Observation] {
    each(media) { candidate in
        // Active ones, as all were before RFC 6544, send from any port; some write 0 there.
        guard !candidate.isTCP || candidate.tcpType == "passive" || candidate.tcpType == "so"
        else { return nil }
        return candidate.port == 0 || candidate.port == 9
            ? "the port of \(shown(candidate.address)) is \(candidate.port)" : nil
    }
}

private func unrelated(_ media: MediaContext) -> [Observation] {
    each(media) { candidate in
        let (address, port) = (candidate.relatedAddress, candidate.relatedPort)
        switch candidate.candidateType {
        case .host:
            return address == nil && port == nil ? nil : "a host candidate has raddr or rport"
        case .serverReflexive, .peerReflexive, .relayed:
            return address != nil && port != nil
                ? nil : "a \(candidate.candidateType.rawValue) candidate has no raddr and rport"
        default: return nil
        }
    }
}

private func priorities(_ media: MediaContext) -> [Observation] {
    each(media) { candidate in
        (1...0x7fff_ffff).contains(candidate.priority)
            ? nil : "the priority is \(candidate.priority)"
    }
}

private func componentsOfPriorities(_ media: MediaContext) -> [Observation] {
    each(media) { candidate in
        let component = candidate.decodedPriority.component
        guard component != UInt32(candidate.component) else { return nil }
        return "priority \(candidate.priority) is of component \(component), "
            + "the candidate of component \(candidate.component)"
    }
}

private func relaysFirst(_ media: MediaContext) -> [Observation] {
    let hosts = media.candidates.map(\.value)
        .filter { $0.candidateType == .host && !$0.isTCP }
    guard let highest = hosts.map(\.priority).max() else { return [] }
    return each(media) { candidate in
        guard candidate.candidateType == .relayed, candidate.priority >= highest else { return nil }
        return "the relay has priority \(candidate.priority), hosts have \(highest) at most"
    }
}

private func components(_ media: MediaContext) -> [Observation] {
    let most: UInt16 = media.isRTP || media.isSCTP ? 2 : 256
    return each(media) { candidate in
        (1...most).contains(candidate.component) ? nil : "the component is \(candidate.component)"
    }
}

private func repeatedCandidates(_ media: MediaContext) -> [Observation] {
    var seen: Set<String> = []
    return each(media) { candidate in
        let key = [
            candidate.address, "\(candidate.port)", candidate.transport.lowercased(),
            "\(candidate.component)", candidate.candidateType.rawValue, candidate.tcpType ?? "",
            candidate.relatedAddress ?? "", "\(candidate.relatedPort ?? 0)",
            candidate.usernameFragment ?? "",
        ]
        return seen.insert(key.joined(separator: " ")).inserted
            ? nil
            : "the candidate \(quoted(candidate.address)) port \(candidate.port) is there already"
    }
}

private func foundations(_ media: MediaContext) -> [Observation] {
    each(media) { candidate in
        let text = candidate.foundation
        let isGood = text.utf8.count <= 32 && text.utf8.allSatisfy(\.isICECharacter)
        return isGood ? nil : "the foundation is \(quoted(text))"
    }
}

private func uselessAddresses(_ media: MediaContext) -> [Observation] {
    each(media) { candidate in
        guard let reach = scope(of: candidate.address) else {
            return candidate.isMDNS ? nil : "\(quoted(candidate.address)) is no address"
        }
        guard reach == .unspecified || reach == .multicast, candidate.tcpType != "active" else {
            return nil
        }
        return "the address is \(shown(candidate.address))"
    }
}

/// What libwebrtc writes behind candidates, and the largest number that it reads there.
private let numbers: [String: UInt32] = [
    "generation": .max, "network-id": UInt32(UInt16.max), "network-cost": UInt32(UInt16.max),
]

private func extensionNumbers(_ media: MediaContext) -> [Observation] {
    each(media) { candidate in
        for pair in candidate.extensions.all {
            guard let most = numbers[pair.name], let value = pair.value else { continue }
            guard value.utf8.allSatisfy(\.isDigit), let number = UInt32(value), number <= most
            else {
                return "the \(pair.name) is \(quoted(value))"
            }
        }
        return nil
    }
}

private func defaultCandidate(_ media: MediaContext) -> [Observation] {
    guard let connection = media.connection, let port = media.media?.port, port != 9, port != 0,
        scope(of: connection.address) != .unspecified, scope(of: connection.address) != nil
    else { return [] }
    let candidates = media.candidates.map(\.value)
    guard !candidates.isEmpty,
        !candidates.contains(where: { $0.address == connection.address && $0.port == port }),
        !candidates.contains(where: \.isMDNS)
    else { return [] }
    return [
        media.observed("no candidate is \(shown(connection.address)) port \(port), the default")
    ]
}
