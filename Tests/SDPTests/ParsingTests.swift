import JSON
import SDP
import Support
import Testing

@Suite struct ParsingTests {
    @Test(
        arguments: [
            ("", nil), ("\r\n \n", nil), ("hello", 1), ("hello world\nv: 0", 1), ("{}", 1),
            ("\u{0}\u{0}", 1), ("x=1\ny=2", 1), ("\n\nv hello", 3), ("GET / HTTP/1.1\r\n", 1),
        ] as [(String, Int?)])
    func whatIsNoDescription(_ text: String, _ line: Int?) {
        let error = #expect(throws: SDPError.self) { try SessionDescription(parsing: text) }
        #expect(error?.position?.line == line)
        #expect(error?.code == "notSDP")
    }

    @Test func faultyLinesAreNamed() throws {
        let text = "v=0\ns=-\n\nthis is no line\nX=1\na=a\u{0}b\n a=b\n\n"
        let description = try SessionDescription(parsing: text)
        #expect(
            description.syntaxErrors.map(\.position) == [
                TextPosition(line: 3, column: 1), TextPosition(line: 4, column: 2),
                TextPosition(line: 5, column: 1), TextPosition(line: 6, column: 4),
                TextPosition(line: 7, column: 1),
            ])
    }

    @Test func carriageReturnsByThemselves() throws {
        let description = try SessionDescription(parsing: "v=0\ra=x\r\r\na=y\n\r\r\rs=-")
        #expect(description.allLines.map(\.text) == ["v=0", "a=x", "a=y", "", "", "", "s=-"])
        #expect(description.text == "v=0\ra=x\r\r\na=y\n\r\r\rs=-")
    }

    /// However a description is damaged, it gives its bytes back or is refused, and so does its JSON
    /// form; and asking for every value traps nowhere.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func damageIsKeptOrRefused(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var bytes = Corpus.all[Int(seed) % Corpus.all.count].bytes
        for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: bytes.indices, using: &random)
            switch random.next() % 5 {
            case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.remove(at: at)
            case 2: bytes.insert([0x0a, 0x0d, 0x20, 0x3a, 0x3d, 0x3b, 0x39][Int(seed % 7)], at: at)
            case 3: bytes.replaceSubrange(at..., with: bytes[at...].prefix(200) + bytes[..<at])
            default: bytes.removeSubrange(at..<min(at + 20, bytes.count))
            }
        }
        guard let description = try? SessionDescription(parsing: bytes) else { return }
        #expect(description.encoded == bytes)
        _ = description.allFaults + description.media.flatMap(\.allFaults)
        _ = description.media.map(\.codecs)
        let json = try JSON(parsing: description.encodedJSON())
        #expect(try SessionDescription(json: json).encoded == bytes)
    }

    /// A number of digits is never too many.
    @Test func numbersBeyondAnyWidth() throws {
        let digits = String(repeating: "9", count: 1000)
        for text in [
            "m=audio \(digits)/\(digits) RTP/AVP \(digits)", "a=rtpmap:\(digits) x/\(digits)",
            "a=ssrc:\(digits) a", "t=\(digits) \(digits)", "b=AS:\(digits)",
            "a=sctp-port:\(digits)",
            "a=max-message-size:\(digits)", "a=extmap:\(digits) x", "a=ptime:\(digits)",
            "a=candidate:1 \(digits) udp \(digits) 1.2.3.4 \(digits) typ host", "v=\(digits)",
        ] {
            let description = try SessionDescription(parsing: "v=0\n" + text)
            _ = description.allFaults + description.media.flatMap(\.allFaults)
            #expect(description.sctpPort == nil && description.maxMessageSize == nil)
            let json = try JSON(parsing: description.encodedJSON())
            #expect(try SessionDescription(json: json).text == "v=0\n" + text)
        }
    }

    @Test func manyAttributesAndALongLine() throws {
        var text = Array("v=0\ns=-\nm=audio 9 RTP/AVP 0\n".utf8)
        for index in 0..<3_000 {
            text += Array("a=candidate:\(index) 1 udp 1 1.2.3.4 5 typ host\na=x\(index)\n".utf8)
        }
        text += Array("a=fmtp:0 ".utf8) + Array(repeating: 0x3b, count: 200_000)
        let description = try SessionDescription(parsing: text)
        #expect(description.encoded == text)
        #expect(description.media[0].all(Candidate.self).count == 3_000)
        let json = try JSON(parsing: description.encodedJSON())
        #expect(try SessionDescription(json: json).encoded == text)
    }
}
