import SDP

// What an answer may say to an offer (RFC 3264, RFC 9429).

extension Rule {
    static let offerAnswer = [
        Rule(
            "answer-media-count", .all(.error), RFCSection(3264, "6"),
            "an answer has as many m= lines as its offer",
            hint: "answer each m= line in its place; refuse one with port 0, never leave it out",
            .pair(mediaCount)),
        Rule(
            "answer-media-order", .all(.error), RFCSection(3264, "6"),
            "the m= lines of an answer are in the order of the offer's",
            hint: "keep the order; the first answers the first", .pair(mediaOrder)),
        Rule(
            "answer-mid", .webrtc(.error, sip: .error), RFCSection(9429, "5.3.1"),
            "media of an answer has the mid that it was offered with",
            hint: "copy a=mid from the offer", .pair(changedMids)),
        Rule(
            "answer-protocol", .webrtc(.error, sip: .error), RFCSection(9429, "5.3.1"),
            "media of an answer has the protocol that it was offered with",
            hint: "copy the protocol of the m= line from the offer", .mediaPair(changedProtocol)),
        Rule(
            "answer-revives", .all(.error), RFCSection(3264, "8.2"),
            "media that was offered with port 0 is refused",
            hint: "answer port 0 with port 0", .pair(revivedMedia)),
        Rule(
            "answer-rejects", .all(.info), RFCSection(3264, "6"),
            "no media is refused",
            hint: "look why: no common codec, no permission, or no such track", .pair(rejectedMedia)
        ),
        Rule(
            "answer-direction", .all(.error), RFCSection(3264, "6.1"),
            "the answerer sends only what is received, and the other way round",
            hint: "answer sendonly with recvonly, recvonly with sendonly, or either with inactive",
            .mediaPair(illegalDirection)),
        Rule(
            "one-way-media", .webrtc(.warning, sip: .warning), RFCSection(3264, "6.1"),
            "where one side wants media to go both ways, it does",
            hint: "the side that says the narrower direction has no track, or is on hold",
            .mediaPair(oneWayMedia)),
        Rule(
            "no-media-flows", .webrtc(.warning, sip: .warning), RFCSection(3264, "6.1"),
            "media goes at least one way",
            hint: "set a direction that the other side's fits", .mediaPair(nothingFlows)),
        Rule(
            "answer-copies-offer", .all(.error), RFCSection(3264, "6"),
            "an answer is the other side's own description",
            hint: "look at the signalling: the offer came back to who sent it",
            .pair(copiedOffer)),
        Rule(
            "answer-extmap-unoffered", .all(.warning), RFCSection(9429, "5.3.1"),
            "an answer has header extensions of the offer only",
            hint: "take the extension out", .mediaPair(unofferedExtensions)),
        Rule(
            "answer-extmap-number", .all(.error), RFCSection(8285, "7"),
            "a header extension keeps the number it was offered with",
            hint: "copy the number from the offer", .mediaPair(renumberedExtensions)),
        Rule(
            "answer-extmap-reassigned", .all(.error), RFCSection(8285, "7"),
            "a number that was offered for a header extension is used for no other",
            hint: "take the extension out; Chromium refuses the answer",
            .mediaPair(reassignedExtensions)),
        Rule(
            "answer-simulcast", .all(.error), RFCSection(8853, "5.3.2"),
            "an answer receives the simulcast streams that were offered, or some of them",
            hint: "turn send into recv, and keep the rids", .mediaPair(unofferedSimulcast)),
        Rule(
            "answer-simulcast-refused", .webrtc(.info), RFCSection(8853, "5.3.3"),
            "simulcast that was offered is taken",
            hint: "the offerer sends one encoding only", .mediaPair(refusedSimulcast)),
    ]
}

private func mediaCount(_ pair: PairContext) -> [Observation] {
    let (offered, answered) = (pair.offer.media.count, pair.answer.media.count)
    guard offered != answered else { return [] }
    let extra = answered > offered ? pair.answer.media[offered] : nil
    return [
        Observation(
            "the answer has \(answered) m= lines, the offer \(offered)", at: extra?.line,
            media: extra?.index)
    ]
}

private func mediaOrder(_ pair: PairContext) -> [Observation] {
    pair.media.compactMap { media in
        let (offer, answer) = (media.offer, media.answer)
        if offer.kind != answer.kind {
            return media.observed("\(answer.kind) answers \(offer.kind)")
        }
        guard let mid = answer.mid, mid != offer.mid, let place = pair.offer.mediaByMid[mid] else {
            return nil
        }
        return media.observed(
            "mid \(quoted(mid)) is at index \(answer.index), and at index \(place) in the offer",
            at: answer.attributes.lines("mid").first)
    }
}

/// Who does not know mids leaves them out (RFC 5888 section 9), which is no other mid.
private func changedMids(_ pair: PairContext) -> [Observation] {
    pair.media.compactMap { media in
        guard let offered = media.offer.mid, let own = media.answer.mid, own != offered,
            media.answer.isOn, pair.offer.mediaByMid[own] == nil
        else { return nil }
        return media.observed(
            "the mid is \(quoted(own)), and \(quoted(offered)) in the offer",
            at: media.answer.attributes.lines("mid").first)
    }
}

private func changedProtocol(_ media: MediaPair) -> [Observation] {
    guard let offered = media.offer.media?.transport, let own = media.answer.media?.transport,
        offered != own, media.offer.kind == media.answer.kind
    else { return [] }
    return [media.observed("\(media.answer.protocolText) answers \(media.offer.protocolText)")]
}

private func revivedMedia(_ pair: PairContext) -> [Observation] {
    pair.media.filter { !$0.offer.isOn && $0.answer.isOn }.map { media in
        media.observed(
            "\(media.offer.name) was offered with port 0 and is answered with port \(media.answer.media?.port ?? 0)"
        )
    }
}

private func rejectedMedia(_ pair: PairContext) -> [Observation] {
    pair.media.filter { $0.offer.isOn && !$0.answer.isOn }
        .map { $0.observed("\($0.offer.name) is refused") }
}

private func directionLine(_ media: MediaPair) -> Line? {
    media.answer.attributes.directions.first?.line
}

private func illegalDirection(_ media: MediaPair) -> [Observation] {
    let (offer, answer) = (media.offer.direction, media.answer.direction)
    guard answer.sends && !offer.receives || answer.receives && !offer.sends else { return [] }
    return [
        media.observed(
            "\(answer.rawValue) answers \(offer.rawValue) of \(media.offer.name)",
            at: directionLine(media))
    ]
}

private func oneWayMedia(_ media: MediaPair) -> [Observation] {
    guard media.offer.isRTP, media.flows.forward != media.flows.back,
        media.offer.direction == .sendrecv || media.answer.direction == .sendrecv
    else { return [] }
    let sender = media.flows.forward ? "offerer" : "answerer"
    return [
        media.observed(
            "\(media.offer.name) goes only from the \(sender): the offer is \(media.offer.directionText), the answer \(media.answer.directionText)",
            at: directionLine(media))
    ]
}

private func nothingFlows(_ media: MediaPair) -> [Observation] {
    guard media.offer.isRTP, !media.flows.forward, !media.flows.back else { return [] }
    return [
        media.observed(
            "\(media.offer.name) does not flow: the offer is \(media.offer.directionText), the answer \(media.answer.directionText)",
            at: directionLine(media))
    ]
}

private func copiedOffer(_ pair: PairContext) -> [Observation] {
    pair.accepted.prefix(1).compactMap { media in
        let names = ["ice-ufrag", "ice-pwd"]
        guard
            names.allSatisfy({ name in
                guard let own = media.answer.transport(name) else { return false }
                return own == media.offer.transport(name)
            })
        else { return nil }
        return media.observed(
            "ice-ufrag and ice-pwd are those of the offer",
            at: media.answer.transportLines("ice-ufrag").first)
    }
}

private func unofferedExtensions(_ media: MediaPair) -> [Observation] {
    let offered = Set(media.offer.attributes.values(HeaderExtension.self).map(\.value.uri))
    return media.answer.attributes.values(HeaderExtension.self).compactMap { line, value in
        offered.contains(value.uri)
            ? nil : media.observed("\(quoted(value.uri)) was not offered", at: line)
    }
}

private func renumberedExtensions(_ media: MediaPair) -> [Observation] {
    var offered: [String: Set<UInt32>] = [:]
    for (_, value) in media.offer.attributes.values(HeaderExtension.self) {
        offered[value.uri, default: []].insert(value.id)
    }
    // Numbers above 4095 are there to be replaced.
    let texts = offered.filter { $0.value.allSatisfy { $0 < 4096 } }.mapValues { ids in
        shown(ids.sorted().map { "\($0)" }.joined(separator: " and "))
    }
    return media.answer.attributes.values(HeaderExtension.self).compactMap { line, value in
        guard let was = texts[value.uri], offered[value.uri]?.contains(value.id) == false else {
            return nil
        }
        return media.observed(
            "\(quoted(value.uri)) is \(value.id), and \(was) in the offer", at: line)
    }
}

private func reassignedExtensions(_ media: MediaPair) -> [Observation] {
    var (offered, uris): ([UInt32: String], Set<String>) = ([:], [])
    for (_, value) in media.offer.attributes.values(HeaderExtension.self) {
        offered[value.id] = offered[value.id] ?? value.uri
        uris.insert(value.uri)
    }
    return media.answer.attributes.values(HeaderExtension.self).compactMap { line, value in
        guard let was = offered[value.id], !uris.contains(value.uri) else { return nil }
        return media.observed(
            "\(value.id) is \(quoted(value.uri)), and \(quoted(was)) in the offer", at: line)
    }
}

private func unofferedSimulcast(_ media: MediaPair) -> [Observation] {
    guard let (line, own) = media.answer.attributes.values(Simulcast.self).first else { return [] }
    let offered = media.offer.attributes.first(Simulcast.self) ?? Simulcast()
    let sent = Set(offered.send.joined().map(\.rid))
    let received = Set(offered.recv.joined().map(\.rid))
    let strange =
        own.recv.joined().filter { !sent.contains($0.rid) }.map { "recv \($0.rid)" }
        + own.send.joined().filter { !received.contains($0.rid) }.map { "send \($0.rid)" }
    return strange.map { media.observed("\(shown($0)) answers no stream of the offer", at: line) }
}

private func refusedSimulcast(_ media: MediaPair) -> [Observation] {
    guard let offered = media.offer.attributes.first(Simulcast.self), !offered.send.isEmpty,
        !media.answer.attributes.has("simulcast")
    else { return [] }
    return [
        media.observed("\(offered.send.count) streams were offered, and no a=simulcast answers")
    ]
}
