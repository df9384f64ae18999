import SDP

// The codecs of an answer.

extension Rule {
    static let answerCodecs = [
        Rule(
            "answer-no-common-codec", .all(.error), RFCSection(3264, "6.1"),
            "accepted media has a codec that both sides have",
            hint: "agree on one codec with the same parameters, or refuse the media with port 0",
            .mediaPair(noCommonCodec)),
        Rule(
            "answer-codec-unoffered", .all(.info), RFCSection(3264, "6.1"),
            "the codecs of an answer were offered",
            hint: "it is legal; the answerer cannot send them, and few offerers take them up",
            .mediaPair(unofferedCodecs)),
        Rule(
            "answer-payload-type", .all(.warning), RFCSection(3264, "6.1"),
            "a codec keeps the payload type it was offered with",
            hint: "copy the payload type from the offer; each side may use its own, few test it",
            .mediaPair(renumberedCodecs)),
        Rule(
            "answer-payload-type-reused", .all(.error), RFCSection(3264, "8.3.2"),
            "a payload type of the offer means the same codec in the answer",
            hint: "use a payload type that the offer does not have", .mediaPair(reusedPayloads)),
        Rule(
            "answer-h264-profile", .all(.error), RFCSection(6184, "8.2.2"),
            "H.264 of an answer has a profile that was offered",
            hint: "both sides need one profile, best 42e01f; the level alone may differ",
            .mediaPair(h264Profiles)),
        Rule(
            "answer-h264-packetization", .all(.error), RFCSection(6184, "8.2.2"),
            "H.264 of an answer has a packetization-mode that was offered",
            hint: "answer the packetization-mode of the offer; without the parameter it is 0",
            .mediaPair(h264Modes)),
        Rule(
            "answer-h264-level", .all(.warning), RFCSection(6184, "8.2.2"),
            "the level of an answer is not above the offer's, unless both allow asymmetry",
            hint: "lower the level, or say level-asymmetry-allowed=1 on both sides",
            .mediaPair(h264Levels)),
        Rule(
            "answer-codec-parameters", .all(.error), RFCSection(3264, "6.1"),
            "parameters that have to be the same are the same in the answer",
            hint: "copy the parameter from the offer", .mediaPair(otherParameters)),
        Rule(
            "answer-rtx-binding", .all(.error), RFCSection(4588, "8.1"),
            "retransmission in an answer repeats a codec that is used, as it was offered",
            hint: "let apt name the payload type of the same codec as in the offer",
            .mediaPair(rtxBindings)),
        Rule(
            "answer-rtcp-fb-unoffered", .all(.warning), RFCSection(4585, "4.2"),
            "an answer has feedback of the offer only",
            hint: "take the rtcp-fb out", .mediaPair(unofferedFeedback)),
        Rule(
            "answer-dtmf-refused", .webrtc(nil, sip: .info), RFCSection(4733, "2.5.1.1"),
            "telephone events that were offered are taken",
            hint: "digits go as sound now, which codecs of speech garble",
            .mediaPair(refusedEvents)),
    ]
}

private func noCommonCodec(_ media: MediaPair) -> [Observation] {
    guard media.isSameKind else { return [] }
    guard media.offer.isRTP else { return noCommonFormat(media) }
    guard media.lacksCodec else { return [] }
    func names(_ side: MediaContext) -> String {
        let names = side.codecs.filter { !$0.isAuxiliary }.map(\.text)
        return names.isEmpty ? "none that carries media" : quoted(names.joined(separator: ", "))
    }
    return [
        media.observed(
            "the offer has \(names(media.offer)), the answer \(names(media.answer))"
                + (parameterMismatch(media).map { "; \($0)" } ?? ""))
    ]
}

/// Of media that is not RTP; the format of the drafts' DTLS/SCTP was the port of each side.
private func noCommonFormat(_ media: MediaPair) -> [Observation] {
    let offered = Set(media.offer.media?.formats ?? [])
    let own = media.answer.media?.formats ?? []
    guard !own.isEmpty, offered.isDisjoint(with: own),
        media.offer.media?.transport == media.answer.media?.transport,
        media.offer.media?.transport != .dtlsSCTP
    else { return [] }
    return [media.observed("none of the formats \(quoted(own.joined(separator: " "))) was offered")]
}

/// Why the first codec of the same name does not do.
private func parameterMismatch(_ media: MediaPair) -> String? {
    media.matching.unoffered.lazy.compactMap { codec, reason in
        guard case .parameter = reason, !codec.isAuxiliary else { return nil }
        return reason.words
    }.first
}

private func unofferedCodecs(_ media: MediaPair) -> [Observation] {
    guard media.isSameKind else { return [] }
    return media.matching.unoffered.compactMap { codec, reason in
        switch reason {
        case .absent: media.observed("\(codec.text) was not offered", at: codec.mapLine)
        case .form(let offer, let answer):
            media.observed("\(answer) was offered as \(offer)", at: codec.mapLine)
        case .superseded:
            media.observed(
                "\(codec.text) is there more often than it was offered", at: codec.mapLine)
        case .parameter, .repeatsUnused: nil
        }
    }
}

private func renumberedCodecs(_ media: MediaPair) -> [Observation] {
    media.matching.matches.filter { $0.offer.payloadType != $0.answer.payloadType }.map {
        media.observed(
            "\($0.answer.text) is \($0.answer.payloadType), and \($0.offer.payloadType) in the offer",
            at: $0.answer.mapLine)
    }
}

private func reusedPayloads(_ media: MediaPair) -> [Observation] {
    let pairs = media.offer.codecs.map { ($0.payloadType, $0) }
    let offered = Dictionary(pairs) { first, _ in first }
    return media.answer.codecs.compactMap { codec in
        guard media.isSameKind, let before = offered[codec.payloadType], before.map != nil,
            codec.map != nil, before.identity != codec.identity
        else { return nil }
        return media.observed(
            "payload type \(codec.payloadType) is \(codec.text), and \(before.text) in the offer",
            at: codec.mapLine)
    }
}

private func differing(
    _ media: MediaPair, isH264: Bool, names: (String) -> Bool
) -> [Observation] {
    media.matching.unoffered.compactMap { codec, reason in
        guard case .parameter(let name, let offer, let answer) = reason, names(name),
            codec.isNamed("H264") == isH264
        else { return nil }
        return media.observed(
            "\(name) of \(codec.text) is \(answer), and \(offer) in the offer",
            at: codec.parametersLine ?? codec.mapLine)
    }
}

private func h264Profiles(_ media: MediaPair) -> [Observation] {
    differing(media, isH264: true) { $0 == "profile-level-id" }
}

private func h264Modes(_ media: MediaPair) -> [Observation] {
    differing(media, isH264: true) { $0 == "packetization-mode" }
}

private func otherParameters(_ media: MediaPair) -> [Observation] {
    differing(media, isH264: false) { _ in true }
}

private func h264Levels(_ media: MediaPair) -> [Observation] {
    media.matching.matches.compactMap { match in
        guard let offer = match.offer.h264, let answer = match.answer.h264,
            !(offer.allowsLevelAsymmetry && answer.allowsLevelAsymmetry),
            let offered = offer.profileLevelID, let own = answer.profileLevelID,
            own.comparableLevel > offered.comparableLevel
        else { return nil }
        return media.observed(
            "the level is \(own.level), and \(offered.level) in the offer",
            at: match.answer.parametersLine)
    }
}

extension H264ProfileLevelID {
    /// Levels in their order: 1b is between 1 and 1.1.
    fileprivate var comparableLevel: Int { isLevel1b ? 105 : Int(levelIDC) * 10 }
}

private func rtxBindings(_ media: MediaPair) -> [Observation] {
    guard media.isSameKind else { return [] }
    return media.matching.unoffered.compactMap { codec, reason in
        guard case .repeatsUnused(let apt) = reason,
            // What is not in the answer's own m= line has a rule of its own.
            let apt, let primary = media.answer.codec(apt)
        else { return nil }
        return media.observed(
            "rtx \(codec.payloadType) repeats \(primary.text), and was not offered so",
            at: codec.parametersLine)
    }
}

private func unofferedFeedback(_ media: MediaPair) -> [Observation] {
    guard media.isSameKind else { return [] }
    let forAll = media.offer.feedbackForAll
    return media.matching.matches.flatMap { match in
        let offered = Set(match.offer.feedback.map(\.words))
        let own = match.answer.feedback.filter {
            !offered.contains($0.words) && !forAll.contains($0.words)
        }
        return own.map {
            media.observed("\(quoted($0.words)) of \(match.answer.text) was not offered")
        }
    }
}

private func refusedEvents(_ media: MediaPair) -> [Observation] {
    guard media.offer.codecs.contains(where: { $0.isNamed("telephone-event") }),
        !media.answer.codecs.contains(where: { $0.isNamed("telephone-event") })
    else { return [] }
    return [media.observed("the answer has no telephone-event")]
}
