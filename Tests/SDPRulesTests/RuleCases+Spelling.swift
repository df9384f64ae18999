/// Lines that are nearly right.
extension RuleCase {
    static let ofSpelling: [RuleCase] =
        behindTheValue + beforeTheValue + betweenFields + [
            RuleCase(
                "attribute-case", .offer, .replace("a=sendrecv", "a=SENDONLY"), at: "a=SENDONLY",
                butNot: [.add("a=X-mine:1", after: "a=sendrecv")]),
            RuleCase(
                "attribute-case", .sipOffer, .replace("a=rtpmap:0 ", "a=RTPMAP:0 "),
                at: "a=RTPMAP", butNot: [.add("a=T38FaxUdpEC:t38UDPFEC", after: "a=rtpmap")]),
            RuleCase(
                "line-empty", .offer, .add("i=", after: "s="), at: "i=",
                butNot: [.add("i=x", after: "s=")]),
            RuleCase("line-empty", .offer, .add("u=", after: "s="), at: "u="),
            RuleCase("line-empty", .offer, .add("e=", after: "s="), at: "e="),
            RuleCase("line-empty", .offer, .add("p=", after: "s="), at: "p="),
        ] + properties

    private static func stray(_ edit: Edit, at line: String) -> RuleCase {
        RuleCase("white-space", .offer, edit, at: line, butNot: free)
    }

    /// White space that grammars have, and that browsers and others write.
    private static let free: [Edit] = [
        .replace("s=-", "s=a  b "), .replace("minptime=10;", "minptime=10; "),
        .replace("simulcast:send hi;lo", "simulcast: send hi;lo"),
        .replace("a=rtcp-fb:96 nack\r\n", "a=rtcp-fb:96 nack \r\n"),
        .replace("cname:me", "cname:me  and you "),
        .add("a=x-odd:  as it is ", after: "a=mid:0"),
        .add("a=source-filter: incl IN IP4 * 198.51.100.1", after: "a=mid:0"),
        .add("a=imageattr:96  send  [x=8,y=8]", after: "a=mid:1"),
        .add("a=extmap:9 urn:ietf:params:rtp-hdrext:toffset with  its own ", after: "a=mid:1"),
    ]

    private static let behindTheValue: [RuleCase] = [
        "a=setup:actpass", "a=mid:0", "a=ice-ufrag:Ab1+", "a=ice-options:trickle",
        "a=ice-pwd:0123456789abcdefghij/+", "a=group:BUNDLE 0 1 2", "a=sctp-port:5000",
        "m=audio 50000 UDP/TLS/RTP/SAVPF 111 63 0 110 126", "a=rtpmap:0 PCMU/8000",
        "o=- 4611731400430051336 2 IN IP4 127.0.0.1", "t=0 0", "c=IN IP4 0.0.0.0", "b=AS:64",
        "a=msid:stream track-v",
    ].map { stray(.replace("\($0)\r\n", "\($0) \r\n"), at: $0) }

    private static let beforeTheValue: [RuleCase] = [
        "a=mid:", "a=setup:", "a=ice-ufrag:", "a=ice-pwd:", "a=sctp-port:", "a=max-message-size:",
        "a=msid:",
    ].map { stray(.replace($0, "\($0) "), at: $0) }

    private static let betweenFields: [RuleCase] = [
        stray(.replace("a=fingerprint:sha-256 ", "a=fingerprint:sha-256  "), at: "a=fingerprint"),
        stray(.replace("a=fingerprint:sha-256 ", "a=fingerprint:sha-256\t"), at: "a=fingerprint"),
        stray(.replace("m=audio ", "m=audio  "), at: "m=audio"),
        stray(.replace("m=audio ", "m=audio\t"), at: "m=audio"),
        stray(.replace("a=group:BUNDLE ", "a=group:BUNDLE  "), at: "a=group"),
        stray(.replace("a=rtpmap:111 ", "a=rtpmap:111  "), at: "a=rtpmap:111"),
        stray(.replace("a=candidate:1 ", "a=candidate:1  "), at: "a=candidate:1"),
        stray(.replace("o=- ", "o=-  "), at: "o="),
        stray(.replace("a=extmap:4 ", "a=extmap:4  "), at: "a=extmap:4"),
        stray(.replace("a=rtcp-fb:96 nack pli", "a=rtcp-fb:96 nack  pli"), at: "a=rtcp-fb:96 nack"),
        stray(.replace("a=ssrc:1001 ", "a=ssrc:1001  "), at: "a=ssrc:1001"),
    ]

    /// Attributes that have no value.
    private static let properties: [RuleCase] = [
        ("a=sendrecv", "a=sendonly"), ("a=rtcp-mux", "a=rtcp-mux"),
        ("a=rtcp-rsize", "a=rtcp-rsize"),
        ("a=extmap-allow-mixed", "a=extmap-allow-mixed"), ("a=bundle-only", "a=bundle-only"),
        ("a=end-of-candidates", "a=end-of-candidates"), ("a=extmap-allow-mixed", "a=ice-lite"),
    ].map { old, new in
        RuleCase(
            "field-syntax", .offer, .replace("\(old)\r\n", "\(new):1\r\n"), at: "\(new):1",
            butNot: [.replace("\(old)\r\n", "\(new)\r\n")])
    }
}
