import JSON
import SDP
import Testing

/// What a change of one member of the JSON form changes in the text.
@Suite struct JSONEditTests {
    private static let offer = """
        v=0\r
        o=- 1 2 IN IP4 127.0.0.1\r
        s=-\r
        t=0 0\r
        a=group:BUNDLE 0\r
        a=msid-semantic: WMS *\r
        m=audio 9  UDP/TLS/RTP/SAVPF 111 0\r
        c=IN IP4 0.0.0.0\r
        a=candidate:1 1 udp 2122194687 192.0.2.2 48470 typ host generation 0 network-id 1\r
        a=candidate:2 1 udp 2122265343 fd00::2 37869 typ host generation 0 network-id 2\r
        a=mid:0\r
        a=sendrecv\r
        a=rtcp-mux\r
        a=rtpmap:111 opus/48000/2\r
        a=fmtp:111 minptime=10; useinbandfec=1\r
        a=rtpmap:0 PCMU/8000\r
        a=x-odd:  as it is \r
        a=ssrc:1 cname:x\r

        """

    /// Applies `change` and compares: `lines` has, by number, what lines became; nil for none.
    private func check(
        _ expected: [Int: String?], inserted: [Int: String] = [:],
        _ change: (inout JSON) -> Void
    ) throws {
        let description = try SessionDescription(parsing: Self.offer)
        var json = try JSON(parsing: description.encodedJSON())
        change(&json)
        let text = try SessionDescription(json: JSON(parsing: json.encoded)).text
        var lines: [String] = []
        for (index, line) in Self.offer.split(separator: "\r\n").enumerated() {
            if let change = expected[index + 1] {
                if let change { lines.append(change) }
            } else {
                lines.append(String(line))
            }
            if let new = inserted[index + 1] { lines.append(new) }
        }
        #expect(text == lines.map { $0 + "\r\n" }.joined())
    }

    @Test func nothing() throws { try check([:]) { _ in } }

    @Test func bareValues() throws {
        try check([12: "a=recvonly"]) { $0["media", 0, "direction"] = "recvonly" }
        try check([11: "a=mid:audio"]) { $0["media", 0, "mid"] = "audio" }
        try check([3: "s=Call"]) { $0["sessionName"] = "Call" }
        try check([13: nil]) { $0["media", 0, "rtcpMux"] = false }
        try check([13: nil]) { $0["media", 0, "rtcpMux"] = nil }
        try check([:], inserted: [18: "a=ptime:20"]) { $0["media", 0, "ptime"] = 20 }
        try check([:], inserted: [18: "a=ice-options:trickle ice2"]) {
            $0["media", 0, "iceOptions"] = ["trickle", "ice2"]
        }
        try check([:], inserted: [3: "i=About"]) { $0["information"] = "About" }
    }

    /// Strings are equal to Swift where only the composition of letters differs; lines are bytes.
    @Test func compositionIsAChange() throws {
        let (composed, decomposed) = ("Caf\u{e9}", "Cafe\u{301}")
        let text = "v=0\ns=-\na=lang:\(composed)\na=rtpmap:96  \(composed)/8000\na=x:1\n"
        var json = try JSON(parsing: try SessionDescription(parsing: text).encodedJSON())
        json["rtpmap", 0, "encodingName"] = .string(decomposed)
        let edited = try SessionDescription(json: JSON(parsing: json.encoded)).encoded
        let line = "a=rtpmap:96 \(decomposed)/8000"
        #expect(edited.split(separator: 0x0a).map(Array.init).contains(Array(line.utf8)))

        var description = try SessionDescription(parsing: text)
        description.setAttributeText("lang", decomposed)
        #expect(
            description.encoded.split(separator: 0x0a).map(Array.init)
                .contains(Array("a=lang:\(decomposed)".utf8)))
    }

    @Test func fieldsOfElements() throws {
        try check([15: "a=fmtp:111 minptime=20;useinbandfec=1"]) {
            $0["media", 0, "fmtp", 0, "parameters", "minptime"] = "20"
        }
        try check([15: "a=fmtp:111 minptime=10;useinbandfec=1;stereo=1"]) {
            $0["media", 0, "fmtp", 0, "parameters", "stereo"] = 1
        }
        try check([15: "a=fmtp:111 useinbandfec=1"]) {
            $0["media", 0, "fmtp", 0, "parameters", "minptime"] = nil
        }
        let candidate = "candidate:2 1 udp 2122265343 fd00::2 9 typ host generation 0 network-id 2"
        try check([10: "a=" + candidate]) { $0["media", 0, "candidate", 1, "port"] = 9 }
        try check([7: "m=audio 0 UDP/TLS/RTP/SAVPF 111 0"]) { $0["media", 0, "port"] = 0 }
        try check([8: "c=IN IP4 192.0.2.1"]) {
            $0["media", 0, "connection", "address"] = "192.0.2.1"
        }
        try check([5: "a=group:BUNDLE 0 1"]) { $0["group", 0, "mids"] = ["0", "1"] }
        try check([17: "a=x-odd:even"]) { $0["media", 0, "attributes", 0, "value"] = "even" }
    }

    @Test func elements() throws {
        try check([9: nil]) { $0["media", 0, "candidate", 0] = nil }
        try check([14: nil, 16: nil]) { $0["media", 0, "rtpmap"] = nil }
        try check([:], inserted: [16: "a=rtpmap:8 PCMA/8000"]) {
            $0["media", 0, "rtpmap"]?.append(
                ["payloadType": 8, "encodingName": "PCMA", "clockRate": 8000])
        }
        try check([:], inserted: [17: "a=x-new"]) {
            $0["media", 0, "attributes"]?.append(["name": "x-new"])
        }
        try check([:], inserted: [8: "b=AS:64"]) {
            $0["media", 0, "bandwidth"] = [["modifier": "AS", "value": 64]]
        }
        try check([:], inserted: [18: "m=video 9 RTP/AVP 31"]) {
            $0["media"]?.append(
                ["kind": "video", "port": 9, "protocol": "RTP/AVP", "formats": ["31"]])
        }
    }

    @Test(arguments: [
        (["mid"], "a\r\na=evil:1"), (["iceUfrag"], "two words\n"), (["direction"], "both"),
        (["candidate", "0", "address"], "1.2.3.4 5"), (["rtcpMux"], "yes"),
        (["fmtp", "0", "parameters", "minptime"], "10;evil=1"),
        (["candidate", "0", "port"], "70000"), (["attributes", "0", "name"], "a:b"),
        (["typo"], "x"), (["candidate", "0", "typo"], "x"), (["kind"], "two words"),
    ])
    func whatCannotBeALineIsRefused(_ path: [String], _ value: String) throws {
        let description = try SessionDescription(parsing: Self.offer)
        var json = try JSON(parsing: description.encodedJSON())
        json[at: (["media", "0"] + path)[...]] = .string(value)
        #expect(throws: SDPError.self) { try SessionDescription(json: json) }
    }

    @Test func anErrorNamesThePath() throws {
        let description = try SessionDescription(parsing: Self.offer)
        var json = try JSON(parsing: description.encodedJSON())
        json["media", 0, "candidate", 1, "port"] = -1
        let error = #expect(throws: SDPError.self) { try SessionDescription(json: json) }
        #expect(
            error?.message == ".media[0].candidate[1].port is not a whole number from 0 to 65535")
    }

    @Test func bytesThatAreNotUTF8AreKept() throws {
        var bytes = Array("v=0\ns=caf".utf8) + [0xe9, 0x0a]
        bytes += Array("a=tool:".utf8) + [0xff, 0x00, 0x0a] + Array("a=x:\u{1}\u{0}\n".utf8)
        let description = try SessionDescription(parsing: bytes)
        var json = try JSON(parsing: description.encodedJSON())
        #expect(try SessionDescription(json: json).encoded == bytes)
        #expect(json["otherLines", 0, "base64"]?.string == "cz1jYWbp")
        json["otherLines", 0, "base64"] = "cz1jYWY="
        #expect(
            try SessionDescription(json: json).encoded
                == Array("v=0\ns=caf\n".utf8) + bytes.dropFirst(11))
    }

    @Test func candidatesHaveTheirPriorityDecoded() throws {
        let description = try SessionDescription(parsing: Self.offer)
        let json = try JSON(parsing: description.encodedJSON())
        let decoded = json["media", 0, "candidate", 0, "decodedPriority"]
        #expect(decoded == ["typePreference": 126, "localPreference": 32286, "component": 1])
    }
}

// Editing as jq does: nil takes a member or an element away.
extension JSON {
    subscript(_ path: any PathStep...) -> JSON? {
        get { self[at: path.map(\.step)[...]] }
        set { self[at: path.map(\.step)[...]] = newValue }
    }

    subscript(at path: ArraySlice<String>) -> JSON? {
        get {
            guard let first = path.first else { return self }
            return child(first)?[at: path.dropFirst()]
        }
        set {
            guard let first = path.first else {
                self = newValue ?? .null
                return
            }
            guard path.count > 1 else { return setChild(first, newValue) }
            var child = child(first) ?? .object([])
            child[at: path.dropFirst()] = newValue
            setChild(first, child)
        }
    }

    private func child(_ step: String) -> JSON? {
        guard let values = array else { return members?.first { $0.name == step }?.value }
        return Int(step).flatMap { values.indices.contains($0) ? values[$0] : nil }
    }

    private mutating func setChild(_ step: String, _ value: JSON?) {
        if var values = array, let index = Int(step) {
            if let value { values[index] = value } else { values.remove(at: index) }
            self = .array(values)
        } else if var members {
            if let index = members.firstIndex(where: { $0.name == step }) {
                if let value { members[index].value = value } else { members.remove(at: index) }
            } else if let value {
                members.append(Member(step, value))
            }
            self = .object(members)
        }
    }

    mutating func append(_ value: JSON) { self = .array((array ?? []) + [value]) }
}

protocol PathStep { var step: String { get } }
extension String: PathStep { var step: String { self } }
extension Int: PathStep { var step: String { String(self) } }
