extension RuleCase {
    static let ofText: [RuleCase] = [
        RuleCase("line-syntax", .offer, .add("rubbish", after: "s="), at: "rubbish"),
        RuleCase("line-syntax", .offer, .add("y=1", after: "s="), at: "y=1"),
        RuleCase("line-syntax", .offer, .replace("s=-", "s=a\0b"), at: "s="),
        RuleCase("field-syntax", .offer, .replace("m=audio 50000", "m=audio 70000"), at: "m=audio"),
        RuleCase("field-syntax", .offer, .replace("a=mid:0", "a=mid:"), at: "a=mid"),
        RuleCase(
            "field-syntax", .offer, .replace("sctp-port:5000", "sctp-port:x"), at: "a=sctp-port"),
        RuleCase(
            "field-syntax", .offer, .replace("opus/48000/2", "opus"), at: "a=rtpmap:111"),
        RuleCase(
            "field-syntax", .offer, .replace("red/48000/2", "red/48000/"), at: "a=rtpmap:63",
            butNot: [.replace("red/48000/2", "red/48000")]),
        RuleCase(
            "field-syntax", .offer, .replace("1001 cname:me", "1001 cname"), at: "a=ssrc:1001",
            butNot: [.replace("1001 cname:me", "1001 x-flag")]),
        RuleCase(
            "field-syntax", .offer, .replace("1001 cname:me", "1001 cname:"), at: "a=ssrc:1001"),
        RuleCase(
            "field-syntax", .offer, .replace("a=ice-options:trickle", "a=ice-options"),
            at: "a=ice-options", butNot: [.replace("ice-options:trickle", "ice-options:a b")]),
        RuleCase(
            "field-syntax", .offer, .replace("a=ice-options:trickle", "a=ice-options:"),
            at: "a=ice-options:"),
        RuleCase(
            "field-syntax", .offer, .replace("msid-semantic: WMS stream", "msid-semantic"),
            at: "a=msid-semantic", butNot: [.replace("semantic: WMS stream", "semantic:WMS")]),
        RuleCase("field-syntax", .offer, .replace("a=ptime:20", "a=ptime"), at: "a=ptime"),
        RuleCase("field-syntax", .offer, .replace("a=maxptime:60", "a=maxptime"), at: "a=maxptime"),
        RuleCase("attribute-name", .offer, .add("a=", after: "t="), at: "a="),
        RuleCase("attribute-name", .offer, .add("a=:x", after: "a=mid:0"), at: "a=:x"),
        RuleCase("attribute-name", .offer, .add("a= foo", after: "t="), at: "a= foo"),
        RuleCase(
            "attribute-name", .offer, .add("a=foo bar:1", after: "t="), at: "a=foo bar:1",
            butNot: [.add("a=X_y.z!{}:foo bar:1", after: "t=")]),
        RuleCase(
            "attribute-name", .offer, .replace("a=sendrecv", "a=sendrecv "), at: "a=sendrecv "),
        RuleCase(
            "text-not-utf8", .offer, .replace("s=-", "s=\(Edit.badByte)"), at: "s=",
            butNot: [
                .replace("s=-", "s=\(Edit.badByte)"), .add("a=charset:ISO-8859-1", after: "t="),
            ]),
        RuleCase(
            "line-too-long", .offer,
            .add("a=x:" + String(repeating: "y", count: 1100), after: "a=mid:0"), at: "a=x:",
            butNot: [.add("a=x:" + String(repeating: "y", count: 1020), after: "a=mid:0")]),
        RuleCase("line-ending", .offer, .replaceAll("\r\n", "\n")),
        RuleCase("line-ending-mixed", .offer, .replace("s=-\r\n", "s=-\n")),
        RuleCase(
            "line-ending-missing", .offer, .replace("size:262144\r\n", "size:262144"),
            at: "a=max-message-size", butNot: [.append("\n")]),
        RuleCase(
            "blank-line", .offer, .replace("t=0 0\r\n", "t=0 0\r\n\r\n"), at: "",
            butNot: [.append("")]),
        RuleCase(
            "blank-line-last", .offer, .append(""), at: "",
            butNot: [.replace("t=0 0\r\n", "t=0 0\r\n\r\n")]),
        RuleCase(
            "attribute-repeated", .offer, .add("a=ptime:30", after: "a=ptime"), at: "a=ptime:30"),
        RuleCase(
            "attribute-level", .offer, .add("a=rtcp-mux", after: "t="), at: "a=rtcp-mux",
            butNot: [.add("a=end-of-candidates", after: "t=")]),
        RuleCase(
            "attribute-level", .offer, .add("a=ice-pacing:50", after: "a=mid:0"),
            at: "a=ice-pacing", butNot: [.add("a=ice-pacing:50", after: "t=")]),
        RuleCase("attribute-level", .offer, .add("a=ice-lite", after: "a=mid:0"), at: "a=ice-lite"),
        RuleCase("session-line-missing", .offer, .remove("s=")),
        RuleCase("session-line-missing", .offer, .remove("t=")),
        RuleCase(
            "session-line-order", .offer, .remove("s=-"), .add("s=-", after: "t="), at: "s=-",
            butNot: [.add("r=1d 1h 0", after: "t="), .add("t=0 0", after: "r=")]),
        RuleCase(
            "media-line-order", .offer, .remove("c=IN IP4 198"),
            .add("c=IN IP4 198.51.100.1", after: "b=TIAS"), at: "c="),
        RuleCase("line-repeated", .offer, .add("s=again", after: "s="), at: "s=again"),
        RuleCase("version-unknown", .offer, .replace("v=0", "v=1"), at: "v="),
        RuleCase("origin-number", .offer, .replace("4611731400430051336 2", "abc 2"), at: "o="),
        RuleCase(
            "origin-number", .offer, .replace("4611731400430051336 2", "9223372036854775808 2"),
            at: "o=",
            butNot: [.replace("4611731400430051336 2", "9223372036854775807 2")]),
        RuleCase(
            "session-name-empty", .offer, .replace("s=-", "s="), at: "s=",
            butNot: [.replace("s=-", "s= ")]),
        RuleCase("timing-not-zero", .offer, .replace("t=0 0", "t=3034423619 3042462419"), at: "t="),
        RuleCase("media-missing", .sipOffer, .remove("m="), .removeAll("a=")),
        RuleCase(
            "connection-missing", .sipOffer, .remove("c="),
            butNot: [.remove("c="), .add("c=IN IP4 198.51.100.1", after: "m=")]),
        RuleCase(
            "connection-type", .offer, .replace("c=IN IP4 198.51.100.1", "c=IN IP4 2001:db8::1"),
            at: "c="),
        RuleCase(
            "connection-unknown", .offer, .replace("c=IN IP4 0.0.0.0", "c=IN I4 0.0.0.0"),
            at: "c=IN I4", butNot: [.replace("c=IN IP4 0.0.0.0", "c=in ip4 0.0.0.0")]),
        RuleCase(
            "connection-unknown", .sipOffer, .replace("c=IN IP4", "c=x IP4"), at: "c=x IP4",
            butNot: [.replace("c=IN IP4 198.51.100.1", "c=TN E164 +15551234567")]),
        RuleCase(
            "connection-case", .offer, .replace("c=IN IP4 0.0.0.0", "c=in IP4 0.0.0.0"),
            at: "c=in", butNot: [.replace("c=IN IP4 0.0.0.0", "c=IN IP6 ::")]),
        RuleCase(
            "connection-case", .offer, .replace("c=IN IP4 0.0.0.0", "c=IN ip4 0.0.0.0"),
            at: "c=IN ip4"),
        RuleCase(
            "connection-slash", .sipOffer,
            .replace("c=IN IP4 198.51.100.1", "c=IN IP4 198.51.100.1/127"), at: "c=",
            butNot: [.replace("c=IN IP4 198.51.100.1", "c=IN IP4 224.2.1.1/127")]),
        RuleCase(
            "connection-slash", .sipOffer,
            .replace("c=IN IP4 198.51.100.1", "c=IN IP6 2001:db8::1/3"), at: "c=",
            butNot: [.replace("c=IN IP4 198.51.100.1", "c=IN IP6 ff15::101/3")]),
        RuleCase(
            "bandwidth-modifier", .offer, .replace("b=AS:64", "b=QQ:64"), at: "b=QQ",
            butNot: [.replace("b=AS:64", "b=X-QQ:64")]),
        RuleCase("bandwidth-zero", .offer, .replace("b=AS:64", "b=AS:0"), at: "b=AS"),
        RuleCase("bandwidth-unit", .offer, .replace("b=AS:64", "b=AS:64000000"), at: "b=AS"),
        RuleCase("bandwidth-unit", .offer, .replace("b=TIAS:48000", "b=TIAS:48"), at: "b=TIAS"),
        RuleCase("bandwidth-disagrees", .offer, .replace("b=AS:64", "b=AS:32"), at: "b=AS"),
    ]

    static let ofMedia: [RuleCase] = [
        RuleCase(
            "mid-missing", .offer, .removeAll("a=group"), .remove("a=mid:2"), at: "m=application"),
        RuleCase("mid-duplicate", .offer, .replace("a=mid:1", "a=mid:0"), at: "a=mid:0"),
        RuleCase(
            "mid-duplicate", .offer, .add("a=mid:2", after: "a=mid:0"), at: "a=mid:2",
            butNot: [.add("a=mid:0", after: "a=mid:0")]),
        RuleCase(
            "mid-duplicate", .offer, .add("a=mid:x", after: "a=mid:0"),
            .add("a=mid:x", after: "a=mid:1"), at: "a=mid:x",
            butNot: [.add("a=mid:x", after: "a=mid:0")]),
        RuleCase(
            "mid-characters", .offer, .replace("a=mid:0", "a=mid:a(b"), at: "a=mid",
            butNot: [.replace("a=mid:0", "a=mid:0123456789abcdef")]),
        RuleCase(
            "mid-characters", .offer, .replace("a=mid:0", "a=mid:0123456789abcdefg"), at: "a=mid"),
        RuleCase(
            "direction-conflict", .offer, .add("a=recvonly", after: "a=sendrecv"), at: "a=recvonly",
            butNot: [.add("a=sendrecv", after: "a=sendrecv")]),
        RuleCase(
            "direction-one-way", .offer, .replace("a=sendrecv", "a=sendonly"), at: "a=sendonly"),
        RuleCase(
            "direction-inactive", .offer, .replace("a=sendrecv", "a=inactive"), at: "a=inactive"),
        RuleCase("hold-address", .sipOffer, .replace("c=IN IP4 198.51.100.1", "c=IN IP4 0.0.0.0")),
        RuleCase("port-zero", .sipOffer, .replace("m=audio 49170", "m=audio 0"), at: "m=audio"),
        RuleCase(
            "port-odd", .sipOffer, .replace("m=audio 49170", "m=audio 49171"), at: "m=audio",
            butNot: [
                .replace("m=audio 49170", "m=audio 49171"), .add("a=rtcp:49173", after: "a=send"),
            ]),
        RuleCase(
            "port-count", .offer, .replace("m=audio 50000", "m=audio 50000/2"), at: "m=audio"),
        RuleCase(
            "port-count", .offer, .replace("m=video 0", "m=video 0/1"), at: "m=video"),
        RuleCase(
            "protocol-unsupported", .offer,
            .replace("m=audio 50000 UDP/TLS/RTP/SAVPF", "m=audio 50000 udptl"), at: "m=audio",
            butNot: [.replace("m=audio 50000 UDP/TLS/RTP/SAVPF", "m=audio 50000 RTP/AVP")]),
        RuleCase(
            "protocol-unknown", .offer,
            .replace("m=audio 50000 UDP/TLS/RTP/SAVPF", "m=audio 50000 UDP/TLS/RT/SAVPF"),
            at: "m=audio",
            butNot: [.replace("m=audio 50000 UDP/TLS/RTP/SAVPF", "m=audio 50000 udptl")]),
        RuleCase(
            "protocol-unknown", .offer, .replace("UDP/DTLS/SCTP", "FOO"), at: "m=application",
            butNot: [.replace("UDP/DTLS/SCTP", "UDP/BFCP")]),
        RuleCase(
            "protocol-unsupported", .offer,
            .replace("m=audio 50000 UDP/TLS/RTP/SAVPF", "m=audio 50000 UDP/DTLS/SCTP"),
            at: "m=audio"),
        RuleCase(
            "protocol-unsupported", .offer, .replace("UDP/DTLS/SCTP", "UDP/BFCP"),
            at: "m=application", butNot: [.replace("UDP/DTLS/SCTP", "DTLS/SCTP")]),
        RuleCase(
            "protocol-unprotected", .offer, .removeAll("a=fingerprint"),
            .replace("m=audio 50000 UDP/TLS/RTP/SAVPF", "m=audio 50000 RTP/AVP"), at: "m=audio"),
        RuleCase(
            "protocol-feedback", .offer, .replace("UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP"),
            at: "m=audio"),
        RuleCase("msid-missing", .offer, .remove("a=msid:stream track-v"), at: "m=video"),
    ]
}
