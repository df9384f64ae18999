import SDP

// Identification, direction and ports of media.

extension Rule {
    static let media = [
        Rule(
            "mid-missing", .webrtc(.warning), RFCSection(9429, "5.2.1"),
            "every media has a mid",
            hint: "add a=mid to each m= section; candidates and answers are matched by it",
            .session(missingMids)),
        Rule(
            "mid-duplicate", .all(.error), RFCSection(5888, "4"),
            "every mid is there once",
            hint: "give each m= section a mid of its own, in the BUNDLE group too",
            .session(repeatedMids)),
        Rule(
            "mid-characters", .all(.warning), RFCSection(5888, "4"),
            "a mid is a token of at most 16 characters",
            hint: "use a short mid of letters and digits; it travels in RTP header extensions",
            .media(oddMids)),
        Rule(
            "direction-conflict", .all(.error), RFCSection(8866, "6.7"),
            "a section says one direction",
            hint:
                "keep one of sendrecv, sendonly, recvonly and inactive: receivers choose differently, and media goes one way",
            .session(conflictingDirections)),
        Rule(
            "direction-one-way", .webrtc(.info, sip: .info), RFCSection(8866, "6.7"),
            "media goes both ways",
            hint: "if media was to go both ways, look at who sets the direction of the transceiver",
            .media(oneWay)),
        Rule(
            "direction-inactive", .webrtc(.info, sip: .info), RFCSection(8866, "6.7"),
            "media goes at least one way",
            hint: "set another direction when media is to flow", .media(inactive)),
        Rule(
            "hold-address", .webrtc(nil, sip: .warning), RFCSection(3264, "8.4"),
            "media is put on hold by its direction, not by the address 0.0.0.0",
            hint: "write a=sendonly or a=inactive and keep the address", .media(heldByAddress)),
        Rule(
            "port-zero", .webrtc(.info, sip: .info), RFCSection(3264, "6"),
            "no media is refused or taken away",
            hint: "port 0 without a=bundle-only switches the section off", .session(refusedMedia)),
        Rule(
            "port-odd", .webrtc(nil, sip: .info, rtsp: .info), RFCSection(3550, "11"),
            "RTP uses an even port and RTCP the next one",
            hint: "take an even port, or say a=rtcp or a=rtcp-mux", .media(oddPort)),
        Rule(
            "port-count", .webrtc(.warning), RFCSection(8866, "5.14"),
            "an m= line has one port, without a count",
            hint: "write the port alone; with ICE media has one, and browsers refuse more",
            .session(countedPorts)),
        Rule(
            "protocol-unsupported", .webrtc(.warning), RFCSection(9429, "5.1.2"),
            "media runs over RTP, and data channels over SCTP",
            hint: "write UDP/TLS/RTP/SAVPF or UDP/DTLS/SCTP; browsers refuse what they do not know",
            .media(unsupported)),
        Rule(
            "protocol-unknown", .webrtc(.error), RFCSection(8866, "5.14"),
            "media runs over a protocol of the registry",
            hint: "write UDP/TLS/RTP/SAVPF or UDP/DTLS/SCTP; browsers refuse the whole for another",
            .media(unknown)),
        Rule(
            "protocol-unprotected", .webrtc(.error), RFCSection(8827, "6.5"),
            "media is protected",
            hint: "offer UDP/TLS/RTP/SAVPF with a fingerprint; browsers refuse media in clear",
            .media(unprotected)),
        Rule(
            "protocol-feedback", .webrtc(.warning), RFCSection(9429, "5.1.2"),
            "RTP uses a profile with feedback, SAVPF",
            hint: "write UDP/TLS/RTP/SAVPF", .media(withoutFeedback)),
        Rule(
            "msid-missing", .webrtc(.info), RFCSection(9429, "5.2.1"),
            "media that is sent says its stream and track",
            hint: "add a=msid, else the other side has a track without a stream",
            .media(missingStream)),
    ]
}

private func missingMids(_ context: DescriptionContext) -> [Observation] {
    guard context.bundles.isEmpty else { return [] }
    return context.active.filter { $0.mid == nil }.map { $0.observed("\($0.name) has no mid") }
}

/// Of a section that has several, too: readers differ in which they take.
private func repeatedMids(_ context: DescriptionContext) -> [Observation] {
    var owners = context.mediaByMid
    return context.media.flatMap { media in
        media.attributes.texts("mid").compactMap { line, mid -> Observation? in
            let owner = owners[mid] ?? media.index
            owners[mid] = owner
            guard owner != media.index, !mid.isEmpty else { return nil }
            return media.observed(
                "mid \(quoted(mid)) is that of \(context.media[owner].name) already", at: line)
        }
    }
}

private func oddMids(_ media: MediaContext) -> [Observation] {
    guard let mid = media.mid, mid.utf8.count > 16 || !mid.utf8.allSatisfy(\.isTokenCharacter)
    else {
        return []
    }
    return [media.observed("the mid is \(quoted(mid))", at: media.attributes.lines("mid").first)]
}

private func conflictingDirections(_ context: DescriptionContext) -> [Observation] {
    func conflicts(_ table: AttributeTable, _ index: Int?) -> [Observation] {
        guard let first = table.directions.first?.direction else { return [] }
        return table.directions.dropFirst().compactMap { line, direction in
            direction == first
                ? nil
                : Observation(
                    "a=\(direction.rawValue) contradicts a=\(first.rawValue) above it", at: line,
                    media: index)
        }
    }
    return conflicts(context.attributes, nil)
        + context.media.flatMap { conflicts($0.attributes, $0.index) }
}

private func oneWay(_ media: MediaContext) -> [Observation] {
    guard media.isRTP, media.direction == .sendonly || media.direction == .recvonly else {
        return []
    }
    return [
        media.observed(
            "\(media.name) is \(media.direction.rawValue)",
            at: media.attributes.directions.first?.line)
    ]
}

private func inactive(_ media: MediaContext) -> [Observation] {
    guard media.isRTP, media.direction == .inactive else { return [] }
    return [
        media.observed("\(media.name) is inactive", at: media.attributes.directions.first?.line)
    ]
}

private func heldByAddress(_ media: MediaContext) -> [Observation] {
    guard media.isHeldByAddress, media.direction.receives, let connection = media.connection else {
        return []
    }
    return [
        media.observed(
            "\(media.name) wants to receive at \(shown(connection.address))",
            at: media.section.lines.first { $0.type == .connection })
    ]
}

private func refusedMedia(_ context: DescriptionContext) -> [Observation] {
    context.media.filter { !$0.isOn && !$0.isBundleOnly && $0.bundle == nil }
        .map { $0.observed("\($0.name) has port 0") }
}

private func oddPort(_ media: MediaContext) -> [Observation] {
    guard media.isRTP, let port = media.media?.port, port % 2 == 1, port != 9,
        !media.attributes.has("rtcp"), !media.attributes.has("rtcp-mux"), !media.isTCP
    else { return [] }
    return [media.observed("\(media.name) has port \(port)")]
}

private func countedPorts(_ context: DescriptionContext) -> [Observation] {
    context.media.compactMap { media in
        media.media?.portCount.map { media.observed("\(media.name) has \($0) ports") }
    }
}

extension MediaContext {
    /// A name that is not in IANA's registry, and does not tell that RTP is in it.
    fileprivate var hasUnknownProtocol: Bool {
        guard case .other? = media?.transport else { return false }
        return !isRTP
    }
}

private func unknown(_ media: MediaContext) -> [Observation] {
    media.hasUnknownProtocol
        ? [media.observed("\(media.name) runs over \(media.protocolText)")] : []
}

private func unsupported(_ media: MediaContext) -> [Observation] {
    if media.isRTP || media.media == nil || media.hasUnknownProtocol { return [] }
    if media.isSCTP, media.kind != "audio", media.kind != "video" { return [] }
    return [media.observed("\(media.name) runs over \(media.protocolText)")]
}

private func unprotected(_ media: MediaContext) -> [Observation] {
    guard media.isRTP, !media.usesDTLS, !(media.media?.transport.isSRTP ?? false) else {
        return []
    }
    return [
        media.observed("\(media.name) runs over \(media.protocolText) without a fingerprint")
    ]
}

private func withoutFeedback(_ media: MediaContext) -> [Observation] {
    guard let transport = media.media?.transport, transport.isRTP,
        !transport.hasFeedback || !transport.isSRTP
    else { return [] }
    return [media.observed("\(media.name) runs over \(media.protocolText)")]
}

private func missingStream(_ media: MediaContext) -> [Observation] {
    guard media.isRTP, media.direction.sends, !media.attributes.has("msid"),
        !media.attributes.values(SourceAttribute.self).contains(where: { $0.value.name == "msid" })
    else { return [] }
    return [media.observed("\(media.name) is sent and has no msid")]
}
