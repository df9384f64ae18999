import SDP

// ICE credentials and options (RFC 8839).

extension Rule {
    static let ice = [
        Rule(
            "ice-credentials-missing", .webrtc(.error), RFCSection(8839, "5.4"),
            "media has ICE credentials, of its own, of the session or of its bundle",
            hint: "add a=ice-ufrag and a=ice-pwd; browsers talk to nobody without ICE",
            .media(withoutCredentials)),
        Rule(
            "ice-credentials-partial", .all(.error), RFCSection(8839, "5.4"),
            "a=ice-ufrag, a=ice-pwd and candidates come together",
            hint: "write both ufrag and pwd, in the same section", .media(halfCredentials)),
        Rule(
            "ice-ufrag-length", .all(.error), RFCSection(8839, "5.4"),
            "an ice-ufrag has 4 to 256 characters",
            hint: "let the ICE stack make it; browsers refuse a shorter one",
            .session { lengths("ice-ufrag", 4...256, $0) }),
        Rule(
            "ice-ufrag-long", .all(.warning), RFCSection(8839, "5.4"),
            "an ice-ufrag that is sent has 32 characters at most",
            hint: "let the ICE stack make it; two of them must fit into a STUN username",
            .session { $0.everyText("ice-ufrag", longFragment) }),
        Rule(
            "ice-pwd-length", .all(.error), RFCSection(8839, "5.4"),
            "an ice-pwd has 22 to 256 characters",
            hint: "let the ICE stack make it: 22 characters are its 128 bits of randomness",
            .session { lengths("ice-pwd", 22...256, $0) }),
        Rule(
            "ice-ufrag-characters", .all(.error), RFCSection(8839, "5.4"),
            "an ice-ufrag has letters, digits, + and / only",
            hint: "use the alphabet of Base64, without = at the end",
            .session { characters("ice-ufrag", $0) }),
        Rule(
            "ice-pwd-characters", .all(.error), RFCSection(8839, "5.4"),
            "an ice-pwd has letters, digits, + and / only",
            hint: "use the alphabet of Base64, without = at the end",
            .session { characters("ice-pwd", $0) }),
        Rule(
            "ice-lite-candidates", .all(.warning), RFCSection(8445, "5.2"),
            "an ICE-lite agent has host candidates only",
            hint: "give the public address as host candidate, or do full ICE",
            .session(liteCandidates)),
        Rule(
            "ice-mismatch", .webrtc(.error, sip: .warning, rtsp: .warning),
            RFCSection(8839, "4.2.5"),
            "the other side did not find the addresses changed on the way",
            hint:
                "ICE is off now: switch off what rewrites addresses on the way (SIP ALG, gateway)",
            .session(mismatches)),
        Rule(
            "trickle-no-end", .webrtc(.info), RFCSection(8840, "8.2"),
            "a description that trickles says a=end-of-candidates once all are there",
            hint: "candidates must follow by signalling; wait for gathering if you have none",
            .session(endless)),
        Rule(
            "candidates-missing", .webrtc(.warning, sip: .warning), RFCSection(8839, "4.3.1"),
            "a description that does not trickle has its candidates",
            hint: "wait until gathering is complete, or say a=ice-options:trickle and send them",
            .media(withoutCandidates)),
    ]
}

private func withoutCredentials(_ media: MediaContext) -> [Observation] {
    guard media.transport("ice-ufrag") == nil, media.transport("ice-pwd") == nil,
        !media.attributes.has("candidate"), media.isRTP || media.isSCTP
    else { return [] }
    return [media.observed("\(media.name) has neither ice-ufrag nor ice-pwd")]
}

private func halfCredentials(_ media: MediaContext) -> [Observation] {
    let (ufrag, pwd) = (media.credential("ice-ufrag"), media.credential("ice-pwd"))
    let line = ufrag ?? pwd
    switch (ufrag, pwd) {
    case (nil, nil):
        guard let line = media.attributes.lines("candidate").first else { return [] }
        return [media.observed("\(media.name) has candidates and no ice-ufrag", at: line)]
    case (nil, _): return [media.observed("\(media.name) has ice-pwd and no ice-ufrag", at: line)]
    case (_, nil): return [media.observed("\(media.name) has ice-ufrag and no ice-pwd", at: line)]
    default: return []
    }
}

extension MediaContext {
    /// Where a section has one of the two, the other is not that of its bundle, which goes with the
    /// first of its own.
    fileprivate func credential(_ name: String) -> Line? {
        let isOwn = attributes.has("ice-ufrag") || attributes.has("ice-pwd")
        if !isOwn { return transportLines(name).first }
        return (attributes.lines(name) + session.attributes.lines(name)).first
    }
}

private func lengths(
    _ name: String, _ range: ClosedRange<Int>, _ context: DescriptionContext
) -> [Observation] {
    // What it is stays out of the message: a password is a secret.
    context.everyText(name) { text in
        range.contains(text.utf8.count)
            ? nil
            : "the \(name) has \(text.utf8.count) characters, not \(range.lowerBound) to \(range.upperBound)"
    }
}

private func longFragment(_ text: String) -> String? {
    (33...256).contains(text.utf8.count) ? "the ice-ufrag has \(text.utf8.count) characters" : nil
}

private func characters(_ name: String, _ context: DescriptionContext) -> [Observation] {
    context.everyText(name) { text in
        text.first { !($0.utf8.count == 1 && $0.utf8.allSatisfy(\.isICECharacter)) }
            .map { "the \(name) has the character \(quoted(String($0)))" }
    }
}

private func liteCandidates(_ context: DescriptionContext) -> [Observation] {
    guard context.isICELite else { return [] }
    return context.media.flatMap { media in
        media.candidates.filter { $0.value.candidateType != .host }.map {
            media.observed(
                "a lite agent has a \(shown($0.value.candidateType.rawValue)) candidate",
                at: $0.line)
        }
    }
}

private func mismatches(_ context: DescriptionContext) -> [Observation] {
    context.attributes.lines("ice-mismatch").map { Observation("a=ice-mismatch is set", at: $0) }
        + context.media.flatMap { media in
            media.attributes.lines("ice-mismatch").map {
                media.observed("a=ice-mismatch is set for \(media.name)", at: $0)
            }
        }
}

private func endless(_ context: DescriptionContext) -> [Observation] {
    guard context.trickles, !context.attributes.has("end-of-candidates"),
        !context.media.contains(where: { $0.attributes.has("end-of-candidates") })
    else { return [] }
    let count = context.media.reduce(0) { $0 + $1.attributes.lines("candidate").count }
    return [Observation("there are \(count) candidates, and more may follow")]
}

private func withoutCandidates(_ media: MediaContext) -> [Observation] {
    guard media.usesICE, media.transportLines("candidate").isEmpty,
        media.tagged == nil,
        !(media.transportLines("ice-options").first?.hasTrickleOption ?? false)
    else { return [] }
    return [media.observed("\(media.name) has ICE credentials and no candidate")]
}
