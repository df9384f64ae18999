import SDP
import SDPRules
import Testing

@Suite struct RuleTests {
    @Test func everyRuleHasACaseThatBreaksIt() {
        let broken = Set(RuleCase.all.map(\.rule))
        let rules = Set(Rule.all.map(\.identifier))
        #expect(rules.subtracting(broken).sorted() == [])
        #expect(broken.subtracting(rules).sorted() == [])
        #expect(rules.count == Rule.all.count, "an identifier is there twice")
        #expect(rules.count >= 40)
    }

    @Test(arguments: RuleCase.all)
    func aBrokenRuleIsFound(_ example: RuleCase) throws {
        let text = example.text(example.breaking)
        let found = try example.findings(example.breaking, offer: example.offer)
            .filter { $0.rule.identifier == example.rule }
        #expect(!found.isEmpty, "\(text.prefix(200))")
        guard let line = example.line else { return }
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let place = try #require(found.first?.position?.line)
        #expect(lines[place - 1].hasPrefix(line))
    }

    @Test(arguments: RuleCase.all)
    func whatKeepsTheRuleIsNotFound(_ example: RuleCase) throws {
        #expect(try !example.findings([]).contains { $0.rule.identifier == example.rule })
        guard let keeping = example.keeping else { return }
        #expect(try !example.findings(keeping).contains { $0.rule.identifier == example.rule })
    }

    /// The samples keep all rules, so that every rule has a description that does not trip it.
    @Test func theSamplesKeepEveryRule() throws {
        func texts(_ findings: [Finding]) -> [String] { findings.flatMap(\.explanation) }
        let offer = try SessionDescription(parsing: Sample.webrtcOffer.text)
        let answer = try SessionDescription(parsing: Sample.webrtcAnswer.text)
        #expect(texts(offer.lint(as: .offer)) == [])
        #expect(texts(answer.lint(asAnswerTo: offer)) == [])
        let invite = try SessionDescription(parsing: Sample.sipOffer.text)
        let reply = try SessionDescription(parsing: Sample.sipAnswer.text)
        #expect(texts(invite.lint(as: .offer, profile: .sip)) == [])
        #expect(texts(reply.lint(asAnswerTo: invite, profile: .sip)) == [])
    }

    @Test func rulesAreWrittenAlike() {
        for rule in Rule.all {
            let name = rule.identifier
            #expect(name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(name)")
            #expect(Profile.allCases.contains { rule.severity(in: $0) != nil }, "\(name)")
            for text in [rule.summary, rule.hint] {
                #expect(!text.hasSuffix(".") && !text.isEmpty, "\(name)")
            }
        }
    }

    /// What an RFC allows is no error, and what it forbids so that a call fails is one.
    @Test(arguments: [
        ("answer-codec-unoffered", Profile.webrtc, Severity.info),  // RFC 3264 section 6.1: MAY
        ("answer-extmap-unoffered", .webrtc, .warning),
        ("simulcast-direction", .webrtc, .info),  // RFC 8851 section 4: valid
        ("sctp-port-zero", .webrtc, .warning),  // RFC 8841 section 9.3: closes the association
        ("ice-lite-both", .sip, .warning),  // RFC 8445 section 6.1.1: allowed
        ("ice-lite-both", .webrtc, .warning),
        ("sdes-in-clear-profile", .sip, .info),  // RFC 8643 section 3: so it is offered
        ("ice-mismatch", .sip, .warning),  // RFC 8839 section 4.2.5: goes on without ICE
        ("ice-mismatch", .webrtc, .error),  // RFC 9429 section 5.1.1: ICE MUST be used
        ("candidate-default", .sip, .warning),  // RFC 8839 section 4.2.5: no guidance
        ("payload-type-unmapped", .rtsp, .warning),  // RFC 8866 section 5.14: SHOULD
        ("setup-holdconn", .sip, .error),  // RFC 8842 section 5.1: MUST NOT
        ("rtcp-mux-missing", .webrtc, .error),  // RFC 9429 section 5.8.3: MUST
        ("answer-protocol", .webrtc, .error),  // RFC 9429 section 5.8.3: MUST
        ("connection-missing", .webrtc, .error),  // RFC 8866 section 5.7: MUST
        ("session-name-empty", .webrtc, .error),  // RFC 8866 section 5.3: MUST NOT
        ("attribute-name", .sip, .error),  // RFC 8866 section 9: a token
        ("fmtp-empty", .webrtc, .error),  // RFC 8866 section 6.15: fmt SP format-specific-params
        ("line-ending-missing", .webrtc, .warning),
        ("port-count", .webrtc, .warning),  // RFC 8866 section 5.14 has it
        ("protocol-unsupported", .webrtc, .warning),  // RFC 3264 section 6: refused alone
        ("protocol-unknown", .webrtc, .error),  // RFC 8866 section 5.14: registered
        ("fmtp-unknown-payload", .webrtc, .error), ("fmtp-unknown-payload", .sip, .warning),
        ("rtcp-fb-unknown-payload", .webrtc, .error),
        ("rtcp-fb-unknown-payload", .rtsp, .warning),
        ("blank-line", .webrtc, .error), ("blank-line", .sip, .warning),
        ("extmap-level-mixed", .webrtc, .error),  // RFC 8285 section 5: MUST NOT
        ("connection-unknown", .webrtc, .error),  // RFC 8866 section 9
        ("extmap-id-large", .webrtc, .warning),  // RFC 8285 sections 4.3 and 7: legal
        ("fingerprint-case", .webrtc, .warning),  // RFC 8122 section 5: upper case
    ])
    func severitiesAreThoseOfTheRFCs(
        _ name: String, _ profile: Profile, _ severity: Severity
    ) throws {
        let rule = try #require(Rule.all.first { $0.identifier == name })
        #expect(rule.severity(in: profile) == severity)
    }

    @Test func findingsOfARuleAreCountedNotListedWithoutEnd() throws {
        let many = String(repeating: "a=rtpmap:77 X/8000\r\n", count: 2000)
        let description = try SessionDescription(parsing: Sample.webrtcOffer.text + many)
        let found = description.lint().filter { $0.rule.identifier == "rtpmap-unknown-payload" }
        #expect(found.count == maximumFindingsPerRule + 1)
        #expect(found.last?.message == "1950 more of these, from here on")
    }
}
