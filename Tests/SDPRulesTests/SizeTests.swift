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
        #expect(found.allSatisfy { ($0.mid ?? "").utf8.count < 200 })
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
