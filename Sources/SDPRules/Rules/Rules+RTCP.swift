import SDP

// RTCP: multiplexing and feedback.

extension Rule {
    static let rtcp = [
        Rule(
            "rtcp-mux-missing", .webrtc(.error), RFCSection(9429, "5.8.3"),
            "RTP and RTCP share a port",
            hint: "add a=rtcp-mux; browsers demand it by default", .media(withoutMux)),
        Rule(
            "rtcp-mux-only-alone", .all(.error), RFCSection(8858, "4.2"),
            "a=rtcp-mux-only stands beside a=rtcp-mux in an offer",
            hint: "add a=rtcp-mux", .media(muxOnlyAlone)),
        Rule(
            "rtcp-fb-profile", .all(.warning), RFCSection(4585, "4.2"),
            "rtcp-fb stands in a profile with feedback",
            hint: "use AVPF or SAVPF, or take the rtcp-fb lines out", .media(feedbackProfiles)),
        Rule(
            "rtcp-fb-nack-missing", .webrtc(.info), RFCSection(4585, "6.2.1"),
            "video asks for what was lost with nack, and for pictures with nack pli",
            hint: "add a=rtcp-fb nack and nack pli, else every loss freezes the picture",
            .media(videoWithoutFeedback)),
    ]
}

private func withoutMux(_ media: MediaContext) -> [Observation] {
    guard media.isRTP, media.bundle == nil, !media.attributes.has("rtcp-mux") else { return [] }
    return [media.observed("\(media.name) has no rtcp-mux")]
}

private func muxOnlyAlone(_ media: MediaContext) -> [Observation] {
    guard media.attributes.has("rtcp-mux-only"), !media.attributes.has("rtcp-mux"),
        media.session.kind != .answer
    else { return [] }
    return [
        media.observed(
            "\(media.name) has rtcp-mux-only and no rtcp-mux",
            at: media.attributes.lines("rtcp-mux-only").first)
    ]
}

private func feedbackProfiles(_ media: MediaContext) -> [Observation] {
    guard let transport = media.media?.transport, transport.isRTP, !transport.hasFeedback,
        let line = media.attributes.lines("rtcp-fb").first
    else { return [] }
    return [
        media.observed("\(media.name) has rtcp-fb and runs over \(media.protocolText)", at: line)
    ]
}

private func videoWithoutFeedback(_ media: MediaContext) -> [Observation] {
    guard media.isRTP, media.kind == "video", !media.codecs.isEmpty else { return [] }
    let feedback = media.attributes.values(RTCPFeedback.self).map(\.value)
    let missing = [("nack", String?.none), ("nack", "pli")].filter { name, parameter in
        !feedback.contains { $0.feedback == name && $0.parameter == parameter }
    }
    guard !missing.isEmpty else { return [] }
    let names = missing.map { $0.0 + ($0.1.map { " \($0)" } ?? "") }.joined(separator: " and no ")
    return [media.observed("\(media.name) has no \(names)")]
}
