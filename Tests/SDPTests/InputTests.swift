import JSON
import SDP
import Testing
import Wire

@Suite struct InputTests {
    private let sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    private let offer =
        #"{"type":"offer","sdp":"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"}"#

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
        try expectDescription(sdp)
        try expectDescription(offer, type: "offer")
        try expectDescription("\n " + offer + "\n", type: "offer")
        try expectDescription(
            #"42["callUser",{"userToCall":"x","signalData":\#(offer)}]"#, type: "offer")
        try expectDescription(#"42/room,17["signal",\#(offer)]"#, type: "offer")
        try expectDescription(#"{"data":[1,null,{"x":\#(offer)}]}"#, type: "offer")
        try expectDescription(Base64.standard.encode(Array(sdp.utf8)))
        try expectDescription(Base64.standard.encode(Array(offer.utf8)), type: "offer")
        try expectDescription(sdp.replacing("\r\n", with: "\\r\\n"))
        try expectDescription(#""v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n""#)
        let quoted =
            #""{\"type\":\"offer\",\"sdp\":\"v=0\\r\\no=- 1 1 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\n\"}""#
        try expectDescription(quoted, type: "offer")
        let form = try SessionDescription(parsing: sdp).encodedJSON(sdpType: "answer")
        try expectDescription(String(decoding: form, as: UTF8.self), type: "answer")
    }

    @Test func logs() throws {
        try expectDescription("12:00 sending \(offer) to bob", type: "offer")
        try expectDescription("type: offer, sdp: " + sdp)
        try expectDescription(
            sdp.split(separator: "\r\n").map { "[1] > \($0)\r\n" }.joined() + "[1] done")
        try expectDescription("offer: " + sdp.replacing("\r\n", with: "\\r\\n"))
    }

    private func expect(_ count: Int, in text: String, as type: [String?]? = nil) throws {
        let found = try read(text)
        let types = found.map { input -> String? in
            guard case .description(_, let type) = input else { return "not a description" }
            return type
        }
        #expect(types == type ?? Array(repeating: nil, count: count), "\(found) in \(text)")
    }

    private let second = "v=0\r\no=bob 2 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"

    /// Each of several is one, with its own lines and no others.
    @Test(arguments: ["", "12:00 > ", "  ", "> "])
    func severalInOneLog(_ prefix: String) throws {
        let log = ["12:00 INFO sending INVITE\r\n", sdp, "12:00 INFO got 200 OK\r\n", second]
            .map { text in
                text.starts(with: "v=0")
                    ? text.split(separator: "\r\n").map { "\(prefix)\($0)\r\n" }.joined() : text
            }
        let found = try read(log.joined() + "12:00 INFO done\r\n")
        #expect(
            found == [
                .description(try SessionDescription(parsing: sdp), sdpType: nil),
                .description(try SessionDescription(parsing: second), sdpType: nil),
            ])
    }

    @Test func severalOfOtherKinds() throws {
        let answer = offer.replacing("offer", with: "answer")
        try expect(2, in: sdp + second)
        try expect(2, in: "[0:01] offer: \(offer)\n[0:02] \(answer)\n", as: ["offer", "answer"])
        let pretty = [offer, answer].map { $0.replacing(",", with: ",\n  ") }
        try expect(2, in: pretty.joined(separator: "\n"), as: ["offer", "answer"])
        try expect(2, in: "\(offer) and \(answer)", as: ["offer", "answer"])
        try expect(2, in: sdp + "12:01 got \(answer)\n", as: [nil, "answer"])
        try expect(2, in: #"a("v=0\r\ns=1\r\n"), b("v=0\r\ns=2\r\n")"#)
    }

    /// A description that has `v=` twice, or first lines of SDP before it, is one still.
    @Test(arguments: [
        "v=0\r\ns=-\r\nv=0\r\nt=0 0\r\n", "s=-\r\nv=0\r\no=- 1 1 IN IP4 ::\r\n",
        "; odd\r\nv=0\r\n", "\r\n\r\nv=0\r\njunk\r\n",
    ])
    func oddOnesAreOne(_ text: String) throws {
        #expect(
            try read(text) == [.description(try SessionDescription(parsing: text), sdpType: nil)])
    }

    @Test func literalsThatAProgramAdds() throws {
        let lines = sdp.split(separator: "\r\n").map { "\"\($0)\\r\\n\"" }
        try expectDescription("const sdp = " + lines.joined(separator: " +\n    ") + ";\n")
        try expectDescription("f(" + lines.joined(separator: "+") + ")")
    }

    /// Sources of C, JavaScript, Rust, Python and others, with what stands between their literals.
    @Test(arguments: [
        #"""
        const char *sdp = "v=0\r\n"  // the version, and "more"
            // don't look here: "a=old\r\n"
            "o=- 1 1 IN IP4 127.0.0.1\r\n"  /* the "origin"
            of it */ "s=-\r\n" "t=0 "
            "0\r\n";
        """#,
        #"""
        "v=0\r\n" // first
        "o=- 1 1 IN IP4 127.0.0.1\r\n"
        /* name */
        "s=-\r\n"
        "t=0 0\r\n"
        """#,
        #"""
        sdp = ('v=0\r\n'  # the version
               b"o=- 1 1 IN IP4 127.0.0.1\r\n"
               # a name
               's=-\r\n'
               f't=0 0\r\n')
        """#,
        #"""
        let sdp = "v=0\r\n\
            o=- 1 1 IN IP4 127.0.0.1\r\n\
            s=-\r\n\
            t=0 0\r\n";
        """#,
        #"""
        sdp = "v=0\x0d\x0ao=- 1 1 IN \u0049P4 127.0.0.1\x0D\n" \
            "s=-\u000d\u{a}" \
            "t=0 0\r\n"
        """#,
        #"""
        sdp += "v=0\r\n";
        sdp += "o=- 1 1 IN IP4 127.0.0.1\r\n";
        sdp.append('s=-\r\n');
        sdp << "t=0 0" << "\r\n";
        """#,
        #"const sdp = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'].join('\r\n')"#,
        #"const sdp = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', ''].join("\r\n");"#,
        #"""
        const sdp = [
          "v=0", // the version
          "o=- 1 1 IN IP4 127.0.0.1",
          `s=-`,
          "t=0 0",
        ].join("\r\n");
        """#,
        #"""
        l = ["v=0", "o=- 1 1 IN IP4 127.0.0.1"]
        l += ["s=-"]
        l.append("t=0 0")
        """#,
    ])
    func literalsOfPrograms(_ source: String) throws { try expectDescription(source) }

    /// What goes on behind other things is told, not left out.
    @Test(arguments: [
        (#"f("v=0\r\no=- " + id + " 1 IN IP4 127.0.0.1\r\n" + "s=-\r\n")"#, 1),
        ("sdp = \"v=0\\r\\no=-\\r\\n\";\nif (x) {\n  sdp += \"s=-\\r\\n\";\n}\n", 3),
        ("l = [\"v=0\", \"o=-\"]\nif (x) {\n  l.push(\"s=-\")\n}\n", 3),
    ])
    func literalsThatAreInterrupted(_ source: String, _ line: Int) throws {
        let found = try read(source)
        guard case .description? = found.first, case .fault(let error)? = found.last,
            found.count == 2
        else {
            Issue.record("\(found) in \(source)")
            return
        }
        #expect(error.position?.line == line)
        #expect(error.hint != nil)
    }

    /// As chrome://webrtc-internals and loggers write them: text in a string in JSON.
    @Test func textsInJSON() throws {
        let text = #"type: offer, sdp: v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"#
        try expectDescription(#"{"updateLog":[{"type":"x","value":"\#(text)"}]}"#)
        let message = JSON.object([JSON.Member("message", .string("sending \(offer) to bob"))])
        try expectDescription(message.text, type: "offer")
        #expect(throws: SDPError.noDescription) { try read(#"{"x":"it begins with \"v=0\""}"#) }
    }

    /// Text that was escaped for each string that it was put into.
    @Test func escapesOfEscapes() throws {
        var text = sdp.replacing("\r\n", with: "\\r\\n")
        for _ in 0..<2 {
            text = text.replacing("\\", with: "\\\\")
            try expectDescription(text)
            try expectDescription("offer: \(text)\n")
        }
        let quoted = offer.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        try expectDescription("12:00 got \"\(quoted)\" from bob")
        try expectDescription("12:00 got \(quoted) from bob")
    }

    /// The quote that closes what is on several lines is no part of its last.
    @Test(arguments: [
        ("`", "`;\nf();\n"), ("'", "'\n"), ("f(\"\"\"", "\"\"\")\n"), ("'", "',\n)\n"),
    ])
    func quotesAroundLines(_ before: String, _ after: String) throws {
        for lines in [sdp, sdp.replacing("\r\n", with: "\n")] {
            let text = String(lines.dropLast())
            let found = try read(before + text + after)
            #expect(
                found == [.description(try SessionDescription(parsing: text), sdpType: nil)],
                "\(found)")
        }
    }

    @Test(arguments: ["+", "-", " ", "> ", "+> "])
    func quotationsAndPatches(_ prefix: String) throws {
        try expectDescription(
            "@@ -1 +1 @@\r\n" + sdp.split(separator: "\r\n").map { "\(prefix)\($0)\r\n" }.joined())
    }

    private func fault(in text: String, after count: Int) throws -> SDPError? {
        let found = try read(text)
        #expect(found.count == count + 1, "\(found) in \(text)")
        guard case .fault(let error)? = found.last else { return nil }
        return error
    }

    /// A string that was cut on its way, as logs cut what is long.
    @Test(arguments: ["12:00 got ", "", "x = "])
    func stringsThatAreCut(_ before: String) throws {
        let cut = before + offer.prefix(60)
        for text in [cut, cut + "\n", cut + "\n12:01 done\n"] {
            let place = TextPosition(line: 1, column: cut.utf8.count + 1)
            #expect(try fault(in: text, after: 1) == .unclosed(at: place))
        }
    }

    /// Where other lines end a description in a log, and lines like its own follow.
    @Test(arguments: ["", "12:00 > ", "[1] "])
    func linesBehindManyOthers(_ prefix: String) throws {
        let own = sdp.split(separator: "\r\n").map { "\(prefix)\($0)\n" }.joined()
        let others = String(repeating: "\(prefix)other\n", count: 40)
        #expect(
            try fault(in: "log\n\(own)\(others)\(prefix)m=audio 9 RTP/AVP 0\n", after: 1)
                == .interrupted(at: TextPosition(line: 46, column: 1)))
        #expect(try read("log\n\(own)\(others)\(prefix)x=1\n").count == 1)
    }

    /// The first line of a description without another is a word of a sentence, or not understood.
    @Test(arguments: [
        "it begins with v=0\n", ">v=0\n> o=- 1 1 IN IP4 ::\n", "log: v=0\\r\\n\ns=-\\r\\n\n",
    ])
    func firstLinesAlone(_ text: String) throws {
        #expect {
            try read(text)
        } throws: {
            guard case .alone? = $0 as? SDPError else { return false }
            return true
        }
        guard case .alone? = try fault(in: offer + " and " + text, after: 1) else {
            Issue.record("\(text)")
            return
        }
    }

    @Test func prefixesThatGrow() throws {
        let lines = (sdp + String(repeating: "a=x:1\r\n", count: 12)).split(separator: "\r\n")
        let log = lines.enumerated().map { "[1\(String(repeating: "0", count: $0))] \($1)\r\n" }
        let found = try read(log.joined())
        #expect(found.count == 1)
        guard case .description(let description, _)? = found.first else { return }
        #expect(description.lines.count == lines.count)
    }

    /// A line that is wrapped in a quotation is a line of it, as it is outside of one.
    @Test(arguments: ["> ", "+", "  | "])
    func wrappedLinesInQuotations(_ mark: String) throws {
        let text = "v=0\r\ns=a\r\nb\r\nt=0 0\r\n"
        let quoted = text.split(separator: "\r\n").map { "\(mark)\($0)\r\n" }.joined()
        #expect(
            try read("he wrote:\r\n" + quoted)
                == [.description(try SessionDescription(parsing: text), sdpType: nil)])
    }

    @Test func bodiesOfSIP() throws {
        try expectDescription(
            "INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1\r\n"
                + "Content-Type: application/sdp\r\n\r\n" + sdp)
        try expectDescription(
            "SIP/2.0 200 OK\r\n\r\n--unique\r\n\r\n" + sdp + "\r\n--unique--\r\n")
    }

    @Test func wholeTextsThatAreIndented() throws {
        try expectDescription(sdp.split(separator: "\r\n").map { "  \($0)\r\n" }.joined())
    }

    /// What is wrong with one of several takes no other away.
    @Test func faultsAmongOthers() throws {
        let bad = #"{"type":"offer","sdp":"nothing"}"#
        let good = #"{"type":"offer","sdp":"v=0\r\n"}"#
        for text in ["\(bad)\n\(good)\n", "[\(bad),\(good)]"] {
            let found = try read(text)
            #expect(found.count == 2, "\(text)")
            guard case .fault(.notSDP)? = found.first, case .description? = found.last else {
                Issue.record("\(found)")
                continue
            }
        }
        #expect(throws: SDPError.self) { try read("[\(bad)]") }
        let cut = try read("\(good)\n{\n \"type\":")
        guard
            case .fault(.notJSON(.unexpectedEnd, at: TextPosition(line: 3, column: 9)))? = cut.last
        else {
            Issue.record("\(cut)")
            return
        }
        #expect(cut.count == 2)
    }

    @Test(arguments: [
        ("{\"a\":", 1, 6), ("{\n \"a\": ?}", 2, 7), ("[1]\n\n x", 3, 2), ("\n[1,]", 2, 4),
    ])
    func placesInJSON(_ text: String, _ line: Int, _ column: Int) {
        #expect {
            try read(text)
        } throws: {
            ($0 as? SDPError)?.position == TextPosition(line: line, column: column)
        }
    }

    @Test(arguments: [
        ("2", true), ("3", true), ("2probe", true), ("6", true), ("40", true), ("40/a,", true),
        (#"40{"token":"x"}"#, true), (#"0{"sid":"x"}"#, true), ("41", true), ("7", false),
        (#"42["x"]"#, false), ("4", false), ("40{", false), ("v=0", false), ("20", false),
    ])
    func packetsOfTheTransport(_ line: String, _ isOne: Bool) {
        #expect(SDPInput.isTransportPacket(line.utf8) == isOne)
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
        guard case .candidate(let candidate)? = try read(text).first else {
            Issue.record("nothing found in \(text)")
            return
        }
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

    /// What this library printed is read back whole or not at all: text in it was not sent.
    @Test func resultsAreNoInput() throws {
        let text = sdp + "m=audio 9 RTP/AVP 0\r\na=candidate:1 1 UDP  1 1.2.3.4 5 typ host\r\n"
        let form = try JSON(parsing: SessionDescription(parsing: text).encodedJSON())
        var others: [JSON] = []
        for type in ["x", "offer", nil] as [JSON?] {
            var other = form
            other["type"] = type
            others.append(other)
            other["lineEnding"] = nil
            others.append(other)
        }
        others += [try #require(form["media", 0]), .object([JSON.Member("data", others[0])])]
        for type in ["explanation", "lint", "negotiation", "difference"] {
            let text = #"{"type":"\#(type)","lines":["v=0"],"findings":[],"explanation":"v=0"}"#
            others.append(try JSON(parsing: Array(text.utf8)))
        }
        for other in others {
            #expect {
                try read(other.text)
            } throws: {
                guard case .notDescription? = $0 as? SDPError else { return false }
                return ($0 as? SDPError)?.hint != nil
            }
        }
        try expectDescription(
            #"{"media":[{"kind":"audio"}],"lines":1,"data":\#(offer)}"#, type: "offer")
    }

    @Test(arguments: [
        ("v=0", true), ("12:00 > v=0", true), ("[1] v=0", true), ("v=0 ", false), ("xv=0", false),
        (#"v=0\r\n"#, false), (#"{"sdp":"v=0"#, false), ("=0", false), ("", false),
    ])
    func firstLines(_ line: String, _ begins: Bool) {
        #expect(SDPInput.beginsDescription(line: line.utf8) == begins)
    }

    /// JSON in a string in JSON, as deep as anybody likes, ends.
    @Test func wrappingsEnd() throws {
        var text = "v=0"
        for _ in 0..<12 { text = Base64.standard.encode(Array(text.utf8)) }
        #expect(throws: SDPError.self) { try SDPInput.read(Array(text.utf8)) }
    }
}
