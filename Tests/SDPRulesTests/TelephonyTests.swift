import JSON
import SDP
import SDPRules
import Testing

/// What telephones do that browsers do not: keys of other kinds, keys at best effort, old holds.
@Suite struct TelephonyTests {
    private func audio(_ media: String, _ lines: [String], address: String) -> String {
        let all =
            ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 \(address)", "t=0 0"]
            + ["m=audio 4000 \(media)"] + lines
        return all.joined(separator: "\r\n") + "\r\n"
    }

    private func negotiation(
        _ media: String, offer: [String], answer: [String], offerAddress: String = "192.0.2.1",
        answerAddress: String = "192.0.2.2", profile: Profile = .sip
    ) throws -> Negotiation {
        let offer = audio(media, offer, address: offerAddress)
        let answer = audio(media, answer, address: answerAddress)
            .replacing("o=- 1 1", with: "o=- 2 2")
        return Negotiation(
            offer: try SessionDescription(parsing: offer),
            answer: try SessionDescription(parsing: answer), profile: profile)
    }

    private static let crypto = Sample.crypto
    private static let otherCrypto = Sample.otherCrypto
    private static let fingerprint = Sample.fingerprint

    /// RFC 8643: keys beside RTP/AVP are an offer that may be passed over.
    @Test(arguments: [
        ([crypto], [], Keying.unprotected), ([crypto], [otherCrypto], .sdes),
        ([fingerprint, "a=setup:actpass"], [], .unprotected),
        ([fingerprint, "a=setup:actpass"], [fingerprint, "a=setup:active"], .dtls),
        ([crypto, fingerprint, "a=setup:actpass"], [otherCrypto], .sdes),
    ])
    func bestEffort(_ offer: [String], _ answer: [String], _ keying: Keying) throws {
        let result = try negotiation("RTP/AVP 0", offer: offer, answer: answer)
        #expect(result.isLegal, "\(result.findings.flatMap(\.explanation))")
        #expect(result.media[0].security.keying == keying)
    }

    /// With SRTP in the protocol's name there is no going on without keys.
    @Test func noBestEffortInASecureProfile() throws {
        let result = try negotiation("RTP/SAVP 0", offer: [Self.crypto], answer: [])
        #expect(!result.isLegal && result.media[0].security.keying == nil)
        let rules = result.findings.map(\.rule.identifier)
        #expect(rules.contains("answer-security-mismatch") && rules.contains("srtp-keys-missing"))
        #expect(!rules.contains("fingerprint-missing"))
        #expect(result.findings.contains { $0.hint.contains("a=crypto") })
    }

    @Test(arguments: [
        ("a=key-mgmt:mikey AQAFgM0XflABAAAA", Keying.mikey, "MIKEY"),
        ("a=zrtp-hash:1.10 fe30efd02423cb054e50", .zrtp, "ZRTP"),
    ])
    func otherKeyings(_ line: String, _ keying: Keying, _ words: String) throws {
        for media in ["RTP/SAVP 0", "RTP/AVP 0"] {
            let result = try negotiation(media, offer: [line], answer: [line])
            #expect(result.isLegal, "\(result.findings.flatMap(\.explanation))")
            #expect(result.media[0].security.keying == keying)
            #expect(result.media[0].json["keying"]?.string == keying.rawValue)
            #expect(result.explanation.contains { $0.contains(words) })
            #expect(!result.explanation.contains { $0.contains("not encrypted") })
        }
    }

    /// RFC 3264 section 8.4: nothing is sent to 0.0.0.0, whatever the direction says.
    @Test func anOldHold() throws {
        let byOfferer = try negotiation(
            "RTP/AVP 0", offer: [], answer: [], offerAddress: "0.0.0.0")
        #expect(byOfferer.media[0].directionInWords == "only the offerer sends")
        #expect(byOfferer.media[0].sidesOnHold == [.offerer])
        #expect(byOfferer.media[0].json["answererSends"]?.bool == false)
        #expect(byOfferer.explanation.contains { $0.contains("the offerer is on hold") })
        #expect(byOfferer.findings.contains { $0.message.contains("sendrecv at 0.0.0.0") })
        let byBoth = try negotiation(
            "RTP/AVP 0", offer: [], answer: [], offerAddress: "0.0.0.0", answerAddress: "0.0.0.0")
        #expect(byBoth.media[0].directionInWords == "nobody sends")
        // With ICE the address stands for one that is yet to be found.
        let ice = ["a=ice-ufrag:abcd", "a=ice-pwd:0123456789abcdefghijkl"]
        let withICE = try negotiation(
            "RTP/AVP 0", offer: ice, answer: ice, offerAddress: "0.0.0.0",
            answerAddress: "0.0.0.0")
        #expect(withICE.media[0].directionInWords == "both sides send and receive")
        #expect(try negotiation("RTP/AVP 0", offer: [], answer: []).media[0].json["onHold"] == nil)
    }

    /// RFC 4145 section 4.1: who opens the connection, and what is meant where nothing is said.
    @Test(arguments: [
        ("a=setup:actpass", "a=setup:active", Side.answerer),
        ("a=setup:passive", "a=setup:active", .answerer), ("", "", .offerer),
        ("a=setup:actpass", "a=setup:holdconn", nil),
    ])
    func whoOpensTheConnection(_ offer: String, _ answer: String, _ opener: Side?) throws {
        func text(_ protocolName: String, _ line: String) throws -> SessionDescription {
            try SessionDescription(
                parsing: audio("RTP/AVP 0", [], address: "192.0.2.1")
                    .replacing("m=audio 4000 RTP/AVP 0", with: "m=message 9 \(protocolName) *")
                    + (line.isEmpty ? "" : line + "\r\n"))
        }
        for (name, words) in [("TCP/MSRP", "not encrypted"), ("TCP/TLS/MSRP", "encrypted by TLS")] {
            let result = Negotiation(
                offer: try text(name, offer), answer: try text(name, answer), profile: .sip)
            let media = result.media[0]
            #expect(media.tcp?.opener == opener)
            #expect(media.json["tcpOpener"]?.string == opener?.rawValue)
            let side = opener.map { "the \($0.rawValue) opens" } ?? "nobody opens"
            #expect(media.explanation.contains { $0.contains("TCP: \(side) the connection") })
            #expect(media.explanation.contains { $0.hasSuffix(": \(words)") })
            #expect(!media.explanation.contains { $0.contains("DTLS") })
        }
    }

    /// RFC 8445 section 6.1.1 has a rule for two lite agents, so they may meet.
    @Test func twoLiteAgentsMayMeet() throws {
        func text(_ sample: Sample) throws -> SessionDescription {
            try SessionDescription(
                parsing: sample.text.edited([.add("a=ice-lite", after: "t=")]))
        }
        let result = Negotiation(offer: try text(.webrtcOffer), answer: try text(.webrtcAnswer))
        let found = result.findings.filter { $0.rule.identifier == "ice-lite-both" }
        #expect(found.map(\.severity) == [.warning])
    }

    @Test func aCodecOfTheSameNameThatDoesNotFit() throws {
        let result = try negotiation(
            "RTP/AVP 96", offer: ["a=rtpmap:96 AMR/8000", "a=fmtp:96 octet-align=1"],
            answer: ["a=rtpmap:96 AMR/8000"])
        let finding = try #require(
            result.findings.first { $0.rule.identifier == "answer-no-common-codec" })
        #expect(finding.message.contains("octet-align is 1 in the offer and 0 in the answer"))
        #expect(!finding.hint.contains("VP8"))
        let media = result.media[0]
        #expect(!media.hasCommonCodec && !media.offererSends && !media.answererSends)
        #expect(media.directionInWords == "nobody sends: no codec in common")
    }

    /// An answerer takes what there is: it is not to offer another codec.
    @Test func anAnswerIsNotToldWhatToOffer() throws {
        let edits: [Edit] = [.replaceAll("VP8/90000", "VP9/90000"), .removeAll("a=rtpmap:102")]
        let answer = try SessionDescription(parsing: Sample.webrtcAnswer.text.edited(edits))
        let offer = try SessionDescription(parsing: Sample.webrtcOffer.text.edited(edits))
        func mandatory(_ findings: [Finding]) -> Int {
            findings.count { $0.rule.identifier == "video-codec-mandatory" }
        }
        #expect(mandatory(offer.lint(as: .offer)) == 1)
        #expect(mandatory(answer.lint(as: .answer)) == 0)
    }
}
