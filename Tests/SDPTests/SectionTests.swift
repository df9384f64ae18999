import SDP
import Testing

@Suite struct SectionTests {
    private let text = """
        v=0\r
        o=- 1 1 IN IP4 127.0.0.1\r
        s=-\r
        t=0 0\r
        m=audio 9 RTP/AVP 0\r
        a=mid:0\r
        a=candidate:1 1 udp 1 1.2.3.4 5 typ host\r
        a=candidate:2 1 udp 1 1.2.3.4 6 typ host\r
        a=sendrecv\r

        """

    private func changed(
        _ change: (inout SessionDescription) -> Void
    ) throws -> [String] {
        var description = try SessionDescription(parsing: text)
        change(&description)
        let lines = description.text.split(separator: "\r\n").map { String($0) }
        let old = Set(text.split(separator: "\r\n").map { String($0) })
        return lines.filter { !old.contains($0) } + old.subtracting(lines).map { "-" + $0 }.sorted()
    }

    @Test func aValueChangesItsLine() throws {
        #expect(try changed { $0.media[0].direction = .inactive } == ["a=inactive", "-a=sendrecv"])
        #expect(try changed { $0.media[0].mid = "1" } == ["a=mid:1", "-a=mid:0"])
        #expect(try changed { $0.media[0].mid = nil } == ["-a=mid:0"])
        #expect(try changed { $0.media[0].media?.port = 0 }.first == "m=audio 0 RTP/AVP 0")
        #expect(try changed { $0.origin?.sessionVersion = "2" }.first == "o=- 1 2 IN IP4 127.0.0.1")
        #expect(try changed { $0.media[0].hasRTCPMux = true } == ["a=rtcp-mux"])
        #expect(try changed { $0.media[0].setup = .active } == ["a=setup:active"])
    }

    @Test func listsAreChangedElementByElement() throws {
        let changes = try changed { description in
            var candidates = description.media[0].all(Candidate.self)
            candidates[1].port = 7
            candidates.append(candidates[0])
            candidates[2].foundation = "3"
            description.media[0].setAll(candidates)
        }
        #expect(
            changes == [
                "a=candidate:2 1 udp 1 1.2.3.4 7 typ host",
                "a=candidate:3 1 udp 1 1.2.3.4 5 typ host",
                "-a=candidate:2 1 udp 1 1.2.3.4 6 typ host",
            ])
        #expect(try changed { $0.media[0].setAll([Candidate]()) }.count == 2)
    }

    @Test func newLinesStandWhereTheirTypeDoes() throws {
        var description = try SessionDescription(parsing: text)
        description.connection = Connection(address: "192.0.2.1")
        description.media[0].bandwidths = [Bandwidth("AS", 64)]
        description.media[0].information = "Sound"
        description.groups = [SDP.Group("BUNDLE", ["0"])]
        let lines = description.allLines.map(\.text)
        #expect(
            lines.prefix(6).joined()
                == "v=0o=- 1 1 IN IP4 127.0.0.1s=-c=IN IP4 192.0.2.1t=0 0a=group:BUNDLE 0")
        #expect(lines[6...9] == ["m=audio 9 RTP/AVP 0", "i=Sound", "b=AS:64", "a=mid:0"])
    }

    @Test func aLineBehindOneWithoutEndingGetsOne() throws {
        var description = try SessionDescription(parsing: "v=0\ns=-")
        description.append(Attribute("tool", "x"))
        #expect(description.text == "v=0\ns=-\na=tool:x\n")
    }

    @Test func aLineBreakInAValueMakesNoLine() throws {
        #expect(try changed { $0.media[0].mid = "0\r\na=evil" } == ["a=mid:0  a=evil", "-a=mid:0"])
    }

    @Test func mediaInheritsFromTheSession() throws {
        let description = try SessionDescription(
            parsing:
                "v=0\nc=IN IP4 1.2.3.4\na=recvonly\nm=audio 9 RTP/AVP 0\nm=audio 9 RTP/AVP 0\na=sendonly"
        )
        #expect(description.direction(of: description.media[0]) == .recvonly)
        #expect(description.direction(of: description.media[1]) == .sendonly)
        #expect(description.connection(of: description.media[0])?.address == "1.2.3.4")
        #expect(Direction.sendonly.reversed == .recvonly)
    }

    @Test func aDescriptionIsMadeFromNothing() {
        var description = SessionDescription()
        description.version = "0"
        description.origin = Origin(sessionID: "1", sessionVersion: "1", address: "127.0.0.1")
        description.sessionName = "-"
        description.timings = [Timing()]
        var audio = MediaDescription(
            MediaLine(kind: "audio", port: 9, transport: .udpTLSRTPSAVPF, formats: ["111"]))
        audio.connection = Connection(address: "0.0.0.0")
        audio.append(
            RTPMap(
                payloadType: 111, encodingName: "opus", clockRate: 48000, encodingParameters: "2"))
        description.media = [audio]
        #expect(
            description.text
                == "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
                + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:111 opus/48000/2\r\n"
        )
    }
}
