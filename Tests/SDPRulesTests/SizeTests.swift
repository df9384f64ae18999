import SDP
import SDPRules
import Testing

/// What repeats is looked up, and what is endless is cut: nothing grows with lines times lines.
@Suite struct SizeTests {
    private func description(_ media: String, session: String = "") throws -> SessionDescription {
        try SessionDescription(
            parsing: "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" + session + media)
    }

    private func lines(_ count: Int, _ line: (Int) -> String) -> String {
        (0..<count).map { line($0) + "\r\n" }.joined()
    }

    private let video = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n"
    private let allTypes = (0..<128).map { String($0) }.joined(separator: " ")
    private let endless = String(repeating: "x", count: 100_000)

    @Test func messagesDoNotRepeatAnEndlessName() throws {
        let cases = [
            "m=video 9 RTP/AVP 96\r\na=mid:\(endless)\r\na=rtpmap:96 \(endless)/90000\r\n"
                + lines(60) { "a=rtpmap:96 y\($0)/90000" } + lines(60) { "a=rtcp-fb:9\($0) nack" },
            video + "a=ssrc-group:\(endless) 1 2 3\r\n",
        ]
        for text in cases {
            let found = try description(text, session: "a=group:\(endless) a b c\r\n").lint()
            #expect(found.count > 3)
            #expect(found.allSatisfy { $0.message.utf8.count < 1000 })
            #expect(found.allSatisfy { ($0.mid ?? "").utf8.count < 200 })
        }
    }

    /// Each line, of the offer and of the answer, is one that a rule has something to say of.
    @Test func messagesDoNotRepeatAnEndlessValue() throws {
        let endless = String(repeating: "x", count: 2000)
        let zone = "::%\(endless)"
        let media = [
            video + "a=rtpmap:98 \(endless)/90000\r\n",
            "m=audio 4000 RTP/\(endless) 0\r\na=rtcp-fb:0 nack\r\n\(Sample.crypto)\r\n",
            "m=audio 4000 \(endless)RTP/SAVP 0\r\n",
            "m=application 9 \(endless)/DTLS/SCTP x\r\na=sctpmap:5 x\r\n",
            "m=audio 4000 RTP/AVP 0\r\nc=IN IP6 \(zone)\r\n",
            "m=audio 4000 RTP/AVP 0\r\nc=IN \(endless) ::1\r\n",
            "m=audio 4000 RTP/AVP 0\r\nc=IN IP6 ::1%\(endless)\r\na=ice-ufrag:abcd\r\n"
                + "a=candidate:1 1 udp 1 \(endless) 0 typ \(endless)\r\n"
                + "a=candidate:2 1 udp 1 \(zone) 5 typ host\r\n",
            video + "a=rid:\(endless) send\r\na=simulcast:recv \(endless)\r\n",
        ].joined()
        let offer = try description(media, session: "a=ice-lite\r\n")
        let suite = "a=crypto:1 \(endless) inline:AAAA\r\n"
        let answer = try description(
            media.replacing("m=video 9 UDP", with: "m=video 9 \(endless)")
                .replacing("\(Sample.crypto)\r\n", with: suite))
        for profile in Profile.allCases {
            let found =
                offer.lint(as: .offer, profile: profile)
                + answer.lint(asAnswerTo: offer, profile: profile)
            #expect(found.count > 30)
            for finding in found where finding.message.utf8.count >= 1000 {
                Issue.record("\(finding.rule.identifier) repeats an endless value")
            }
        }
    }

    @Test func messagesDoNotListEndlessNumbers() throws {
        let offer = try description(video + lines(2000) { "a=extmap:\(2 * $0 + 1) urn:x" })
        let answer = try description(video + lines(2000) { "a=extmap:\(2 * $0 + 2) urn:x" })
        let found = answer.lint(asAnswerTo: offer).filter {
            $0.rule.identifier == "answer-extmap-number"
        }
        #expect(found.count == maximumFindingsPerRule + 1)
        #expect(found.allSatisfy { $0.message.utf8.count < 1000 })
    }

    @Test func differencesDoNotRepeatAnEndlessMid() throws {
        let old = try description(video + "a=mid:\(endless)\r\n" + lines(60) { "a=x\($0):1" })
        let new = try description(video + "a=mid:\(endless)\r\n" + lines(60) { "a=x\($0):2" })
        let found = new.differences(from: old)
        #expect(found.count == 60)
        let added = new.differences(from: try description(""))
        #expect(added.map(\.kind) == [.mediaAdded])
        #expect((found + added).allSatisfy { ($0.mid ?? "").utf8.count < 200 })
    }

    @Test func feedbackForAllIsToldOnce() throws {
        let media =
            "m=video 9 UDP/TLS/RTP/SAVPF \(allTypes)\r\n"
            + lines(128) { "a=rtpmap:\($0) c\($0)/90000" }
        let new = try description(media + lines(50) { "a=rtcp-fb:* x\($0)" })
        #expect(new.differences(from: try description(media)).count == 50)
    }

    @Test func feedbackThatOneCodecKeepsIsToldOfTheOthers() throws {
        let media = "m=video 9 RTP/AVPF 96 97\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 VP9/90000\r\n"
        let old = try description(media + "a=rtcp-fb:* nack\r\na=rtcp-fb:* ccm fir\r\n")
        let new = try description(media + "a=rtcp-fb:96 nack\r\n")
        let found = new.differences(from: old).filter { $0.kind == .feedbackRemoved }
        #expect(found.map(\.subject) == ["VP9/90000", "every codec"])
        #expect(found.map(\.before) == ["nack", "ccm fir"])
    }

    // Minutes, where each line goes through all others.

    @Test func manyParametersOfOneName() throws {
        func offer(_ last: Int) throws -> SessionDescription {
            try description(
                video + "a=fmtp:96 \(String(repeating: "a=1;", count: 400_000))a=\(last)\r\n")
        }
        #expect(try offer(2).differences(from: try offer(1)).count == 1)
    }

    @Test func manyGroups() throws {
        let old = try description(video, session: lines(100_000) { "a=group:LS \($0)" })
        let new = try description(video, session: lines(100_000) { "a=group:LS 1\($0)" })
        #expect(new.differences(from: old).count == 1)
    }
}
