import JSON
import SDP
import Testing

/// Descriptions whose lines come as strings of their own, and candidates with their fields.
@Suite struct LinesInPartsTests {
    private let sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"

    private func read(_ text: String) throws -> [SDPInput] {
        try SDPInput.read(Array(text.utf8))
    }

    private var lines: [String] { sdp.split(separator: "\r\n").map { String($0) } }
    private var literals: [String] { lines.map { "\"\($0)\\r\\n\"" } }

    private var whole: [SDPInput] {
        get throws { [.description(try SessionDescription(parsing: sdp), sdpType: nil)] }
    }

    @Test(arguments: [("", "\n", ""), ("    ", "\n    ", "\n"), ("char *s =\n  ", "\n  ", ";\n")])
    func literalsThatFollowEachOther(_ start: String, _ gap: String, _ end: String) throws {
        #expect(try read(start + literals.joined(separator: gap) + end) == whole)
        let apostrophes = literals.map { $0.replacing("\"", with: "'") }
        #expect(try read(start + apostrophes.joined(separator: gap) + end) == whole)
    }

    @Test func literalsOfTwoDescriptions() throws {
        let text = "x(\(literals.joined(separator: " ")) \(literals.joined(separator: " ")))"
        #expect(try read(text) == whole + whole)
    }

    @Test func theFirstOfSeveralLiteralsIsNoWholeInput() {
        #expect(!SDPInput.isWhole(line: #""v=0\r\n""#.utf8))
        #expect(!SDPInput.isWhole(line: #""v=0""#.utf8))
        #expect(SDPInput.isWhole(line: #""v=0\r\ns=-\r\n""#.utf8))
    }

    @Test func arraysOfLines() throws {
        let array = JSON.array(lines.map { .string($0) }).text
        #expect(try read(array) == whole)
        #expect(try read(#"{"lines":\#(array)}"#) == whole)
        #expect(try read("f(\(array).join('\\n'))") == whole)
    }

    @Test func arraysOfOtherThings() throws {
        let whole = JSON.string(sdp).text
        #expect(try read("[\(whole),\(whole)]").count == 2)
        let candidate = #""candidate:1 1 udp 1 192.0.2.1 5 typ host""#
        #expect(try read("[\(whole),\(candidate)]").count == 2)
        #expect(try read(#"[\#(whole),"a=\#(candidate.dropFirst())]"#).count == 2)
    }

    /// Line ends that were escaped twice, with and without a type beside them.
    @Test(arguments: ["", #","type":"offer""#])
    func lineEndsWrittenOut(_ rest: String) throws {
        let text = #"{"sdp":"\#(sdp.replacing("\r\n", with: #"\\r\\n"#))"\#(rest)}"#
        guard case .description(let description, _)? = try read(text).first else {
            Issue.record("nothing found in \(text)")
            return
        }
        #expect(description.text == sdp)
    }

    // MARK: - Candidates

    private static let text = "candidate:1 1 udp 2113937151 10.0.0.7 53000 typ host generation 0"

    /// A candidate as `--candidates` prints it.
    private func form(
        _ text: String = text, _ change: (inout [JSON.Member]) -> Void = { _ in }
    ) throws -> String {
        let candidate: Candidate = try Line("a=\(Self.text)").value()
        var members = [
            JSON.Member("type", "candidate"), JSON.Member("candidate", .string(text)),
            JSON.Member("sdpMid", "0"),
        ]
        members += candidate.json.members ?? []
        change(&members)
        return JSON.object(members).text
    }

    private func candidate(_ json: String) throws -> TrickledCandidate? {
        guard case .candidate(let candidate)? = try read(json).first else { return nil }
        return candidate
    }

    @Test func aChangedMemberChangesTheCandidate() throws {
        let json = try form { members in
            members.removeAll { $0.name == "port" }
            members.append(JSON.Member("port", .integer(1)))
        }
        let changed = try #require(try candidate(json))
        #expect(changed.line?.text == "a=" + Self.text.replacing("53000", with: "1"))
        #expect(changed.sdpMid == "0")
    }

    @Test func aCandidateThatWasNotChangedKeepsItsText() throws {
        let spaced = Self.text.replacing(" typ", with: "  typ")
        #expect(try candidate(try form(spaced))?.line?.text == "a=" + spaced)
        let bare = try form { members in members.removeAll { $0.name == "candidate" } }
        #expect(try candidate(bare)?.line?.text == "a=" + Self.text)
    }

    @Test(arguments: [JSON.integer(65536), .string("x"), .null])
    func aCandidateWhoseMemberIsNoneIsRefused(_ port: JSON) throws {
        let json = try form { members in
            members.removeAll { $0.name == "port" }
            members.append(JSON.Member("port", port))
        }
        #expect(throws: SDPError.self) { try read(json) }
    }

    /// What others send under the same type.
    @Test func candidatesOfOthers() throws {
        let json = #"{"type":"candidate","candidate":"\#(Self.text)","port":1,"to":"bob"}"#
        #expect(try candidate(json)?.line?.text == "a=" + Self.text)
        #expect(try candidate(#"{"type":"endOfCandidates"}"#)?.isEndOfCandidates == true)
    }
}
