extension RuleCase {
    static let ofAnswers: [RuleCase] = [
        RuleCase(
            "answer-media-count", .pair, .append("m=video 0 UDP/TLS/RTP/SAVPF 96\na=mid:3"),
            at: "m=video 0"),
        RuleCase("answer-media-count", .sipPair, .remove("m="), .removeAll("a=")),
        RuleCase("answer-media-order", .pair, .replace("m=audio", "m=video"), at: "m=video"),
        RuleCase("answer-media-order", .pair, .replace("a=mid:0", "a=mid:1"), at: "a=mid:1"),
        RuleCase(
            "answer-mid", .pair, .replace("a=mid:2", "a=mid:x"),
            .replace("BUNDLE 0 1 2", "BUNDLE 0 1 x"), at: "a=mid:x"),
        RuleCase("answer-protocol", .sipPair, .replace("RTP/SAVP", "RTP/SAVPF"), at: "m=audio"),
        RuleCase(
            "answer-revives", .pair,
            offer: [.remove("a=bundle-only"), .replace("BUNDLE 0 1 2", "BUNDLE 0 2")], at: "m=video"
        ),
        RuleCase(
            "answer-rejects", .pair, .replace("m=video 9", "m=video 0"),
            .replace("BUNDLE 0 1 2", "BUNDLE 0 2"), at: "m=video"),
        RuleCase(
            "answer-direction", .pair, .replace("a=sendrecv", "a=sendonly"),
            offer: [.replace("a=sendrecv", "a=sendonly")], at: "a=sendonly"),
        RuleCase(
            "answer-direction", .pair, offer: [.replace("a=sendrecv", "a=inactive")],
            at: "a=sendrecv"),
        RuleCase(
            "one-way-media", .pair, .replace("a=sendrecv", "a=recvonly"), at: "a=recvonly",
            butNot: [.replace("a=sendrecv", "a=inactive")]),
        RuleCase(
            "no-media-flows", .pair, .replace("a=sendrecv", "a=inactive"), at: "a=inactive",
            butNot: [.replace("a=sendrecv", "a=recvonly")]),
        RuleCase(
            "answer-copies-offer", .pair, .replace("Zz9/", "Ab1+"),
            .replace("zyxwvutsrqponmlkjihgfe", "0123456789abcdefghij/+"), at: "a=ice-ufrag"),
        RuleCase(
            "answer-extmap-unoffered", .pair, .add("a=extmap:7 urn:x", after: "a=mid:0"),
            at: "a=extmap:7"),
        RuleCase(
            "answer-extmap-number", .pair, .replaceAll("extmap:4 ", "extmap:5 "), at: "a=extmap:5"),
        RuleCase(
            "answer-extmap-reassigned", .pair,
            .replaceAll("extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid", "extmap:4 urn:x"),
            at: "a=extmap:4", butNot: [.replaceAll("extmap:4 ", "extmap:5 ")]),
        RuleCase(
            "answer-simulcast", .pair, .replace("recv hi;lo", "recv hi;mid"),
            .add("a=rid:mid recv", after: "a=rid:lo"), at: "a=simulcast",
            butNot: [.replace("recv hi;lo", "recv hi")]),
        RuleCase(
            "answer-simulcast-refused", .pair, .remove("a=simulcast"), .removeAll("a=rid"),
            at: "m=video"),
        RuleCase(
            "answer-no-common-codec", .pair, .replace("SAVPF 111 0 110", "SAVPF 8 110"),
            at: "m=audio"),
        RuleCase(
            "answer-codec-unoffered", .pair, .replace("SAVPF 111 0 110", "SAVPF 111 8 110"),
            at: "m=audio"),
        RuleCase(
            "answer-payload-type", .pair, .replace("SAVPF 111 0", "SAVPF 112 0"),
            .replaceAll(":111 ", ":112 "), at: "a=rtpmap:112"),
        RuleCase(
            "answer-payload-type-reused", .pair,
            .replace("a=rtpmap:110 telephone-event/48000", "a=rtpmap:110 speex/8000"),
            at: "a=rtpmap:110"),
        RuleCase(
            "answer-h264-profile", .pair, .replace("42e01f", "64001f"), at: "a=fmtp:102",
            butNot: [.replace("42e01f", "42c01e")]),
        RuleCase(
            "answer-h264-packetization", .pair, .replace("packetization-mode=1;", ""),
            at: "a=fmtp:102"),
        RuleCase(
            "answer-h264-level", .pair, .replace("42e01f", "42e028"), at: "a=fmtp:102",
            butNot: [.replace("42e01f", "42e00b")]),
        RuleCase(
            "answer-codec-parameters", .pair, .replace("VP8/90000", "VP9/90000"),
            .add("a=fmtp:96 profile-id=2", after: "a=mid:1"),
            offer: [.replace("VP8/90000", "VP9/90000")], at: "a=fmtp:96"),
        RuleCase(
            "answer-rtx-binding", .pair, .replace("apt=96", "apt=102"),
            offer: [.remove("a=fmtp:103"), .add("a=fmtp:103 apt=96", after: "a=mid:1")],
            at: "a=fmtp:97"),
        RuleCase(
            "answer-rtcp-fb-unoffered", .pair, .add("a=rtcp-fb:96 goog-remb", after: "a=rtpmap:96"),
            at: "m=video"),
        RuleCase("answer-dtmf-refused", .sipPair, .replace("SAVP 0 101", "SAVP 0"), at: "m=audio"),
    ]

    static let ofAnsweredTransport: [RuleCase] = [
        RuleCase(
            "answer-security-mismatch", .sipPair, .remove("a=crypto"),
            .append("\(Sample.fingerprint)\na=setup:active"), at: "a=fingerprint"),
        RuleCase(
            "answer-security-mismatch", .sipPair, .remove("a=crypto"),
            .replace("RTP/SAVP", "RTP/AVP"), at: "m=audio"),
        RuleCase(
            "answer-security-mismatch", .sipPair, .remove("a=crypto"), at: "m=audio"),
        RuleCase(
            "answer-setup-conflict", .pair, offer: [.replaceAll("setup:actpass", "setup:active")],
            at: "a=setup:active"),
        RuleCase("answer-sdes-tag", .sipPair, .replace("crypto:1", "crypto:2"), at: "a=crypto:2"),
        RuleCase(
            "answer-sdes-key", .sipPair,
            .replace(
                "OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEw",
                "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5|2^20|1:4"), at: "a=crypto"),
        RuleCase(
            "answer-ice-missing", .pair, .removeAll("a=ice-"), .removeAll("a=candidate"),
            at: "m=audio"),
        RuleCase(
            "answer-ice-unoffered", .sipPair,
            .append("a=ice-ufrag:abcd\na=ice-pwd:0123456789abcdefghijkl"), at: "a=ice-ufrag"),
        RuleCase(
            "ice-lite-both", .pair, .add("a=ice-lite", after: "t="),
            offer: [.add("a=ice-lite", after: "t=")], at: "a=ice-lite",
            butNot: [.add("a=ice-lite", after: "t=")]),
        RuleCase("answer-rtcp-mux-unoffered", .sipPair, .append("a=rtcp-mux"), at: "a=rtcp-mux"),
        RuleCase("answer-rtcp-mux-refused", .pair, .remove("a=rtcp-mux"), at: "m=audio"),
        RuleCase(
            "answer-bundle-unoffered", .pair, offer: [.replace("BUNDLE 0 1 2", "BUNDLE 0 1")],
            at: "a=group"),
        RuleCase("answer-bundle-refused", .pair, .remove("a=group")),
        RuleCase(
            "answer-bundle-only-alone", .pair, .replace("BUNDLE 0 1 2", "BUNDLE 0 2"), at: "m=video"
        ),
        RuleCase(
            "answer-datachannel-size", .pair, .replace("size:262144", "size:100000"),
            at: "a=max-message-size"),
    ]
}
