import JSON
import SDP
import SDPRules
import Support
import Testing

/// Whatever is done to a description, all of it is judged and nothing traps.
@Suite struct DamageTests {
    private let offer = Array(Sample.webrtcOffer.text.utf8)
    private let answer = Array(Sample.webrtcAnswer.text.utf8)

    @Test func cutAtEveryByte() throws {
        let other = try SessionDescription(parsing: offer)
        for count in 3..<answer.count {
            let cut = try SessionDescription(parsing: Array(answer.prefix(count)))
            _ = cut.lint(as: .answer)
            guard count % 16 == 0 else { continue }
            _ = try JSON(parsing: Negotiation(offer: other, answer: cut).json.text)
            #expect(!cut.differences(from: other).isEmpty)
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func changedBytes(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var (one, other) = (offer, answer)
        for _ in 0...(seed % 12) {
            one[Int.random(in: one.indices, using: &random)] = UInt8.random(
                in: .min ... .max, using: &random)
            other[Int.random(in: other.indices, using: &random)] ^= 1 << UInt8(seed % 8)
        }
        guard let a = try? SessionDescription(parsing: one),
            let b = try? SessionDescription(parsing: other)
        else { return }
        try exercise(a, b)
        try exercise(b, a)
    }

    /// Numbers of every size, and lines from one place in another.
    @Test(arguments: 0..<60 as Range<UInt64>)
    func changedNumbersAndLines(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let numbers = ["0", "-1", "255", "65535", "4294967296", "99999999999999999999999", "", "x"]
        var lines = Sample.webrtcOffer.text.split(separator: "\r\n").map { String($0) }
        for _ in 0..<10 {
            let index = Int.random(in: 1..<lines.count, using: &random)
            let words = lines[index].split(separator: " ").map { String($0) }
            guard let number = numbers.randomElement(using: &random), !words.isEmpty else {
                continue
            }
            var changed = words
            changed[Int.random(in: changed.indices, using: &random)] = number
            lines[index] = changed.joined(separator: " ")
            lines.swapAt(index, Int.random(in: 1..<lines.count, using: &random))
        }
        let changed = try SessionDescription(parsing: lines.joined(separator: "\n"))
        try exercise(changed, SessionDescription(parsing: answer))
    }

    private func exercise(_ offer: SessionDescription, _ answer: SessionDescription) throws {
        for profile in Profile.allCases {
            for finding in offer.lint(as: .offer, profile: profile) {
                #expect(try JSON(parsing: finding.json.text) == finding.json)
                #expect(finding.explanation.count == 2)
            }
        }
        let negotiation = Negotiation(offer: offer, answer: answer)
        #expect(negotiation.media.count == max(offer.media.count, answer.media.count))
        #expect(!negotiation.explanation.isEmpty)
        #expect(try JSON(parsing: negotiation.json.text) == negotiation.json)
        for difference in answer.differences(from: offer) {
            #expect(!difference.explanation.isEmpty)
        }
        #expect(offer.differences(from: offer) == [])
    }

    /// However many there are of what rules compare with each other.
    @Test func manyLinesOfOneKind() throws {
        let kinds = [
            "a=candidate:1 1 udp 1 10.0.0.1 5 typ host", "a=ssrc:5 cname:x", "a=rtcp-fb:* nack",
            "a=extmap:3 urn:x", "a=fmtp:96 x=1", "a=rtpmap:96 VP8/90000", "a=x:y", "a=mid:0",
            "m=audio 9 RTP/AVP 0", "a=rid:1 send", "a=crypto:1 X inline:AA", "b=AS:5",
            "a=group:BUNDLE 0 1", "a=ssrc-group:FID 1 2", "a=fingerprint:sha-1 AA",
        ]
        for kind in kinds {
            let lines = String(repeating: kind + "\r\n", count: 500)
            let description = try SessionDescription(parsing: Sample.webrtcOffer.text + lines)
            try exercise(description, description)
        }
    }
}
