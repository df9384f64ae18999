import Foundation
import SDP
import SDPExplanation
import Support
import Testing

@Suite struct ExplanationTests {
    private func words(_ text: String) throws -> [String] {
        try SessionDescription(parsing: text).explanations.map(\.words)
    }

    @Test(arguments: [
        ("t=0 0", "as long as it lasts", "RFC 8866 section 5.9"),
        ("t=3724394400 0", "begins at second 3724394400 since 1900", "RFC 8866 section 5.9"),
        ("z=3730928400 -1h", "-1h at second 3730928400 since 1900", "RFC 8866 section 5.11"),
        ("c=IN IP4 233.252.0.1/127", "to 233.252.0.1, over at most 127 hops", "section 5.7"),
        ("b=AS:500", "at most 500 kbit/s", "RFC 8866 section 5.8"),
        ("a=group:BUNDLE 0 1", "0 and 1 can go over one transport", "RFC 5888 section 5"),
        ("a=setup:actpass", "can open the connection or wait", "RFC 8842 section 5"),
        ("a=ice-options:trickle ice2", "candidates may come later", "RFC 8839 section 5.6"),
        ("a=max-message-size:0", "of any size", "RFC 8841 section 6"),
        ("a=end-of-candidates", "no more candidates", "RFC 8840 section 8.1"),
        (
            "a=rtcp-fb:111 nack pli", "111 (opus): the receiver may say that a picture was lost",
            "4585"
        ),
        ("a=rtcp-fb:* ccm fir", "for all payload types: the receiver may ask for a whole", "4585"),
        (
            "a=fmtp:97 apt=111", "payload type 97 (rtx) is payload type 111 (opus) sent again",
            "6.15"
        ),
        ("a=fmtp:111 useinbandfec=1;x=2", "takes error correction in the stream and x = 2", "6.15"),
        ("a=simulcast:send h;~l recv q", "sent as h and l (paused) and received as q", "8853"),
        ("a=ssrc-group:FID 1 2", "1 and 2 are a stream and its retransmissions", "5576"),
        ("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x", "readable by all", "RFC 4568"),
        (
            "a=rtpmap:1 x", "not as the RFC has it: the clock rate is missing",
            "RFC 8866 section 6.6"
        ),
        ("a=x-mine:1", "the attribute x-mine", "RFC 8866 section 5.13"),
        ("x=1", "has to ignore or refuse the whole", "RFC 8866 section 5"),
        ("nothing", "not of the form type=value", "RFC 8866 section 5"),
    ])
    func lines(_ line: String, _ words: String, _ reference: String) throws {
        let description = try SessionDescription(
            parsing: "v=0\nm=audio 9 RTP/AVP 111 97\na=rtpmap:111 opus/48000/2\n"
                + "a=rtpmap:97 rtx/48000\n" + line + "\n")
        let explanation = try #require(description.explanations.last)
        #expect(explanation.words.contains(words), "\(explanation.words)")
        #expect(
            explanation.reference?.contains(reference) ?? false, "\(explanation.reference ?? "")")
        #expect(explanation.line.text == line)
        #expect(explanation.mediaIndex == 0)
    }

    /// Else a long name and many lines would make endless text.
    @Test func anEndlessNameIsNotRepeated() throws {
        let name = String(repeating: "x", count: 10_000)
        let lines = (0..<60).map { "a=rtcp-fb:96 x\($0)\n" }.joined()
        let all = try words("v=0\nm=video 9 RTP/AVP 96\na=rtpmap:96 \(name)/90000\n" + lines)
        #expect(all.count { $0.utf8.count > 1000 } == 1)
    }

    @Test func candidates() throws {
        let words = try words(
            "v=0\na=candidate:1 1 UDP 1677729535 203.0.113.5 46154 typ srflx raddr 10.0.0.1 rport 9\n"
        )[1]
        for part in [
            "STUN server sees", "udp, 203.0.113.5 port 46154", "of 10.0.0.1 port 9", "type 100",
            "local 30", "component 1",
        ] { #expect(words.contains(part), "\(words)") }
    }

    /// Every line is explained, whatever it is, and those that browsers write are known.
    @Test func published() throws {
        guard let folder = PublishedVectors.directory?.appending(path: "sdp") else {
            return PublishedVectors.absent("explanations of 68 session descriptions")
        }
        let names = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
        for name in names.compactMap({ $0 as? String }) where name.hasSuffix(".sdp") {
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
            let description = try SessionDescription(parsing: bytes)
            let explanations = description.explanations
            #expect(explanations.count == description.allLines.filter { !$0.isBlank }.count)
            #expect(explanations.allSatisfy { !$0.words.isEmpty && $0.reference != nil })
            guard name.hasPrefix("captured/") else { continue }
            for explanation in explanations {
                #expect(
                    !explanation.words.contains("not as the RFC")
                        && !explanation.words.contains("none of the RFCs"),
                    "\(explanation.line.text)")
            }
        }
    }
}
