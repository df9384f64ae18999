extension RuleCase {
    static let ofBundles: [RuleCase] = [
        RuleCase("bundle-missing", .offer, .remove("a=group:BUNDLE")),
        RuleCase(
            "bundle-without-mid", .offer, .remove("a=mid:2"),
            .replace("BUNDLE 0 1 2", "BUNDLE 0 1"), at: "m=application"),
        RuleCase(
            "bundle-mid-unknown", .offer, .replace("BUNDLE 0 1 2", "BUNDLE 0 1 2 3"),
            at: "a=group:BUNDLE"),
        RuleCase(
            "bundle-mid-repeated", .offer, .replace("BUNDLE 0 1 2", "BUNDLE 0 1 2 0"),
            at: "a=group:BUNDLE"),
        RuleCase(
            "bundle-only-without-group", .offer, .replace("BUNDLE 0 1 2", "BUNDLE 0 2"),
            at: "a=bundle-only"),
        RuleCase("bundle-only-port", .offer, .replace("m=video 0", "m=video 9"), at: "m=video"),
        RuleCase(
            "bundle-only-answer", .answer, .add("a=bundle-only", after: "a=mid:1"),
            at: "a=bundle-only"),
        RuleCase("bundle-port-zero", .offer, .remove("a=bundle-only"), at: "m=video"),
        RuleCase(
            "bundle-payload-conflict", .offer,
            .replace("SAVPF 96 97 102 103", "SAVPF 96 97 111 103"), .replaceAll(":102 ", ":111 "),
            .replace("apt=102", "apt=111"), at: "a=rtpmap:111 H264"),
        RuleCase(
            "bundle-extmap-conflict", .offer, .replace("extmap:10 ", "extmap:1 "),
            at: "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"),
        RuleCase("bundle-rtcp-mux-missing", .answer, .remove("a=rtcp-mux"), at: "m=audio"),
        RuleCase(
            "bundle-rtcp-mux-missing", .offer,
            .replace("track-v\r\na=rtcp-mux", "track-v"), at: "m=video"),
        RuleCase(
            "bundle-rtcp-mux-missing", .answer, .remove("a=rtcp-mux"), at: "m=audio",
            butNot: [.replace("a=msid:s v\r\na=rtcp-mux", "a=msid:s v")]),
        RuleCase(
            "bundle-rtcp-mux-inherited", .answer,
            .replace("a=msid:s v\r\na=rtcp-mux", "a=msid:s v"), at: "m=video",
            butNot: [.removeAll("a=rtcp-mux")]),
        RuleCase(
            "bundle-transport-differs", .answer, .add("a=ice-ufrag:other", after: "a=mid:1"),
            at: "a=ice-ufrag:other", butNot: [.add("a=ice-ufrag:Zz9/", after: "a=mid:1")]),
        RuleCase(
            "group-mid-unknown", .offer, .replace("a=group:LS 0 1", "a=group:LS 0 7"),
            at: "a=group:LS"),
    ]

    private static func extensionNumber(_ text: String, butNot other: String) -> RuleCase {
        RuleCase(
            "candidate-extension-number", .offer,
            .replace("tcptype active", "tcptype active \(text)"),
            at: "a=candidate:2", butNot: [.replace("tcptype active", "tcptype active \(other)")])
    }

    static let ofICE: [RuleCase] = [
        RuleCase(
            "ice-credentials-missing", .offer, .removeAll("a=ice-ufrag"), .removeAll("a=ice-pwd"),
            .removeAll("a=candidate"), at: "m=audio"),
        RuleCase(
            "ice-credentials-partial", .offer, .removeAll("a=ice-pwd"), at: "a=ice-ufrag",
            butNot: [.removeAll("a=ice-"), .removeAll("a=candidate")]),
        RuleCase("ice-credentials-partial", .offer, .removeAll("a=ice-ufrag"), at: "a=ice-pwd"),
        // In the bundle's second section: that of the first is no help to one of its own.
        RuleCase(
            "ice-credentials-partial", .answer, .add("a=ice-ufrag:Zz9/", after: "a=mid:1"),
            at: "a=ice-ufrag",
            butNot: [
                .add("a=ice-ufrag:Zz9/", after: "a=mid:1"),
                .add("a=ice-pwd:zyxwvutsrqponmlkjihgfe", after: "a=mid:1"),
            ]),
        RuleCase(
            "ice-credentials-partial", .answer,
            .add("a=ice-pwd:zyxwvutsrqponmlkjihgfe", after: "a=mid:1"), at: "a=ice-pwd",
            butNot: [
                .add("a=ice-pwd:zyxwvutsrqponmlkjihgfe", after: "a=mid:1"),
                .add("a=ice-ufrag:Zz9/", after: "t="),
            ]),
        RuleCase(
            "ice-credentials-partial", .offer, .removeAll("a=ice-ufrag"), .removeAll("a=ice-pwd"),
            at: "a=candidate"),
        RuleCase(
            "ice-ufrag-length", .offer, .replaceAll("Ab1+", "Ab1"), at: "a=ice-ufrag",
            butNot: [.replaceAll("Ab1+", "Ab12")]),
        RuleCase(
            "ice-ufrag-length", .offer, .replaceAll("Ab1+", String(repeating: "u", count: 257)),
            at: "a=ice-ufrag", butNot: [.replaceAll("Ab1+", String(repeating: "u", count: 256))]),
        RuleCase(
            "ice-ufrag-long", .offer, .replaceAll("Ab1+", String(repeating: "u", count: 33)),
            at: "a=ice-ufrag", butNot: [.replaceAll("Ab1+", String(repeating: "u", count: 32))]),
        RuleCase(
            "ice-pwd-length", .offer,
            .replaceAll("0123456789abcdefghij/+", "0123456789abcdefghij/"), at: "a=ice-pwd"),
        RuleCase("ice-ufrag-characters", .offer, .replaceAll("Ab1+", "Ab1="), at: "a=ice-ufrag"),
        RuleCase("ice-pwd-characters", .offer, .replaceAll("ghij/+", "ghi é+"), at: "a=ice-pwd"),
        RuleCase(
            "ice-lite-candidates", .offer, .add("a=ice-lite", after: "t="), at: "a=candidate:3"),
        RuleCase(
            "ice-mismatch", .answer, .add("a=ice-mismatch", after: "a=mid:0"), at: "a=ice-mismatch"),
        RuleCase(
            "trickle-no-end", .offer, .remove("a=end-of-candidates"),
            butNot: [.remove("a=end-of-candidates"), .removeAll("a=ice-options")]),
        RuleCase(
            "candidates-missing", .offer, .removeAll("a=candidate"), .removeAll("a=ice-options"),
            at: "m=audio", butNot: [.removeAll("a=candidate")]),
        RuleCase(
            "candidate-ufrag-stale", .offer, .replaceAll("a=ice-ufrag:Ab1+", "a=ice-ufrag:New2"),
            at: "a=candidate:1"),
        RuleCase(
            "candidate-generation-mixed", .offer,
            .replace("typ host generation 0", "typ host generation 1"), at: "a=candidate:2"),
        RuleCase("candidate-type", .offer, .replace("typ srflx", "typ magic"), at: "a=candidate:3"),
        RuleCase(
            "candidate-transport", .offer, .replace("candidate:1 1 udp", "candidate:1 1 quic"),
            at: "a=candidate:1"),
        RuleCase("candidate-tcptype", .offer, .replace(" tcptype active", ""), at: "a=candidate:2"),
        RuleCase(
            "candidate-port", .offer,
            .replace("198.51.100.1 50000 typ host", "198.51.100.1 0 typ host"), at: "a=candidate:1"),
        RuleCase(
            "candidate-related", .offer, .replace(" raddr 198.51.100.1 rport 50000", ""),
            at: "a=candidate:3"),
        RuleCase(
            "candidate-related", .offer,
            .replace("typ host generation", "typ host raddr 10.0.0.1 rport 9 generation"),
            at: "a=candidate:1"),
        RuleCase(
            "candidate-priority", .offer, .replace("udp 2130706431", "udp 2147483648"),
            at: "a=candidate:1", butNot: [.replace("udp 2130706431", "udp 2147483647")]),
        RuleCase(
            "candidate-priority-order", .offer, .replace("udp 16777215", "udp 2130706432"),
            at: "a=candidate:4"),
        RuleCase(
            "candidate-priority-component", .offer, .replace("udp 2130706431", "udp 2130706430"),
            at: "a=candidate:1",
            butNot: [.replace("1 1 udp 2130706431", "1 2 udp 2130706430")]),
        RuleCase(
            "candidate-component", .offer, .replace("candidate:1 1", "candidate:1 3"),
            at: "a=candidate:1", butNot: [.replace("candidate:1 1", "candidate:1 2")]),
        RuleCase(
            "candidate-component", .offer, .replace("candidate:1 1", "candidate:1 257"),
            .replace("audio 50000 UDP/TLS/RTP/SAVPF", "x 50000 UDP/X"), at: "a=candidate:1",
            butNot: [
                .replace("candidate:1 1", "candidate:1 256"),
                .replace("audio 50000 UDP/TLS/RTP/SAVPF", "x 50000 UDP/X"),
            ]),
        RuleCase(
            "candidate-duplicate", .offer,
            .add(
                "a=candidate:9 1 UDP 5 198.51.100.1 50000 typ host ufrag Ab1+",
                after: "a=candidate:1"), at: "a=candidate:9"),
        RuleCase(
            "candidate-foundation", .offer, .replace("candidate:1 1", "candidate:a-b 1"),
            at: "a=candidate:a-b"),
        RuleCase(
            "candidate-address", .offer,
            .replace(
                "candidate:1 1 udp 2130706431 198.51.100.1", "candidate:1 1 udp 2130706431 0.0.0.0"),
            at: "a=candidate:1"),
        RuleCase(
            "candidate-address", .offer,
            .replace("2130706431 198.51.100.1", "2130706431 host.example.com"),
            at: "a=candidate:1",
            butNot: [.replace("2130706431 198.51.100.1", "2130706431 3a1b.local")]),
        extensionNumber("generation x", butNot: "generation 4294967295"),
        extensionNumber("generation 4294967296", butNot: "x-generation 4294967296"),
        extensionNumber("network-id 65536", butNot: "network-id 65535"),
        extensionNumber("network-id -1", butNot: "network-id 00"),
        extensionNumber("network-cost 99=", butNot: "network-cost 99"),
        RuleCase(
            "candidate-default", .offer, .replace("m=audio 50000", "m=audio 50002"), at: "m=audio",
            butNot: [.replace("m=audio 50000", "m=audio 9")]),
        RuleCase(
            "candidates-loopback-only", .offer, .removeAll("a=candidate:2"),
            .removeAll("a=candidate:3"), .removeAll("a=candidate:4"),
            .replaceAll("198.51.100.1", "127.0.0.1"), at: "a=candidate:1"),
        RuleCase(
            "candidates-private-only", .offer, .removeAll("a=candidate:2"),
            .removeAll("a=candidate:3"), .removeAll("a=candidate:4"),
            .replaceAll("198.51.100.1", "192.168.1.5"), at: "a=candidate:1",
            butNot: [.replaceAll("198.51.100.1", "192.168.1.5")]),
        RuleCase(
            "candidates-mdns-only", .offer, .removeAll("a=candidate:2"),
            .removeAll("a=candidate:3"), .removeAll("a=candidate:4"),
            .replace("2130706431 198.51.100.1", "2130706431 3a1b.local"), at: "a=candidate:1"),
        RuleCase("candidates-no-relay", .offer, .remove("a=candidate:4"), at: "a=candidate:1"),
        RuleCase(
            "candidates-tcp-only", .offer, .removeAll("a=candidate:1"), .removeAll("a=candidate:3"),
            .removeAll("a=candidate:4"), at: "a=candidate:2"),
    ]
}
