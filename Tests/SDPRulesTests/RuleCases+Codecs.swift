extension RuleCase {
    /// A static payload type that is given to another codec, and one that is given its own.
    private static func redefinition(
        of payloadType: Int, as other: String, butNot own: String
    ) -> RuleCase {
        func edits(_ codec: String) -> [Edit] {
            [
                .replace("SAVPF 111 63", "SAVPF 111 \(payloadType) 63"),
                .add("a=rtpmap:\(payloadType) \(codec)", after: "a=rtpmap:111"),
            ]
        }
        return RuleCase(
            "payload-type-redefined", .offer, edits(other)[0], edits(other)[1],
            at: "a=rtpmap:\(payloadType) ", butNot: edits(own))
    }

    static let ofCodecs: [RuleCase] = [
        RuleCase(
            "payload-type-duplicate", .offer, .replace("SAVPF 111 63", "SAVPF 111 111 63"),
            at: "m=audio"),
        RuleCase(
            "payload-type-duplicate", .offer, .add("a=rtpmap:111 PCMA/8000", after: "a=rtpmap:111"),
            at: "a=rtpmap:111 PCMA",
            butNot: [.add("a=rtpmap:111 opus/48000/2", after: "a=rtpmap:111")]),
        RuleCase(
            "payload-type-unmapped", .offer, .replace("SAVPF 111 63", "SAVPF 111 98 63"),
            at: "m=audio", butNot: [.replace("SAVPF 111 63", "SAVPF 111 8 63")]),
        RuleCase(
            "payload-type-range", .offer, .replace("SAVPF 111 63", "SAVPF 111 128 63"),
            at: "m=audio"),
        RuleCase(
            "payload-type-range", .offer, .replace("SAVPF 111 63", "SAVPF 111 opus 63"),
            at: "m=audio"),
        RuleCase(
            "payload-type-rtcp", .offer, .replace("SAVPF 111 63", "SAVPF 111 72"),
            .replaceAll(":63 ", ":72 "), at: "a=rtpmap:72"),
        RuleCase(
            "payload-type-redefined", .offer, .replace("rtpmap:0 PCMU/8000", "rtpmap:0 PCMA/8000"),
            at: "a=rtpmap:0"),
        redefinition(of: 9, as: "opus/48000/2", butNot: "G722/16000"),
        redefinition(of: 10, as: "L16/44100", butNot: "l16/44100/2"),
        redefinition(of: 11, as: "L16/44100/2", butNot: "L16/44100/1"),
        redefinition(of: 18, as: "G722/8000", butNot: "G729/8000"),
        redefinition(of: 34, as: "H264/90000", butNot: "H263/90000"),
        RuleCase(
            "formats-missing", .offer, .replace(" webrtc-datachannel", ""), at: "m=application"),
        RuleCase(
            "rtpmap-unknown-payload", .offer, .add("a=rtpmap:98 VP9/90000", after: "a=rtpmap:96"),
            at: "a=rtpmap:98"),
        RuleCase(
            "fmtp-unknown-payload", .offer, .add("a=fmtp:98 profile-id=0", after: "a=rtpmap:96"),
            at: "a=fmtp:98"),
        RuleCase(
            "fmtp-repeated", .offer, .add("a=fmtp:111 stereo=1", after: "a=fmtp:111"),
            at: "a=fmtp:111 stereo"),
        RuleCase(
            "fmtp-empty", .offer, .add("a=fmtp:0", after: "a=rtpmap:0"), at: "a=fmtp:0",
            butNot: [.add("a=fmtp:0 x", after: "a=rtpmap:0")]),
        RuleCase("fmtp-empty", .sipOffer, .add("a=fmtp:0 ", after: "a=rtpmap:0"), at: "a=fmtp:0 "),
        RuleCase(
            "rtcp-fb-unknown-payload", .offer, .add("a=rtcp-fb:98 nack", after: "a=rtpmap:96"),
            at: "a=rtcp-fb:98", butNot: [.add("a=rtcp-fb:* nack", after: "a=rtpmap:96")]),
        RuleCase("opus-clock", .offer, .replace("opus/48000/2", "opus/48000"), at: "a=rtpmap:111"),
        RuleCase(
            "opus-clock", .offer, .replace("opus/48000/2", "opus/16000/2"), at: "a=rtpmap:111"),
        RuleCase(
            "opus-parameters", .offer,
            .replace("maxaveragebitrate=64000", "maxaveragebitrate=600000"), at: "a=fmtp:111",
            butNot: [.replace("maxaveragebitrate=64000", "maxaveragebitrate=510000")]),
        RuleCase(
            "opus-parameters", .offer, .replace("useinbandfec=1", "useinbandfec=yes"),
            at: "a=fmtp:111"),
        RuleCase("codec-clock", .offer, .replace("VP8/90000", "VP8/48000"), at: "a=rtpmap:96"),
        RuleCase(
            "h264-profile", .offer, .replace("profile-level-id=42e01f", "profile-level-id=42e01"),
            at: "a=fmtp:102"),
        RuleCase(
            "h264-profile-unknown", .offer,
            .replace("profile-level-id=42e01f", "profile-level-id=00e01f"), at: "a=fmtp:102"),
        RuleCase(
            "h264-packetization", .offer, .replace("packetization-mode=1", "packetization-mode=3"),
            at: "a=fmtp:102"),
        RuleCase("rtx-apt-missing", .offer, .remove("a=fmtp:97"), at: "a=rtpmap:97"),
        RuleCase("rtx-apt-unknown", .offer, .replace("apt=96", "apt=98"), at: "a=fmtp:97"),
        RuleCase("rtx-apt-unknown", .offer, .replace("apt=96", "apt=103"), at: "a=fmtp:97"),
        RuleCase("rtx-clock", .offer, .replace("97 rtx/90000", "97 rtx/48000"), at: "a=rtpmap:97"),
        RuleCase(
            "red-unknown-payload", .offer, .replace("a=fmtp:63 111/111", "a=fmtp:63 111/112"),
            at: "a=fmtp:63"),
        RuleCase(
            "telephone-event-clock", .offer,
            .replace("126 telephone-event/8000", "126 telephone-event/16000"), at: "a=rtpmap:126"),
        RuleCase(
            "media-codec-missing", .offer, .replace("SAVPF 111 63 0 110", "SAVPF 110"),
            at: "m=audio"),
        RuleCase(
            "audio-codec-mandatory", .offer, .replace("SAVPF 111 63 0 110 126", "SAVPF 111"),
            .replace("opus/48000/2", "speex/16000"), at: "m=audio"),
        RuleCase(
            "video-codec-mandatory", .offer, .replace("SAVPF 96 97 102 103", "SAVPF 96 97"),
            .replace("VP8/90000", "VP9/90000"), at: "m=video"),
        RuleCase(
            "ptime", .offer, .replace("a=ptime:20", "a=ptime:80"), at: "a=ptime",
            butNot: [.replace("a=ptime:20", "a=ptime:60")]),
        RuleCase("ptime", .offer, .replace("a=ptime:20", "a=ptime:0"), at: "a=ptime"),
        RuleCase("ptime", .offer, .replace("a=maxptime:60", "a=maxptime:x"), at: "a=maxptime"),
        RuleCase(
            "rtcp-mux-missing", .offer, .remove("a=group:BUNDLE"), .remove("a=rtcp-mux"), at: "m="),
        RuleCase("rtcp-mux-only-alone", .offer, .remove("a=rtcp-mux"), at: "a=rtcp-mux-only"),
        RuleCase("rtcp-fb-profile", .sipOffer, .append("a=rtcp-fb:0 nack"), at: "a=rtcp-fb"),
        RuleCase(
            "rtcp-fb-nack-missing", .offer, .removeAll("a=rtcp-fb:96 nack pli"),
            .removeAll("a=rtcp-fb:102 nack pli"), at: "m=video",
            butNot: [.removeAll("a=rtcp-fb:102")]),
    ]

    static let ofStreams: [RuleCase] = [
        RuleCase(
            "extmap-id", .offer, .replace("extmap:1 ", "extmap:15 "),
            .remove("a=extmap-allow-mixed"), at: "a=extmap:15",
            butNot: [.replace("extmap:1 ", "extmap:15 ")]),
        RuleCase(
            "extmap-id", .offer, .replace("extmap:1 ", "extmap:0 "), at: "a=extmap:0",
            butNot: [.replace("extmap:1 ", "extmap:256 ")]),
        RuleCase(
            "extmap-id", .offer, .replace("extmap:1 ", "extmap:300 "), at: "a=extmap:300",
            butNot: [.replace("extmap:1 ", "extmap:4096 ")]),
        RuleCase(
            "extmap-id-duplicate", .offer, .replace("extmap:1 ", "extmap:4 "), at: "a=extmap:4",
            butNot: [
                .replace("extmap:1 ", "extmap:4096 "),
                .add("a=extmap:4096 urn:y", after: "a=mid:0"),
            ]),
        RuleCase(
            "extmap-uri-duplicate", .offer,
            .add("a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:mid", after: "a=extmap:4"),
            at: "a=extmap:5"),
        RuleCase(
            "extmap-two-byte", .offer, .remove("a=extmap-allow-mixed"),
            .replace("extmap:1 ", "extmap:16 "), at: "a=extmap:16",
            butNot: [.replace("extmap:1 ", "extmap:16 ")]),
        RuleCase(
            "extmap-id-large", .offer, .replace("extmap:1 ", "extmap:256 "), at: "a=extmap:256",
            butNot: [.replace("extmap:1 ", "extmap:255 ")]),
        RuleCase(
            "extmap-id-large", .offer, .replace("extmap:1 ", "extmap:4096 "), at: "a=extmap:4096",
            butNot: [.replace("extmap:1 ", "extmap:300 ")]),
        RuleCase(
            "extmap-level-mixed", .offer, .add("a=extmap:3 urn:x", after: "a=extmap-allow"),
            at: "a=extmap:3",
            butNot: [
                .add("a=extmap:3 urn:x", after: "t="), .removeAll("a=extmap:4"),
                .removeAll("a=extmap:10"), .remove("a=extmap:1 "),
            ]),
        RuleCase("mid-extension-missing", .offer, .remove("a=extmap:4"), at: "m=audio"),
        RuleCase(
            "ssrc-duplicate", .offer, .replaceAll("2001", "1001"), at: "a=ssrc:1001",
            butNot: [.replaceAll("2001", "1001"), .replace("BUNDLE 0 1 2", "BUNDLE 0 2")]),
        RuleCase("ssrc-cname-missing", .offer, .remove("a=ssrc:1001 cname"), at: "a=ssrc:1001"),
        RuleCase("ssrc-group-unknown", .offer, .remove("a=ssrc:2002"), at: "a=ssrc-group"),
        RuleCase(
            "ssrc-group-size", .offer, .replace("FID 2001 2002", "FID 2001"), at: "a=ssrc-group"),
        RuleCase(
            "msid-conflict", .offer,
            .replace("a=ssrc:1001 msid:stream track-a", "a=ssrc:1001 msid:stream track-b"),
            at: "a=ssrc:1001 msid"),
        RuleCase(
            "plan-b", .offer, .add("a=ssrc:1002 msid:stream track-b", after: "a=ssrc:1001 msid"),
            at: "a=ssrc:1002",
            butNot: [.add("a=ssrc:1002 msid:stream track-a", after: "a=ssrc:1001 msid")]),
        RuleCase(
            "msid-conflict", .offer, .add("a=msid:other track-b", after: "a=msid:stream track-a"),
            at: "a=msid:other", butNot: [.add("a=msid:other track-a", after: "a=msid:stream")]),
        RuleCase(
            "sctp-port-missing", .offer, .remove("a=sctp-port"), at: "m=application",
            butNot: [.replace("a=sctp-port:5000", "a=sctpmap:5000 webrtc-datachannel 256")]),
        RuleCase(
            "sctp-port-zero", .offer, .replace("sctp-port:5000", "sctp-port:0"), at: "a=sctp-port"),
        RuleCase(
            "sctp-old-syntax", .offer,
            .replace("UDP/DTLS/SCTP webrtc-datachannel", "DTLS/SCTP 5000"),
            .replace("a=sctp-port:5000", "a=sctpmap:5000 webrtc-datachannel 256"),
            at: "m=application"),
        RuleCase(
            "sctp-format", .offer, .replace(" webrtc-datachannel", " 5000"), at: "m=application"),
        RuleCase(
            "max-message-size-small", .offer, .replace("size:262144", "size:65535"),
            at: "a=max-message-size", butNot: [.replace("size:262144", "size:0")]),
        RuleCase(
            "max-message-size-large", .offer, .replace("size:262144", "size:2147483648"),
            at: "a=max-message-size", butNot: [.replace("size:262144", "size:2147483647")]),
        RuleCase(
            "max-message-size-large", .offer, .replace("size:262144", "size:18446744073709551616"),
            at: "a=max-message-size", butNot: [.replace("size:262144", "size:0")]),
        RuleCase(
            "data-channel-kind", .offer, .replace("m=application", "m=video"),
            at: "m=video 9 UDP/DTLS"),
        RuleCase(
            "rid-duplicate", .offer, .replace("rid:lo send", "rid:hi send"), at: "a=rid:hi send"),
        RuleCase(
            "rid-payload-unknown", .offer, .replace("send pt=96", "send pt=98"), at: "a=rid:hi"),
        RuleCase("rid-extension-missing", .offer, .remove("a=extmap:10"), at: "a=rid:hi"),
        RuleCase(
            "simulcast-rid-unknown", .offer, .replace("send hi;lo", "send hi;mid;lo"),
            at: "a=simulcast"),
        RuleCase(
            "simulcast-rid-direction", .offer, .replace("rid:lo send", "rid:lo recv"),
            at: "a=simulcast"),
        RuleCase(
            "simulcast-repeated", .offer, .add("a=simulcast:send lo", after: "a=simulcast"),
            at: "a=simulcast:send lo"),
        RuleCase(
            "simulcast-rid-repeated", .offer, .replace("send hi;lo", "send hi;lo,hi"),
            at: "a=simulcast"),
        RuleCase(
            "simulcast-direction", .offer,
            .replace("a=sendrecv\r\na=msid:stream track-v", "a=recvonly\r\na=msid:stream track-v"),
            at: "a=simulcast"),
    ]
}
