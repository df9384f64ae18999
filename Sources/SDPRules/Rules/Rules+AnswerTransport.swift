import SDP

// The transport of an answer: ICE, DTLS, SDES, BUNDLE and RTCP.

extension Rule {
    static let answerTransport = [
        Rule(
            "answer-security-mismatch", .all(.error), RFCSection(8827, "6.5"),
            "both sides key and protect media in one way",
            hint: "answer a=crypto with a=crypto and a=fingerprint with a=fingerprint, or port 0",
            .mediaPair(keyingMismatch)),
        Rule(
            "answer-setup-conflict", .all(.error), RFCSection(4145, "4.1"),
            "one side is the DTLS client and the other the server",
            hint: "answer active to actpass or passive, passive to active",
            .mediaPair(setupConflict)),
        Rule(
            "answer-sdes-tag", .all(.error), RFCSection(4568, "5.1.2"),
            "an answer takes one a=crypto of the offer, with its tag and suite",
            hint: "answer with one a=crypto that has tag and suite of the one you chose",
            .mediaPair(cryptoTags)),
        Rule(
            "answer-sdes-key", .all(.error), RFCSection(4568, "7.1.2"),
            "the keys of an answer are other than those of the offer",
            hint: "make a new key: with one key for both ways, what is sent can be deciphered",
            .mediaPair(reusedKeys)),
        Rule(
            "answer-ice-missing", .webrtc(.error, sip: .warning), RFCSection(8839, "4.3.2"),
            "ICE that was offered is answered",
            hint: "add a=ice-ufrag, a=ice-pwd and candidates", .mediaPair(iceMissing)),
        Rule(
            "answer-ice-unoffered", .all(.warning), RFCSection(8839, "4.3.2"),
            "an answer speaks of ICE only where the offer does",
            hint: "take the ICE attributes out", .mediaPair(iceUnoffered)),
        Rule(
            "ice-lite-both", .webrtc(.warning, sip: .warning), RFCSection(8445, "6.1.1"),
            "one side does full ICE",
            hint: "it is legal, and no check is ever sent; if media does not flow, do full ICE",
            .pair(bothLite)),
        Rule(
            "answer-rtcp-mux-unoffered", .all(.error), RFCSection(5761, "5.1.1"),
            "an answer has rtcp-mux only where the offer has",
            hint: "take a=rtcp-mux out", .mediaPair(muxUnoffered)),
        Rule(
            "answer-rtcp-mux-refused", .webrtc(.error, sip: .info), RFCSection(9429, "5.3.1"),
            "rtcp-mux that was offered is taken",
            hint: "add a=rtcp-mux; browsers end the call without it", .mediaPair(muxRefused)),
        Rule(
            "answer-bundle-unoffered", .all(.error), RFCSection(9143, "7.3"),
            "what an answer bundles was offered in one BUNDLE group",
            hint: "name mids of one group of the offer", .pair(bundleUnoffered)),
        Rule(
            "answer-bundle-refused", .webrtc(.warning, sip: .info), RFCSection(9143, "7.3"),
            "BUNDLE that was offered is taken",
            hint: "add a=group:BUNDLE with the accepted mids; else every media needs a transport",
            .pair(bundleRefused)),
        Rule(
            "answer-bundle-only-alone", .all(.error), RFCSection(9143, "7.3.2"),
            "media that was offered bundle-only is bundled or refused",
            hint: "add its mid to a=group:BUNDLE, or answer port 0", .pair(bundleOnlyAlone)),
        Rule(
            "answer-datachannel-size", .all(.info), RFCSection(8841, "6.1"),
            "both sides take messages of one size",
            hint: "send no message above the other side's a=max-message-size",
            .mediaPair(messageSizes)),
    ]
}

private func keyingMismatch(_ media: MediaPair) -> [Observation] {
    guard media.isSameKind, media.offer.isRTP else { return [] }
    let (offer, answer) = (Keying.all(of: media.offer), Keying.all(of: media.answer))
    guard offer.isDisjoint(with: answer) else { return [] }
    return [
        media.observed(
            "the offer has \(Keying.text(offer)), the answer \(Keying.text(answer))",
            at: media.answer.attributes.lines("crypto").first
                ?? media.answer.attributes.lines("fingerprint").first)
    ]
}

private func setupConflict(_ media: MediaPair) -> [Observation] {
    guard let offer = media.offer.transport("setup"), let answer = media.answer.transport("setup"),
        offer == answer, offer == "active" || offer == "passive"
    else { return [] }
    return [
        media.observed(
            "both sides are \(quoted(answer))", at: media.answer.transportLines("setup").first)
    ]
}

private func cryptoTags(_ media: MediaPair) -> [Observation] {
    let offered = media.offer.attributes.values(CryptoAttribute.self).map(\.value)
    let own = media.answer.attributes.values(CryptoAttribute.self)
    guard !offered.isEmpty else { return [] }
    let suites = Dictionary(offered.map { ($0.tag, $0.suite) }) { first, _ in first }
    let strange = own.filter { suites[$0.value.tag] != $0.value.suite }.map {
        media.observed(
            "\(shown($0.value.suite)) with tag \($0.value.tag) was not offered", at: $0.line)
    }
    return strange
        + own.dropFirst().prefix(1).map {
            media.observed("there are \(own.count) a=crypto in the answer", at: $0.line)
        }
}

private func reusedKeys(_ media: MediaPair) -> [Observation] {
    let offered = media.offer.attributes.values(CryptoAttribute.self).flatMap(\.value.keys)
    let known = Set(offered.map(\.keyAndSalt).filter { !$0.isEmpty })
    // The key stays out of the message.
    return media.answer.attributes.values(CryptoAttribute.self)
        .filter { $0.value.keys.contains { known.contains($0.keyAndSalt) } }
        .map { media.observed("the key of tag \($0.value.tag) is one of the offer", at: $0.line) }
}

private func iceMissing(_ media: MediaPair) -> [Observation] {
    guard media.offer.usesICE, !media.answer.usesICE else { return [] }
    return [media.observed("\(media.offer.name) has ICE in the offer and none in the answer")]
}

private func iceUnoffered(_ media: MediaPair) -> [Observation] {
    guard !media.offer.usesICE, media.answer.usesICE else { return [] }
    return [
        media.observed(
            "\(media.offer.name) has ICE in the answer and none in the offer",
            at: media.answer.transportLines("ice-ufrag").first)
    ]
}

private func bothLite(_ pair: PairContext) -> [Observation] {
    guard pair.offer.isICELite, pair.answer.isICELite else { return [] }
    return [
        Observation(
            "offer and answer have a=ice-lite", at: pair.answer.attributes.lines("ice-lite").first)
    ]
}

private func muxUnoffered(_ media: MediaPair) -> [Observation] {
    guard let line = media.answer.attributes.lines("rtcp-mux").first,
        !media.offer.multiplexesRTCP
    else { return [] }
    return [media.observed("\(media.offer.name) has rtcp-mux, which was not offered", at: line)]
}

private func muxRefused(_ media: MediaPair) -> [Observation] {
    guard media.offer.isRTP, media.offer.multiplexesRTCP, !media.answer.multiplexesRTCP else {
        return []
    }
    return [media.observed("\(media.offer.name) was offered rtcp-mux and is answered without")]
}

private func bundleUnoffered(_ pair: PairContext) -> [Observation] {
    let groups = pair.offer.bundles.enumerated().flatMap { number, bundle in
        bundle.mids.map { ($0, number) }
    }
    let groupByMid = Dictionary(groups) { first, _ in first }
    return pair.answer.bundles.compactMap { bundle in
        let strange = bundle.mids.filter { groupByMid[$0] == nil }
        if let mid = strange.first {
            return Observation(
                "mid \(quoted(mid)) was in no BUNDLE group of the offer", at: bundle.line)
        }
        guard Set(bundle.mids.compactMap { groupByMid[$0] }).count > 1 else { return nil }
        return Observation("the group joins several groups of the offer", at: bundle.line)
    }
}

private func bundleRefused(_ pair: PairContext) -> [Observation] {
    guard pair.offer.bundles.contains(where: { $0.members.count > 1 }),
        pair.answer.bundles.isEmpty, pair.accepted.count > 1
    else { return [] }
    return [Observation("the offer has a BUNDLE group, the answer none")]
}

private func bundleOnlyAlone(_ pair: PairContext) -> [Observation] {
    pair.accepted.filter { $0.offer.isBundleOnly && $0.answer.bundle == nil }
        .map { $0.observed("\($0.offer.name) was offered bundle-only and is answered alone") }
}

private func messageSizes(_ media: MediaPair) -> [Observation] {
    guard media.offer.isSCTP, media.answer.isSCTP else { return [] }
    let (offered, own) = (media.offer.maxMessageSize, media.answer.maxMessageSize)
    guard offered != own else { return [] }
    func text(_ size: UInt64) -> String { size == 0 ? "without limit" : "up to \(size) bytes" }
    return [
        media.observed(
            "the offerer takes messages \(text(offered)), the answerer \(text(own))",
            at: media.answer.attributes.lines("max-message-size").first)
    ]
}
