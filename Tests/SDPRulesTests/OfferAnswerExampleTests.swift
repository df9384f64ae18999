import Foundation
import SDP
import SDPRules
import Testing

/// Exchanges of RFC 4317. Section 2.1 stands in Tests/Vectors/sdp as it is printed; the others are
/// written after what their sections tell, with the media lines alone.
@Suite struct OfferAnswerExampleTests {
    private func negotiation(_ offer: String, _ answer: String) throws -> Negotiation {
        Negotiation(
            offer: try description("alice", offer), answer: try description("bob", answer),
            profile: .sip)
    }

    private func description(_ user: String, _ media: String) throws -> SessionDescription {
        try SessionDescription(
            parsing: """
                v=0
                o=\(user) 2890844526 2890844526 IN IP4 host.example.com
                s=
                c=IN IP4 host.example.com
                t=0 0
                \(media)

                """)
    }

    private let audioAndVideo = """
        m=audio 49170 RTP/AVP 0 8 97
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:97 iLBC/8000
        m=video 51372 RTP/AVP 31 32
        a=rtpmap:31 H261/90000
        a=rtpmap:32 MPV/90000
        """

    @Test func section21OneCodecOfEach() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "Vectors/sdp")
        func file(_ part: String) throws -> SessionDescription {
            let data = try Data(contentsOf: folder.appending(path: "rfc4317-2.1-\(part).sdp"))
            return try SessionDescription(parsing: [UInt8](data))
        }
        let result = Negotiation(
            offer: try file("offer"), answer: try file("answer"), profile: .sip)
        #expect(result.isLegal)
        #expect(result.media.map { $0.codecs.map(\.name) } == [["PCMU/8000"], ["MPV/90000"]])
        #expect(result.media[0].refusedCodecs.map(\.reason) == [.absent, .absent])
        #expect(result.media.allSatisfy { $0.offererSends && $0.answererSends })
        #expect(result.media.allSatisfy { $0.security.keying == .unprotected })
        #expect(result.ice == nil && result.bundles.isEmpty)
    }

    @Test func section22VideoIsRefused() throws {
        let result = try negotiation(
            audioAndVideo,
            """
            m=audio 49172 RTP/AVP 0 8
            a=rtpmap:0 PCMU/8000
            a=rtpmap:8 PCMA/8000
            m=video 0 RTP/AVP 31
            a=rtpmap:31 H261/90000
            """)
        #expect(result.isLegal)
        #expect(result.media.map(\.outcome) == [.accepted, .refused(.unknown)])
        #expect(result.media[0].codecs.map(\.offerPayloadType) == [0, 8])
    }

    @Test func section23OtherPayloadType() throws {
        let result = try negotiation(
            audioAndVideo,
            """
            m=audio 49172 RTP/AVP 99
            a=rtpmap:99 iLBC/8000
            m=video 51374 RTP/AVP 31
            a=rtpmap:31 H261/90000
            """)
        #expect(result.isLegal)
        let codec = try #require(result.media[0].codecs.first)
        #expect((codec.offerPayloadType, codec.answerPayloadType) == (97, 99))
        #expect(result.findings.map(\.rule.identifier).contains("answer-payload-type"))
    }

    @Test func section24EventsInAStreamOfTheirOwn() throws {
        let result = try negotiation(
            """
            m=audio 49170 RTP/AVP 0 97
            a=rtpmap:0 PCMU/8000
            a=rtpmap:97 iLBC/8000
            m=audio 49172 RTP/AVP 98
            a=rtpmap:98 telephone-event/8000
            a=sendonly
            """,
            """
            m=audio 49172 RTP/AVP 97
            a=rtpmap:97 iLBC/8000
            m=audio 49174 RTP/AVP 98
            a=rtpmap:98 telephone-event/8000
            a=recvonly
            """)
        #expect(result.media[1].codecs.map(\.name) == ["telephone-event/8000"])
        #expect(result.media[1].directionInWords == "only the offerer sends")
        #expect(result.isLegal, "\(result.findings.flatMap(\.explanation))")
    }

    @Test func section31HoldAndUnhold() throws {
        let codec = "a=rtpmap:97 iLBC/8000"
        let hold = try negotiation(
            "m=audio 49172 RTP/AVP 97\n\(codec)\na=sendonly",
            "m=audio 49170 RTP/AVP 97\n\(codec)\na=recvonly")
        #expect(hold.isLegal && hold.media[0].directionInWords == "only the offerer sends")
        let resume = try negotiation(
            "m=audio 49172 RTP/AVP 97\n\(codec)", "m=audio 49170 RTP/AVP 97\n\(codec)")
        #expect(resume.isLegal && resume.media[0].directionInWords == "both sides send and receive")
    }

    @Test func section43VideoIsDeleted() throws {
        let video = "m=video 0 RTP/AVP 31\na=rtpmap:31 H261/90000"
        let audio = "m=audio 49170 RTP/AVP 0\na=rtpmap:0 PCMU/8000"
        let result = try negotiation("\(audio)\n\(video)", "\(audio)\n\(video)")
        #expect(result.media.map(\.outcome) == [.accepted, .notOffered])
        let revived = try negotiation(
            "\(audio)\n\(video)", "\(audio)\n\(video.replacing(" 0 ", with: " 51374 "))")
        #expect(revived.findings.map(\.rule.identifier).contains("answer-revives"))
    }
}
