import SDP
import SDPRules
import Testing

/// The examples of RFC 8853, which keep its own rules and break some of other RFCs.
@Suite struct SimulcastExampleTests {
    private static let noSession = [
        "session-line-missing", "session-line-missing", "session-line-missing",
        "session-line-missing", "connection-missing",
    ]

    /// The errors of each, as telephony sees them, since the RFC writes RTP without protection.
    @Test(arguments: [
        // A media description without its session.
        ("rfc8853-4-*", "offer", noSession), ("rfc8853-4-*", "answer", noSession),
        ("rfc8853-5.6.1-*", "offer", []), ("rfc8853-5.6.1-*", "answer", []),
        // BUNDLE wants rtcp-mux (RFC 9143 section 9.3).
        (
            "rfc8853-5.6.2-*", "offer",
            ["bundle-rtcp-mux-missing", "bundle-rtcp-mux-missing", "bundle-rtcp-mux-missing"]
        ),
        // There is no v= line, and opus has one channel (RFC 7587 section 7 wants two).
        (
            "rfc8853-5.6.3-*", "offer",
            [
                "session-line-missing", "bundle-rtcp-mux-missing", "opus-clock",
                "bundle-rtcp-mux-missing",
            ]
        ),
    ])
    func errors(_ name: String, _ part: String, _ expected: [String]) throws {
        let description = try ExampleExchange(name, .sip).description(part)
        let kind = try #require(DescriptionKind(rawValue: part))
        let found = description.lint(as: kind, profile: .sip)
        #expect(found.filter { $0.severity == .error }.map(\.rule.identifier) == expected)
        let rules = found.map(\.rule.identifier)
        #expect(!rules.contains { $0.hasPrefix("rid-") || $0.hasPrefix("simulcast-") })
    }

    /// Section 4: the answer takes both streams, and the first of the second one's alternatives.
    @Test(arguments: [
        ("rfc8853-4-*", ["1", "2"], ["3"], ["4"]), ("rfc8853-5.6.1-*", ["1", "2"], [], ["3"]),
    ])
    func streams(
        _ name: String, _ offererSends: [String], _ refused: [String], _ answererSends: [String]
    ) throws {
        let result = try ExampleExchange(name, .sip).negotiation()
        let simulcast = try #require(result.media.last?.simulcast)
        #expect(simulcast.offererSends == offererSends)
        #expect(simulcast.refused == refused)
        #expect(simulcast.answererSends == answererSends)
    }

    /// Section 5.6.2: what is sent at first, with its alternatives.
    @Test func pausedStreams() throws {
        let offer = try ExampleExchange("rfc8853-5.6.2-*", .sip).description("offer")
        let streams = offer.media.map { $0.first(Simulcast.self)?.send ?? [] }
        #expect(
            streams.map { $0.map { $0.map(\.rid) } } == [
                [], [["1"], ["2"], ["4", "3"]], [["1"], ["3"], ["2"]],
            ])
        #expect(
            streams.map { $0.map { $0.map(\.isPaused) } } == [
                [], [[false], [false], [true, false]], [[false], [true], [true]],
            ])
    }
}
