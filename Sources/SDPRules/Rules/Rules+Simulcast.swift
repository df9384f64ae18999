import SDP

// Restricted streams (RFC 8851) and simulcast (RFC 8853).

extension Rule {
    static let simulcast = [
        Rule(
            "rid-duplicate", .all(.error), RFCSection(8851, "4"),
            "a rid stands once in its media",
            hint: "give each encoding a rid of its own", .media(repeatedRids)),
        Rule(
            "rid-payload-unknown", .all(.warning), RFCSection(8851, "6.1"),
            "the payload types of a rid are those of its m= line",
            hint: "name payload types of the m= line in pt=", .media(ridPayloads)),
        Rule(
            "rid-extension-missing", .all(.warning), RFCSection(8852, "3.3"),
            "media with rids has the header extension that carries them",
            hint: "add \"a=extmap:<number> \(ridExtension)\"", .media(withoutRidExtension)),
        Rule(
            "simulcast-rid-unknown", .all(.error), RFCSection(8853, "5.2"),
            "every stream of simulcast has an a=rid",
            hint: "add \"a=rid:<rid> send\" for each stream", .media(unknownStreams)),
        Rule(
            "simulcast-rid-direction", .all(.error), RFCSection(8853, "5.2"),
            "a stream of simulcast has the direction of its a=rid",
            hint: "write send in both, or recv in both", .media(streamDirections)),
        Rule(
            "simulcast-repeated", .all(.error), RFCSection(8853, "5.2"),
            "media has one a=simulcast at most",
            hint: "write send and recv in one line", .media(repeatedSimulcast)),
        Rule(
            "simulcast-rid-repeated", .all(.error), RFCSection(8853, "5.2"),
            "a rid stands once in a=simulcast",
            hint: "name each rid once; what is to be sent twice needs two rids",
            .media(repeatedStreams)),
        Rule(
            "simulcast-direction", .all(.info), RFCSection(8851, "4"),
            "simulcast goes with the direction of its media",
            hint: "it is legal, and nothing is sent until the direction of the media allows it",
            .media(simulcastDirections)),
    ]
}

private let ridExtension = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"

private func repeatedRids(_ media: MediaContext) -> [Observation] {
    var seen: Set<String> = []
    return media.attributes.values(RestrictionID.self)
        .filter { !seen.insert($0.value.id).inserted }
        .map { media.observed("rid \(quoted($0.value.id)) is there already", at: $0.line) }
}

private func ridPayloads(_ media: MediaContext) -> [Observation] {
    media.attributes.values(RestrictionID.self).flatMap { line, rid in
        rid.payloadTypes.filter { media.codec($0) == nil }.map {
            media.observed(
                "rid \(quoted(rid.id)) is for payload type \($0), which is not in the m= line",
                at: line)
        }
    }
}

private func withoutRidExtension(_ media: MediaContext) -> [Observation] {
    guard let line = media.attributes.lines("rid").first,
        !media.hasExtension(ridExtension)
    else { return [] }
    return [media.observed("\(media.name) has rids and no header extension for them", at: line)]
}

private func streams(
    _ media: MediaContext
) -> [(line: Line, rid: String, direction: StreamDirection)] {
    media.attributes.values(Simulcast.self).flatMap { line, simulcast in
        simulcast.send.joined().map { (line, $0.rid, StreamDirection.send) }
            + simulcast.recv.joined().map { (line, $0.rid, StreamDirection.recv) }
    }
}

private func unknownStreams(_ media: MediaContext) -> [Observation] {
    let known = Set(media.attributes.values(RestrictionID.self).map(\.value.id))
    return streams(media).filter { !known.contains($0.rid) }
        .map { media.observed("simulcast has \(quoted($0.rid)), which has no a=rid", at: $0.line) }
}

private func streamDirections(_ media: MediaContext) -> [Observation] {
    let rids = media.attributes.values(RestrictionID.self).map { ($0.value.id, $0.value.direction) }
    let directions = Dictionary(rids) { first, _ in first }
    return streams(media).compactMap { line, rid, direction in
        guard let own = directions[rid], own != direction else { return nil }
        return media.observed(
            "simulcast says \(direction.rawValue) \(shown(rid)), a=rid says \(own.rawValue)",
            at: line)
    }
}

private func repeatedSimulcast(_ media: MediaContext) -> [Observation] {
    media.attributes.lines("simulcast").dropFirst()
        .map { media.observed("there is a second a=simulcast", at: $0) }
}

private func repeatedStreams(_ media: MediaContext) -> [Observation] {
    media.attributes.values(Simulcast.self).prefix(1).flatMap { line, simulcast in
        var seen: Set<String> = []
        return (simulcast.send + simulcast.recv).joined().map(\.rid)
            .filter { !seen.insert($0).inserted }
            .map { media.observed("simulcast has \(quoted($0)) more than once", at: line) }
    }
}

private func simulcastDirections(_ media: MediaContext) -> [Observation] {
    media.attributes.values(Simulcast.self).prefix(1).compactMap { line, simulcast in
        let direction = media.direction
        if !simulcast.send.isEmpty, !direction.sends {
            return media.observed(
                "simulcast sends, \(media.name) is \(direction.rawValue)", at: line)
        }
        if !simulcast.recv.isEmpty, !direction.receives {
            return media.observed(
                "simulcast receives, \(media.name) is \(direction.rawValue)", at: line)
        }
        return nil
    }
}
