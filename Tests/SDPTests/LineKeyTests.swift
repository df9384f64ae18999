import SDP
import Testing

/// Lines are found by a number made of their names; a name is never taken for another.
@Suite struct LineKeyTests {
    private func section(_ lines: [String]) throws -> SessionDescription {
        try SessionDescription(parsing: (["v=0"] + lines).joined(separator: "\n"))
    }

    /// Prefixes, NULs, the longest name that the number holds, and longer ones alike to its end.
    static let names = [
        "", "m", "mi", "mid", "midd", "Mid", "mid\0", "\0mid", "\0", "\0\0", "max-message-siz",
        "max-message-size", "max-message-sizes", "max-message-size1", "max-message-size2", "é",
        "end-of-candidates", "end-of-candidates\0",
    ]

    @Test(arguments: names) func eachNameFindsItsLinesAlone(_ name: String) throws {
        let section = try section(Self.names.flatMap { ["a=\($0):\($0)", "a=\($0)"] })
        let found = Array(section.lines(of: .attribute(name)))
        #expect(found.map(\.text) == ["a=\(name):\(name)", "a=\(name)"])
        #expect(section.has(.attribute(name)) && !section.has(.attribute(name + "!")))
        #expect(section.attributeText(name) == name)
    }

    @Test func typesFindTheirLinesAlone() throws {
        let section = try section(["b=AS:1", "a=b:1", "B=1", "b", "b:1", "a=\u{02}", "\u{e2}=1"])
        #expect(section.lines(of: .line(.bandwidth)).map(\.text) == ["b=AS:1"])
        #expect(section.lines(of: .line(.attribute)).map(\.text) == ["a=b:1", "a=\u{02}"])
        #expect(section.indices(of: .line(.version)) == [0])
    }

    @Test func textThatIsNotASCIIIsReadAsItIs() throws {
        let section = try section(["a=mid:ä", "a=ice-ufrag:x\u{301}", "a=group:BUNDLE é ß"])
        #expect(section.mid == "ä" && section.iceUfrag == "x\u{301}")
        #expect(section.groups.first?.mids == ["é", "ß"])
    }

    @Test(arguments: 0..<20) func isASCIIWhereverTheLineEnds(_ count: Int) throws {
        let filler = String(repeating: "x", count: count)
        let text = Array("v=0\na=mid:\(filler)\n".utf8) + [0xff] + Array("a=mid:".utf8) + [0xe9]
        let section = try SessionDescription(parsing: text)
        #expect(section.mid == filler)
        let last = try SessionDescription(parsing: Array("a=mid:\(filler)".utf8) + [0xe9, 0x0a])
        #expect(last.mid == nil)
    }
}
