import JSON
import SDP
import SDPRules
import Testing

@Suite struct NegotiationTests {
    private func negotiation(
        _ answer: Edit..., offer: [Edit] = [], profile: Profile = .webrtc
    ) throws -> Negotiation {
        Negotiation(
            offer: try SessionDescription(parsing: Sample.webrtcOffer.text.edited(offer)),
            answer: try SessionDescription(parsing: Sample.webrtcAnswer.text.edited(answer)),
            profile: profile)
    }

    @Test func whatTheSamplesAgreeOn() throws {
        let result = try negotiation()
        #expect(result.isLegal && result.findings.isEmpty)
        #expect(result.bundles == [["0", "1", "2"]])
        #expect(result.ice?.controlling == .offerer)
        #expect(result.media.map(\.outcome) == [.accepted, .accepted, .accepted])

        let audio = result.media[0]
        #expect(audio.codecs.map(\.name) == ["opus/48000/2", "PCMU/8000", "telephone-event/48000"])
        #expect(audio.codecs[0].feedback == ["transport-cc"])
        #expect(audio.refusedCodecs.map(\.name) == ["red/48000/2", "telephone-event/8000"])
        // telephone-event/48000 of the answer is for that of the offer.
        #expect(audio.refusedCodecs.map(\.reason) == [.absent, .absent])
        #expect(audio.directionInWords == "both sides send and receive")
        #expect(audio.security.keying == .dtls && audio.security.dtlsClient == .answerer)
        #expect(audio.multiplexesRTCP == true)
        #expect(audio.extensions.map(\.id) == [4])
        #expect(audio.refusedExtensions == ["urn:ietf:params:rtp-hdrext:ssrc-audio-level"])

        let video = result.media[1]
        #expect(video.bundledWith == "0")
        #expect(video.codecs.map(\.name) == ["VP8/90000", "H264/90000"])
        #expect(video.codecs.map(\.retransmission) == [97, nil])
        #expect(video.codecs[1].profile == "42e01f (constrainedBaseline, level 3.1)")
        // H264 is taken, and the answer has no rtx for it.
        #expect(video.refusedCodecs.map(\.reason) == [.absent])
        #expect(video.simulcast?.offererSends == ["hi", "lo"])

        let data = try #require(result.media[2].dataChannel)
        #expect(data.offerPort == 5000 && data.answerMaximum == 262_144)
    }

    @Test func eachSideHasItsPayloadTypes() throws {
        let codec = try #require(
            try negotiation(
                .replace("SAVPF 111 0", "SAVPF 120 0"), .replaceAll(":111 ", ":120 ")
            ).media[0].codecs.first)
        #expect(codec.name == "opus/48000/2")
        #expect((codec.offerPayloadType, codec.answerPayloadType) == (111, 120))
    }

    /// RFC 4585 section 4.2: `*` stands for all payload types.
    @Test func feedbackForAllIsFeedbackOfEach() throws {
        let byOfferer = try negotiation(offer: [
            .removeAll("a=rtcp-fb:96"), .add("a=rtcp-fb:* nack", after: "a=rtpmap:96"),
        ])
        #expect(byOfferer.media[1].codecs[0].feedback == ["nack"])
        let byAnswerer = try negotiation(
            .removeAll("a=rtcp-fb:96 "), .add("a=rtcp-fb:* nack pli", after: "a=rtpmap:96"))
        #expect(byAnswerer.media[1].codecs.map(\.feedback) == [["nack pli"], ["nack pli"]])
    }

    @Test(arguments: [
        ("sendrecv", "sendrecv", true, true), ("sendrecv", "sendonly", false, true),
        ("sendrecv", "recvonly", true, false), ("sendrecv", "inactive", false, false),
        ("sendonly", "recvonly", true, false), ("sendonly", "inactive", false, false),
        ("recvonly", "sendonly", false, true), ("inactive", "inactive", false, false),
    ])
    func directions(_ offered: String, _ answered: String, _ forward: Bool, _ back: Bool) throws {
        let result = try negotiation(
            .replace("a=sendrecv", "a=\(answered)"), offer: [.replace("a=sendrecv", "a=\(offered)")]
        )
        let audio = result.media[0]
        #expect((audio.offererSends, audio.answererSends) == (forward, back))
        #expect(!result.findings.contains { $0.rule.identifier == "answer-direction" })
    }

    /// RFC 3264 section 6.1 leaves the answer to each offered direction these and no others.
    @Test func illegalDirections() throws {
        let legal: [Direction: [Direction]] = [
            .sendrecv: Direction.allCases, .sendonly: [.recvonly, .inactive],
            .recvonly: [.sendonly, .inactive], .inactive: [.inactive],
        ]
        for offered in Direction.allCases {
            for answered in Direction.allCases {
                let result = try negotiation(
                    .replace("a=sendrecv", "a=\(answered.rawValue)"),
                    offer: [.replace("a=sendrecv", "a=\(offered.rawValue)")])
                let isLegal = legal[offered]?.contains(answered) ?? false
                #expect(result.isLegal == isLegal, "\(answered) to \(offered)")
            }
        }
    }

    @Test(arguments: [
        ("actpass", "active", Side.answerer), ("actpass", "passive", .offerer),
        ("active", "passive", .offerer), ("passive", "active", .answerer),
        ("active", "active", nil), ("passive", "passive", nil), ("actpass", "actpass", nil),
    ])
    func dtlsRoles(_ offered: String, _ answered: String, _ client: Side?) throws {
        let result = try negotiation(
            .replace("setup:active", "setup:\(answered)"),
            offer: [.replaceAll("setup:actpass", "setup:\(offered)")])
        #expect(result.media[0].security.dtlsClient == client)
        #expect(result.isLegal == (client != nil))
    }

    @Test func retransmissionOfWhatIsRefused() throws {
        let video = try negotiation(
            .replace("SAVPF 96 97 102", "SAVPF 102"), .removeAll("a=rtpmap:9"),
            .removeAll("a=rtcp-fb:96"), .remove("a=fmtp:97")
        ).media[1]
        #expect(video.refusedCodecs.map(\.name) == ["VP8/90000", "rtx/90000", "rtx/90000"])
        #expect(
            video.refusedCodecs.map(\.reason) == [
                .absent, .repeatsUnused(payloadType: 96), .absent,
            ])
    }

    /// RFC 4145 has such an answer be passive, and browsers have it be active.
    @Test func anAnswerWithoutRoleIsNoConflict() throws {
        let result = try negotiation(.removeAll("a=setup"))
        #expect(result.isLegal && result.media[0].security.dtlsClient == nil)
        #expect(
            result.explanation.contains(
                "m=audio (index 0, mid 0): DTLS: the answer does not say its role"))
    }

    /// RFC 5888 section 9: who does not know mids ignores them.
    @Test func anAnswerWithoutMidsHasNoOtherMids() throws {
        let result = try negotiation(.removeAll("a=mid:"), .remove("a=group:BUNDLE"))
        let rules = result.findings.map(\.rule.identifier)
        #expect(rules.contains("mid-missing") && !rules.contains("answer-mid"))
    }

    @Test func aLiteOffererIsControlled() throws {
        let result = try negotiation(offer: [.add("a=ice-lite", after: "t=")])
        #expect(result.ice?.isOffererLite == true && result.ice?.controlling == .answerer)
    }

    @Test func refusalsAndTheirReasons() throws {
        func reason(_ edits: Edit...) throws -> NegotiatedMedia.Outcome {
            let answer = Sample.webrtcAnswer.text.edited(
                [.replace("m=video 9", "m=video 0")] + edits)
            return Negotiation(
                offer: try SessionDescription(parsing: Sample.webrtcOffer.text),
                answer: try SessionDescription(parsing: answer)
            ).media[1].outcome
        }
        #expect(try reason() == .refused(.unknown))
        #expect(try reason(.remove("a=group")) == .refused(.notBundled))
        #expect(try reason(.replace("SAVPF 96 97 102", "SAVPF 34")) == .refused(.noCommonCodec))
        // Numbers without rtpmap are the offer's, said again.
        #expect(
            try reason(
                .replace("SAVPF 96 97 102", "SAVPF 102"), .removeAll("a=rtpmap:9"),
                .remove("a=rtpmap:102")) == .refused(.unknown))
        #expect(
            try reason(.replace("m=video 0 UDP/TLS/RTP/SAVPF", "m=video 0 RTP/AVP"))
                == .refused(.differentProtocol))
    }

    @Test func linesThatOneSideHas() throws {
        let less = try negotiation(.remove("m=application"), .remove("a=sctp-port"))
        #expect(less.media.map(\.outcome.word) == ["accepted", "accepted", "missing"])
        #expect(!less.isLegal)
        let more = try negotiation(.append("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=mid:9"))
        #expect(more.media.last?.outcome == .unoffered)
    }

    /// RFC 6184 section 8.2.2 by way of table 5: the same profile under different ids.
    @Test(arguments: [
        ("42e01f", "42c00a", true), ("42e01f", "4d801f", true), ("42e01f", "42001f", false),
        ("42001f", "42a01f", true), ("4d001f", "4d401f", true), ("64001f", "640c1f", false),
        ("42e01f", "4d001f", false),
    ])
    func h264Profiles(_ offered: String, _ answered: String, _ meet: Bool) throws {
        let result = try negotiation(
            .replace("42e01f", answered), offer: [.replace("42e01f", offered)])
        #expect(result.media[1].codecs.contains { $0.name == "H264/90000" } == meet)
        #expect(result.findings.contains { $0.rule.identifier == "answer-h264-profile" } == !meet)
    }

    @Test func theJSONFormHasItsMembers() throws {
        let json = try negotiation(.replace("m=video 9", "m=video 0")).json
        #expect(json["type"]?.string == "negotiation" && json["legal"]?.bool == false)
        #expect(json["ice"]?["controlling"]?.string == "offerer")
        let media = try #require(json["media"]?.array)
        #expect(media[0]["codecs"]?.array?.first?["offerPayloadType"]?.integer == 111)
        #expect(media[0]["dtlsClient"]?.string == "answerer")
        #expect(media[1]["outcome"]?.string == "refused" && media[1]["reason"]?.string == "unknown")
        #expect(media[1]["codecs"] == nil)
        #expect(media[2]["dataChannel"]?["offerPort"]?.integer == 5000)
        let finding = try #require(json["findings"]?.array?.first)
        #expect(finding["rule"] != nil && finding["reference"]?["rfc"]?.integer != nil)
        #expect(try JSON(parsing: json.encoded) == json)
    }

    @Test func theTextSaysItInWords() throws {
        let lines = try negotiation().explanation
        #expect(lines.first == "the answer is legal")
        #expect(lines.contains("m=audio (index 0, mid 0): both sides send and receive"))
        #expect(lines.contains("m=audio (index 0, mid 0): DTLS: the answerer is the client"))
        #expect(
            lines.contains { $0.hasPrefix("m=video (index 1, mid 1): VP8/90000, payload type 96") })
    }
}
