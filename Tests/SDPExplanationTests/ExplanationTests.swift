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
        ("t=3724394400 0", "begins at 2018-01-08 10:00:00 UTC", "RFC 8866 section 5.9"),
        (
            "t=2272060799 2272060800", "from 1971-12-31 23:59:59 UTC to 1972-01-01 00:00:00 UTC",
            "5.9"
        ),
        ("t=1 255611289599", "from 1900-01-01 00:00:01 UTC to 9999-12-31 23:59:59 UTC", "5.9"),
        ("t=255611289600 0", "begins at second 255611289600 since 1900", "5.9"),
        ("t=4107542399 4107542400", "2030-02-28 23:59:59 UTC to 2030-03-01 00:00:00 UTC", "5.9"),
        ("t=3918153600 0", "begins at 2024-02-29 00:00:00 UTC", "5.9"),
        ("z=3730928400 -1h", "-1h at 2018-03-25 01:00:00 UTC", "RFC 8866 section 5.11"),
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
        ("a=rtcp-fb:* ccm fir", "for all payload types: the receiver may ask for a whole", "5104"),
        (
            "a=fmtp:97 apt=111", "payload type 97 (rtx) is payload type 111 (opus) sent again",
            "6.15"
        ),
        ("a=fmtp:111 useinbandfec=1;x=2", "takes error correction in the stream and x = 2", "6.15"),
        ("a=simulcast:send h;~l recv q", "sent as h and l (paused) and received as q", "8853"),
        ("a=ssrc-group:FID 1 2", "1 and 2 are a stream and its retransmissions", "5576"),
        ("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x", "readable by all", "RFC 4568"),
        ("c=IN IP4 233.252.0.1/127/3", "on 3 addresses from it", "section 5.7"),
        ("b=TIAS:48000", "without the packets' headers, at most 48000 bit/s", "RFC 3890"),
        ("b=RR:800", "only receives takes at most 800 bit/s", "RFC 3556"),
        ("a=rtcp-fb:111 ccm fir", "whole new picture", "RFC 5104 section 7.1"),
        ("a=rtcp-fb:111 transport-cc", "when each packet came", "no RFC"),
        ("a=candidate:1 3 UDP 1 192.0.2.1 4 typ host", "for component 3,", "8839"),
        ("a=candidate:1 2 UDP 1 192.0.2.1 4 typ host", "for RTCP,", "8839"),
        (
            "a=crypto:1 F8_128_HMAC_SHA1_80 inline:x|2^20|1:4 UNENCRYPTED_SRTP",
            "; a key serves for 2^20 packets; packets name it 1 (MKI) in 4 bytes"
                + "; RTP is not encrypted", "RFC 4568"
        ),
        (
            "a=extmap:5 urn:ietf:params:rtp-hdrext:encrypt "
                + "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
            "extension 5, encrypted, is the audio level", "RFC 6904 section 4"
        ),
        ("a=extmap:5 urn:x:abs-send-time:toffset", "is the transmission time offset", "RFC 8285"),
        ("a=T38MaxBitRate:14400", "up to 14400 bit/s", "T.38"),
        ("a=T38FaxTranscodingMMR:0", "not so", "T.38"),
        ("a=T38FaxUdpEC:t38UDPRedundancy", "repeating them", "T.38"),
        (
            "a=rtpmap:1 x", "not as the RFC has it: the clock rate is missing",
            "RFC 8866 section 6.6"
        ),
        (
            "a=sendonly:1", "not as the RFC has it: nothing should follow, but \"1\" does",
            "RFC 8866 section 6.7.3"
        ),
        ("a=rtcp-mux:x", "not as the RFC has it: nothing should", "RFC 5761 section 5.1.1"),
        ("a=fmtp:111 profile-level-id=42e01f", "constrainedBaseline at level 3.1", "6.15"),
        ("a=fmtp:111 profile-level-id=42e0ff", "at level 255, which is none", "6.15"),
        ("a=fmtp:111 profile-level-id=42f00b", "at level 1b", "6.15"),
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
        #expect(explanation.reference.contains(reference), "\(explanation.reference)")
        #expect(explanation.line.text == line)
        #expect(explanation.mediaIndex == 0)
    }

    /// RFC 4145 has `setup` say who opens the TCP connection, RFC 8842 who is the DTLS client.
    @Test(arguments: [
        ("UDP/TLS/RTP/SAVPF 0", "it is the DTLS client", "RFC 8842 section 5"),
        ("TCP/DTLS/RTP/SAVP 0", "it is the DTLS client", "RFC 8842 section 5"),
        ("TCP t38", "this side opens the connection", "RFC 4145 section 4"),
        ("TCP/TLS/MSRP *", "this side opens the connection", "RFC 4145 section 4"),
    ])
    func setup(_ media: String, _ words: String, _ reference: String) throws {
        let line = "m=message 7395 \(media)\n"
        for text in ["v=0\n\(line)a=setup:active\n", "v=0\na=setup:active\n\(line)"] {
            let explanation = try #require(
                try SessionDescription(parsing: text).explanations
                    .first { $0.line.text == "a=setup:active" })
            #expect(explanation.words.hasSuffix(words), "\(explanation.words)")
            #expect(explanation.reference == reference)
        }
    }

    @Test func portsOfOneMedia() throws {
        #expect(
            try words("v=0\nm=video 49170/2 RTP/AVP 31\n")[1]
                .hasPrefix("video, to 2 port pairs from port 49170 on, over RTP"))
        #expect(
            try words("v=0\nm=video 49170 RTP/AVP 31\n")[1].hasPrefix("video, to port 49170, "))
    }

    /// RFC 7826 appendix D.1.2: port 0 refuses nothing where a stream is described, not negotiated.
    @Test(arguments: [
        "a=control:rtsp://camera.example/", "c=IN IP4 233.252.0.1/127", "a=range:npt=0-",
    ])
    func descriptionsOfStreams(_ sign: String) throws {
        let media = "m=video 0 RTP/AVP 31\nc=IN IP4 0.0.0.0\na=recvonly\n"
        let streams = try words("v=0\n\(sign)\n\(media)").suffix(3)
        #expect(streams.joined().contains("agreed on when the stream is set up"))
        #expect(streams.last == "who takes part only receives")
        #expect(!streams.joined().contains("refused") && !streams.joined().contains("ICE"))
        let offer = try words("v=0\n\(media)").suffix(3)
        #expect(offer.joined().contains("refused") && offer.joined().contains("ICE"))
        #expect(offer.last == "media is only received by the side that wrote this")
    }

    @Test func aCallerMaySayThatStreamsAreDescribed() throws {
        let description = try SessionDescription(parsing: "v=0\nm=video 0 RTP/AVP 31\n")
        var said: [String] = []
        description.explain(isDeclarative: true) { said.append($0.words) }
        #expect(said[1].contains("agreed on when the stream is set up"))
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

    private static let files = PublishedVectors.sessionDescriptions(
        for: "explanations of 68 session descriptions")

    /// Every line is explained, whatever it is, and those that browsers write are known.
    @Test(arguments: files) func published(_ file: VectorFile) throws {
        let description = try SessionDescription(parsing: file.bytes)
        let explanations = description.explanations
        #expect(explanations.count == description.allLines.filter { !$0.isBlank }.count)
        #expect(explanations.allSatisfy { !$0.words.isEmpty && !$0.reference.isEmpty })
        guard file.name.hasPrefix("captured/") else { return }
        for explanation in explanations {
            #expect(
                !explanation.words.contains("not as the RFC")
                    && !explanation.words.contains("none of the RFCs"),
                "\(explanation.line.text)")
        }
    }
}
