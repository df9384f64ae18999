import SDP

// RTP sources (RFC 5576).

extension Rule {
    static let sources = [
        Rule(
            "ssrc-duplicate", .all(.error), RFCSection(9143, "9.1"),
            "an SSRC belongs to one media of its bundle",
            hint: "choose random SSRCs; a clash sends packets to the wrong media",
            .session(sharedSources)),
        Rule(
            "ssrc-cname-missing", .all(.warning), RFCSection(5576, "6.1"),
            "every SSRC has its cname",
            hint: "add \"a=ssrc:<ssrc> cname:<name>\", else audio and video are not in step",
            .media(namelessSources)),
        Rule(
            "ssrc-group-unknown", .all(.warning), RFCSection(5576, "4.2"),
            "an ssrc-group has SSRCs of its media",
            hint: "add the a=ssrc lines, or take the group out", .media(unknownSources)),
        Rule(
            "ssrc-group-size", .all(.warning), RFCSection(5576, "4.2"),
            "FID and FEC groups have two SSRCs, SIM two or more",
            hint: "write a group for each stream and what repairs it; browsers read pairs only",
            .media(oddGroups)),
        Rule(
            "msid-conflict", .webrtc(.warning), RFCSection(8830, "2"),
            "a=msid lines and the msid of SSRCs name one track",
            hint: "write both from the same track, or leave the old ssrc msid out",
            .media(conflictingTracks)),
        Rule(
            "plan-b", .webrtc(.error), RFCSection(9429, "5.2.1"),
            "each m= section is for one track",
            hint: "write an m= section for each track (unified plan); no browser reads Plan B now",
            .media(severalTracks)),
    ]
}

/// Bundled media is one RTP session; the SSRCs of others may be the same (RFC 5576 section 4.1).
private func sharedSources(_ context: DescriptionContext) -> [Observation] {
    context.activeBundles.flatMap { sharedSources(among: $0, context) }
}

private func sharedSources(
    among bundled: [MediaContext], _ context: DescriptionContext
) -> [Observation] {
    var owners: [UInt32: Int] = [:]
    var told: Set<UInt32> = []
    return bundled.flatMap { media in
        media.attributes.values(SourceAttribute.self).compactMap { line, value -> Observation? in
            let owner = owners[value.ssrc] ?? media.index
            owners[value.ssrc] = owner
            guard owner != media.index, told.insert(value.ssrc).inserted else { return nil }
            return media.observed(
                "SSRC \(value.ssrc) is one of \(context.media[owner].name) already", at: line)
        }
    }
}

private func namelessSources(_ media: MediaContext) -> [Observation] {
    var named: Set<UInt32> = []
    var first: [(UInt32, Line)] = []
    var seen: Set<UInt32> = []
    for (line, value) in media.attributes.values(SourceAttribute.self) {
        if value.name == "cname" { named.insert(value.ssrc) }
        if seen.insert(value.ssrc).inserted { first.append((value.ssrc, line)) }
    }
    return first.filter { !named.contains($0.0) }
        .map { media.observed("SSRC \($0.0) has no cname", at: $0.1) }
}

private func unknownSources(_ media: MediaContext) -> [Observation] {
    let known = Set(media.attributes.values(SourceAttribute.self).map(\.value.ssrc))
    return media.attributes.values(SourceGroup.self).flatMap { line, group in
        let semantics = shown(group.semantics)
        return group.ssrcs.filter { !known.contains($0) }.map {
            media.observed("\(semantics) has SSRC \($0), which has no a=ssrc", at: line)
        }
    }
}

private func oddGroups(_ media: MediaContext) -> [Observation] {
    media.attributes.values(SourceGroup.self).compactMap { line, group in
        let isOdd =
            switch group.semantics {
            case "FID", "FEC-FR": group.ssrcs.count != 2
            case "SIM": group.ssrcs.count < 2
            default: false
            }
        guard isOdd else { return nil }
        return media.observed("\(group.semantics) has \(group.ssrcs.count) SSRCs", at: line)
    }
}

/// The track of a source, as browsers of old told it.
private func track(_ source: SourceAttribute) -> Substring? {
    guard source.name == "msid", let words = source.value?.split(separator: " "), words.count > 1
    else { return nil }
    return words[1]
}

private func severalTracks(_ media: MediaContext) -> [Observation] {
    var tracks: Set<Substring> = []
    var second: Line?
    for (line, value) in media.attributes.values(SourceAttribute.self) {
        guard let track = track(value), tracks.insert(track).inserted else { continue }
        if tracks.count == 2 { second = line }
    }
    guard let second else { return [] }
    return [media.observed("\(media.name) has SSRCs of \(tracks.count) tracks", at: second)]
}

private func conflictingTracks(_ media: MediaContext) -> [Observation] {
    let own = Set(media.attributes.values(StreamID.self).compactMap(\.value.track))
    guard own.count < 2 else {
        return [
            media.observed(
                "a=msid has \(own.count) tracks", at: media.attributes.lines("msid").last)
        ]
    }
    guard !own.isEmpty else { return [] }
    var told: Set<String> = []
    return media.attributes.values(SourceAttribute.self).compactMap { line, value in
        guard let track = track(value), !own.contains(String(track)),
            told.insert(String(track)).inserted
        else { return nil }
        return media.observed(
            "SSRC \(value.ssrc) is of track \(quoted(track)), a=msid says another", at: line)
    }
}
