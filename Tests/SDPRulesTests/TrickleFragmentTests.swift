import SDP
import SDPRules
import Testing

@Suite struct TrickleFragmentTests {
    private static let fragment = """
        a=group:BUNDLE 0 1
        a=ice-ufrag:Ab1+
        a=ice-pwd:0123456789abcdefghij/+
        m=audio 9 RTP/AVP 0
        a=mid:0
        a=candidate:1 1 udp 2130706431 198.51.100.1 50000 typ host ufrag Ab1+
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
        a=mid:1
        a=end-of-candidates
        """
        .replacing("\n", with: "\r\n") + "\r\n"

    private func description(_ edits: [Edit]) throws -> SessionDescription {
        try SessionDescription(parsing: Self.fragment.edited(edits))
    }

    @Test(arguments: Profile.allCases)
    func aFragmentIsNoSessionThatLacksLines(_ profile: Profile) throws {
        let fragment = try description([])
        #expect(fragment.isTrickleFragment)
        #expect(fragment.lint(profile: profile).flatMap(\.explanation) == [])
    }

    @Test(arguments: [
        (Edit.replace("a=mid:1", "a=mid:0"), "mid-duplicate"),
        (.replace("ufrag:Ab1+", "ufrag:Ab1"), "ice-ufrag-length"),
        (.remove("a=ice-pwd"), "ice-credentials-partial"),
        (.replace("host ufrag Ab1+", "host ufrag old+"), "candidate-ufrag-stale"),
        (.replace("typ host", "typ hots"), "candidate-type"),
        (.replace("198.51.100.1 50000", "198.51.100.1 99999"), "field-syntax"),
        (.replace("a=mid:1", "a=mid:1 "), "white-space"),
    ])
    func whatItSaysIsJudged(_ edit: Edit, _ rule: String) throws {
        let description = try description([edit])
        #expect(description.isTrickleFragment)
        #expect(description.lint().contains { $0.rule.identifier == rule })
    }

    /// Whatever has more in it is a description that lost its first lines.
    @Test(arguments: [
        Edit.add("a=rtpmap:0 PCMU/8000", after: "a=mid:0"), .add("v=0", after: "a=group"),
        .add("c=IN IP4 192.0.2.1", after: "m=audio"), .add("a=setup:active", after: "a=mid:1"),
    ])
    func partsOfSessionsAreNoFragments(_ edit: Edit) throws {
        let description = try description([edit])
        #expect(!description.isTrickleFragment)
        #expect(description.lint().contains { $0.rule.identifier == "session-line-missing" })
    }

    @Test func sectionsWithoutICEAreNoFragments() throws {
        let description = try SessionDescription(parsing: "m=audio 9 RTP/AVP 0\r\na=mid:0\r\n")
        #expect(!description.isTrickleFragment)
    }
}
