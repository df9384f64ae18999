import SDP
import Testing

/// What lines say, and what is written of it.
@Suite struct ValueTests {
    /// Lines that are written as they were read.
    @Test(arguments: [
        "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1", "e=Jane Doe <jane@example.com>",
        "p=+1 617 555-6011", "c=IN IP4 224.2.36.42/127", "c=IN IP4 224.2.1.1/127/3",
        "c=IN IP6 ff00::db8:0:101/3", "b=X-YZ:128", "t=3724394400 3724398000",
        "r=604800 3600 0 90000", "r=7d 1h 0 25h", "z=3730928400 -1h 3749680800 0", "k=prompt",
        "k=base64:AAAA", "m=video 49170/2 RTP/AVP 31", "m=application 9 UDP/DTLS/SCTP x",
        "a=rtpmap:97 L16/8000/2", "a=fmtp:96 0-15", "a=fmtp:63 111/111",
        "a=rtcp-fb:* ccm tmmbr smaxpr=120", "a=rtcp-fb:96 trr-int 100", "a=rtcp:53020",
        "a=rtcp:53020 IN IP6 2001:db8::1", "a=extmap:4096/sendonly URI-gps-string a b",
        "a=ssrc:314159 cname:user@example.com", "a=ssrc:1 msid:a b", "a=ssrc:1 fmtp",
        "a=ssrc-group:FID 1 2", "a=msid:- track", "a=msid:stream", "a=msid-semantic:WMS *",
        "a=group:BUNDLE", "a=group:LS a1 v1", "a=rid:1 send max-width=1280;max-fps=30",
        "a=rid:2 recv", "a=simulcast:send 1,~4;2;3 recv c", "a=simulcast:recv 1",
        "a=candidate:1 1 UDP 2130706431 10.0.1.1 8998 typ host",
        "a=candidate:a+/ 256 udp 1 x.local 0 typ host ufrag abc network-cost 999",
        "a=candidate:2 2 TCP 1 2001:db8::1 9 typ srflx raddr ::1 rport 8 tcptype active g 0",
        "a=candidate:3 1 udp 1 1.2.3.4 5 typ new x y z",
        "a=remote-candidates:1 192.0.2.3 45664 2 192.0.2.3 45665", "a=fingerprint:md5 00:ff",
        "a=crypto:1 F8_128_HMAC_SHA1_80 inline:MTIz|2^20|1:4;inline:QUJD|2^20|2:4 FEC_ORDER=1 X",
        "a=sctpmap:5000 webrtc-datachannel 1024", "a=sctpmap:5000 webrtc-datachannel",
        "a=imageattr:* send * recv *", "a=imageattr:97 send [x=[480:16:800],y=[1,2],q=0.6] [x=1]",
    ])
    func aLineIsWrittenAsItWasRead(_ text: String) throws {
        var line = Line(text)
        let type = try #require(lineValues.first { line.matches($0.form) })
        try change(&line, type)
        #expect(line.text == text)
        #expect(line.ending == .crlf)
    }

    /// Puts the value into another line of the kind, so that it is written anew.
    private func change<Value: LineValue>(_ line: inout Line, _ type: Value.Type) throws {
        line = Line(try line.value(as: type))
    }

    /// What is wrong, and in which column.
    @Test(arguments: [
        ("o=- 1 1 IN IP4", 15, "the address is missing"),
        ("c=IN IP4 1.2.3.4/x", 10, "the time to live is \"x\""),
        ("c=IN IP6 ::1/1/2", 10, "nothing should follow, but \"2\" does"),
        ("b=AS", 5, "the bandwidth is missing"), ("b=AS:-1", 6, "the bandwidth is \"-1\""),
        ("b=AS:18446744073709551616", 6, "the bandwidth is too large"),
        ("t=0 0 0", 7, "nothing should follow, but \"0\" does"),
        ("m=audio 65536 RTP/AVP 0", 9, "the port is too large"),
        ("m=audio  RTP/AVP 0", 10, "the port is \"RTP\""),
        ("m=audio 9", 10, "the protocol is missing"),
        ("a=rtpmap:x PCMU/8000", 10, "the payload type is \"x\""),
        ("a=rtpmap:0 PCMU", 16, "the clock rate is missing"),
        ("a=extmap:1/both u", 10, "the direction is \"both\""),
        ("a=ssrc:4294967296 cname:x", 8, "the SSRC is too large"),
        ("a=rid:1 both", 9, "the direction is \"both\""),
        ("a=simulcast:send 1 send 2", 20, "nothing should follow, but \"send\" does"),
        ("a=simulcast:send 1;;2", 18, "the rid is \"\""),
        ("a=candidate:1 1 udp 1 1.2.3.4 70000 typ host", 31, "the port is too large"),
        ("a=candidate:1 1 udp 1 1.2.3.4 7 type host", 33, "the word typ is \"type\""),
        ("a=candidate:1", 14, "the component is missing"),
        ("a=fingerprint:sha-256", 22, "the fingerprint is missing"),
        ("a=crypto:1 X inline", 14, "the key is \"…\""),
        ("a=imageattr:97 send", 20, "the attribute set is missing"),
        ("a=rtcp:9 IN", 12, "the address type is missing"),
    ])
    func aFaultHasItsColumn(_ text: String, _ column: Int, _ reason: String) throws {
        let line = Line(text)
        let type = try #require(lineValues.first { line.matches($0.form) })
        let error = #expect(throws: SDPError.self) { _ = try value(of: line, type) }
        #expect(error?.position?.column == column)
        #expect(error?.reason == reason)
    }

    private func value<Value: LineValue>(
        of line: Line, _ type: Value.Type
    ) throws(SDPError) -> Value { try line.value(as: type) }

    @Test func anotherLineIsNotTheValue() {
        #expect(throws: SDPError.wrongLine(expected: "a=rtpmap:", at: .init(line: 0, column: 1))) {
            try Line("a=rtpmapx:0 PCMU/8000").value(as: RTPMap.self)
        }
    }

    @Test func prioritiesAreTakenApart() throws {
        let line = Line("a=candidate:1 2 tcp 1518280446 10.0.1.1 9 typ host tcptype active")
        let priority = try line.value(as: Candidate.self).decodedPriority
        #expect(priority.typePreference == 90)
        #expect(priority.localPreference == 32542)
        #expect(priority.tcpDirectionPreference == 3)
        #expect(priority.component == 2)
        let again = CandidatePriority(typePreference: 90, localPreference: 32542, component: 2)
        #expect(again == priority)
    }

    /// RFC 6184 table 5, and the ids that browsers write.
    @Test(arguments: [
        ("42e01f", "constrainedBaseline", "3.1"), ("42c00b", "constrainedBaseline", "1.1"),
        ("4d801f", "constrainedBaseline", "3.1"), ("58c01f", "constrainedBaseline", "3.1"),
        ("42001f", "baseline", "3.1"), ("58801f", "baseline", "3.1"), ("4D001F", "main", "3.1"),
        ("58000a", "extended", "1"), ("640032", "high", "5"), ("640c1f", "constrainedHigh", "3.1"),
        ("6e001f", "high10", "3.1"), ("7a101f", "high422Intra", "3.1"),
        ("f4001f", "high444Predictive", "3.1"), ("2c101f", "cavlc444Intra", "3.1"),
        ("42f00b", "constrainedBaseline", "1b"), ("640009", "high", "1b"),
    ])
    func profileLevelIDs(_ text: String, _ profile: String, _ level: String) throws {
        let id = try #require(H264ProfileLevelID(text))
        #expect(id.profile?.rawValue == profile)
        #expect(id.level == level)
        #expect(id.text == text.lowercased())
    }

    @Test(arguments: ["", "42e0", "42e01f00", "42e01g", "+2e01f"])
    func whatIsNoProfileLevelID(_ text: String) { #expect(H264ProfileLevelID(text) == nil) }

    @Test func codecs() throws {
        let text = """
            v=0
            m=audio 9 RTP/AVP 111 63 0 13 9 98
            a=rtpmap:111 opus/48000/2
            a=fmtp:111 minptime=10;useinbandfec=1;Stereo=1
            a=rtcp-fb:* nack
            a=rtcp-fb:111 transport-cc
            a=rtpmap:63 red/48000/2
            a=fmtp:63 111/111
            m=video 9 RTP/AVP 96 97
            a=rtpmap:96 h264/90000
            a=fmtp:96 profile-level-id=42e01f;packetization-mode=1
            a=rtpmap:97 rtx/90000
            a=fmtp:97 apt=96;rtx-time=3000
            """
        var description = try SessionDescription(parsing: text)
        let audio = description.media[0].codecs
        #expect(audio.map(\.payloadType) == [111, 63, 0, 13, 9, 98])
        #expect(audio.map(\.name) == ["opus", "red", "PCMU", "CN", "G722", nil])
        #expect(audio[0].opus?.useInbandFEC == true)
        #expect(audio[0].opus?.stereo == true)
        #expect(audio[0].feedback.map(\.feedback) == ["transport-cc", "nack"])
        #expect(audio[1].red?.payloadTypes == [111, 111])
        #expect(audio[2].isMapped == false)
        let video = description.media[1].codecs
        #expect(video[0].h264?.profileLevelID?.profile == .constrainedBaseline)
        #expect(video[1].rtx?.associatedPayloadType == 96)

        var format = try #require(description.media[1].first(FormatParameters.self))
        var h264 = H264Parameters(format.parameters)
        h264.packetizationMode = 0
        format.parameters = h264.parameters
        description.media[1].set(format)
        #expect(
            description.media[1].lines[2].text
                == "a=fmtp:96 profile-level-id=42e01f;packetization-mode=0")
    }

    @Test func protocols() {
        #expect(MediaProtocol("UDP/TLS/RTP/SAVPF") == .udpTLSRTPSAVPF)
        #expect(MediaProtocol("UDP/TLS/RTP/SAVPF").isDTLS)
        #expect(MediaProtocol("RTP/SAVP").isSRTP)
        #expect(!MediaProtocol("RTP/AVP").isSRTP)
        #expect(MediaProtocol("DTLS/SCTP").isSCTP)
        #expect(MediaProtocol("x/y") == .other("x/y"))
        #expect(MediaProtocol("x/y").text == "x/y")
    }

    @Test func fingerprintsAndKeys() throws {
        let fingerprint = Fingerprint("SHA-1", "00:0a:FF")
        #expect(fingerprint.bytes == [0, 10, 255])
        #expect(fingerprint.expectedByteCount == 20)
        #expect(Fingerprint("x", "0:1").bytes == nil)
        let line = Line("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:QUJD|2^20|1:4")
        let key = try line.value(as: CryptoAttribute.self).keys[0]
        #expect(key.keyAndSalt == "QUJD")
        #expect(key.lifetime == "2^20")
        #expect(key.masterKeyIdentifier == "1:4")
    }

    @Test(arguments: [
        ("7d", 604800), ("-1h", -3600), ("0", 0), ("25h", 90000), ("2m", 120), ("5s", 5),
    ])
    func typedTimes(_ text: String, _ expected: Int64) {
        #expect(seconds(ofTypedTime: text) == expected)
    }

    @Test(arguments: ["", "h", "-", "1.5h", "9223372036854775807d", "99999999999999999999"])
    func whatIsNoTypedTime(_ text: String) { #expect(seconds(ofTypedTime: text) == nil) }
}
