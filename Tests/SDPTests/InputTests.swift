import SDP
import Testing
import Wire

@Suite struct InputTests {
    private let sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"

    private func read(_ text: String) throws -> [SDPInput] {
        try SDPInput.read(Array(text.utf8))
    }

    private func expectDescription(_ text: String, type: String? = nil) throws {
        let found = try read(text)
        guard case .description(let description, let sdpType)? = found.first, found.count == 1
        else {
            Issue.record("\(found.count) found in \(text)")
            return
        }
        #expect(description.text == sdp)
        #expect(sdpType == type)
    }

    @Test func wrappings() throws {
        let json = #"{"type":"offer","sdp":"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"}"#
        try expectDescription(sdp)
        try expectDescription(json, type: "offer")
        try expectDescription("\n " + json + "\n", type: "offer")
        try expectDescription(
            #"42["callUser",{"userToCall":"x","signalData":\#(json)}]"#, type: "offer")
        try expectDescription(#"42/room,17["signal",\#(json)]"#, type: "offer")
        try expectDescription(#"{"data":[1,null,{"x":\#(json)}]}"#, type: "offer")
        try expectDescription(Base64.standard.encode(Array(sdp.utf8)))
        try expectDescription(Base64.standard.encode(Array(json.utf8)), type: "offer")
        try expectDescription(sdp.replacing("\r\n", with: "\\r\\n"))
        try expectDescription(#""v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n""#)
        let quoted =
            #""{\"type\":\"offer\",\"sdp\":\"v=0\\r\\no=- 1 1 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\n\"}""#
        try expectDescription(quoted, type: "offer")
        let form = try SessionDescription(parsing: sdp).encodedJSON(sdpType: "answer")
        try expectDescription(String(decoding: form, as: UTF8.self), type: "answer")
    }

    @Test func logs() throws {
        let json = #"{"type":"offer","sdp":"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"}"#
        try expectDescription("12:00 sending \(json) to bob", type: "offer")
        try expectDescription("type: offer, sdp: " + sdp)
        try expectDescription(
            sdp.split(separator: "\r\n").map { "[1] > \($0)\r\n" }.joined() + "[1] done")
        try expectDescription("offer: " + sdp.replacing("\r\n", with: "\\r\\n"))
    }

    @Test func candidates() throws {
        let text = "candidate:1 1 udp 1 1.2.3.4 5 typ host"
        for input in [
            text, "a=" + text, "  \(text)\r\n", #"{"candidate":"\#(text)"}"#,
            #"42["addIceCandidate",{"candidate":{"candidate":"a=\#(text)"}}]"#,
        ] {
            let found = try read(input)
            guard case .candidate(let candidate)? = found.first, found.count == 1 else {
                Issue.record("\(found.count) found in \(input)")
                continue
            }
            #expect(try candidate.candidate()?.port == 5)
            #expect(candidate.line?.text == "a=" + text)
        }
        #expect(try read("a=\(text)\n\(text)\n\na=end-of-candidates\n").count == 3)
    }

    @Test func candidatesWithTheirPlaces() throws {
        let text =
            #"{"candidate":"candidate:1 1 udp 1 1.2.3.4 5 typ host","sdpMid":"0","sdpMLineIndex":2,"usernameFragment":"x"}"#
        guard case .candidate(let candidate)? = try read(text).first else { return }
        #expect(candidate.sdpMid == "0")
        #expect(candidate.sdpMLineIndex == 2)
        #expect(candidate.usernameFragment == "x")
        for end in [#"{"candidate":null}"#, #"{"candidate":"","sdpMid":"0"}"#] {
            guard case .candidate(let candidate)? = try read(end).first else {
                Issue.record("nothing found in \(end)")
                continue
            }
            #expect(candidate.isEndOfCandidates)
        }
    }

    @Test(arguments: [
        "", "  \n", "{}", "[1,2]", #"{"type":"offer"}"#, "hello", "{\"a\":", "42[",
    ])
    func nothingToFind(_ text: String) {
        #expect(throws: SDPError.self) { try SDPInput.read(Array(text.utf8)) }
    }

    @Test(arguments: [
        ("{\"type\":\"offer\"}", true), ("42[\"x\",{}]", true), ("{", false), ("v=0", false),
        ("{\"type\":", false), ("", false), ("a=candidate:1", false), ("[]", true),
    ])
    func linesThatAreWhole(_ line: String, _ isWhole: Bool) {
        #expect(SDPInput.isWhole(line: line.utf8) == isWhole)
    }

    /// JSON in a string in JSON, as deep as anybody likes, ends.
    @Test func wrappingsEnd() throws {
        var text = "v=0"
        for _ in 0..<12 { text = Base64.standard.encode(Array(text.utf8)) }
        #expect(throws: SDPError.self) { try SDPInput.read(Array(text.utf8)) }
    }
}
