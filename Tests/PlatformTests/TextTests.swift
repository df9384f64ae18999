import Support
import Testing

@testable import Platform

@Suite struct LineSplitterTests {
    private func lines(
        _ pieces: [[UInt8]], limit: Int = 100, keepingCarriageReturns: Bool = false
    ) throws -> [String] {
        var splitter = LineSplitter(limit: limit, keepingCarriageReturns: keepingCarriageReturns)
        var lines: [String] = []
        var whole: [UInt8] = []
        func take() throws {
            while let line = try splitter.next() {
                lines.append(String(decoding: line, as: UTF8.self))
                whole += line + splitter.ending
            }
        }
        for piece in pieces {
            splitter.append(piece)
            try take()
        }
        splitter.finish()
        try take()
        #expect(splitter.lineNumber == lines.count)
        #expect(whole == pieces.joined().map(\.self), "a line with its ending is what came")
        return lines
    }

    @Test(arguments: [
        ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("\n\na\r\n", ["", "", "a"]),
        ("\r\n", [""]), ("a\rb\n", ["a\rb"]), ("\r", [""]),
    ])
    func cutsAtLineFeeds(text: String, expected: [String]) throws {
        #expect(try lines([Array(text.utf8)]) == expected)
        #expect(try lines(text.utf8.map { [$0] }) == expected)
    }

    @Test(arguments: [
        ("a\r\nb\n", ["a\r", "b"]), ("\r\n\r\r\n", ["\r", "\r\r"]), ("a\r", ["a\r"]), ("\n", [""]),
    ])
    func keepsCarriageReturnsIfAsked(text: String, expected: [String]) throws {
        for pieces in [[Array(text.utf8)], text.utf8.map { [$0] }] {
            #expect(try lines(pieces, keepingCarriageReturns: true) == expected)
        }
    }

    /// However the bytes come, the lines are the same.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func piecesMakeNoDifference(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let bytes = (0..<500).map { _ in [10, 13, 97, 98, 99, 100].randomElement(using: &random)! }
            .map(UInt8.init)
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...60, using: &random)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        #expect(try lines(pieces, limit: 500) == lines([bytes], limit: 500))
    }

    @Test func aLineHasALimit() throws {
        var splitter = LineSplitter(limit: 4)
        splitter.append(Array("1234\n12345".utf8))
        #expect(try splitter.next() == Array("1234".utf8))
        #expect(throws: LineSplitter.LineTooLong(line: 2)) { try splitter.next() }
    }

    @Test(arguments: [1, 3, 100])
    func passesOverALineThatIsTooLong(partSize: Int) throws {
        let text = Array("a\n123456789\nb\n12345\n\n123456".utf8)
        var splitter = LineSplitter(limit: 4)
        var found: [String] = []
        func take() {
            while true {
                do throws(LineSplitter.LineTooLong) {
                    guard let line = try splitter.next() else { return }
                    found.append("\(splitter.lineNumber)\(String(decoding: line, as: UTF8.self))")
                } catch { found.append("\(error.line)?") }
            }
        }
        for start in stride(from: 0, to: text.count, by: partSize) {
            splitter.append(text[start..<min(start + partSize, text.count)])
            take()
        }
        splitter.finish()
        take()
        #expect(found == ["1a", "2?", "3b", "4?", "5", "6?"])
    }
}

@Suite struct UntrustedTextTests {
    @Test(arguments: [
        ("kaise ho? नमस्ते 🙂", "kaise ho? नमस्ते 🙂"),
        ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
        ("a\nb\tc\u{7f}", "a\\u{a}b\\u{9}c\\u{7f}"),
        ("\u{9b}31m", "\\u{9b}31m"),
        ("photo\u{202e}gpj.exe", "photo\\u{202e}gpj.exe"),
        ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
    ])
    func controlsAreShownAndNotDone(text: String, expected: String) {
        #expect(escapedForTerminal(text) == expected)
    }

    @Test func lineFeedsCanStay() {
        #expect(escapedForTerminal("a\nb\r", keepingLineFeeds: true) == "a\nb\\u{d}")
    }

    @Test func messagesKeepTheirLinesAndTabs() {
        #expect(escapedMessage("a\tb\r\nc\rd\n\u{1b}[2J") == "a\tb\nc\\u{d}d\n\\u{1b}[2J")
    }

    @Test func jsonKeepsItsMeaning() {
        #expect(escapedInJSON("{\"a\":\"नमस्ते 🙂\"}\n") == "{\"a\":\"नमस्ते 🙂\"}\n")
        #expect(
            escapedInJSON("\"\u{202e}\u{9b}\u{e0041}\"")
                == "\"\\u202e\\u009b\\udb40\\udc41\"")
    }

    @Test(arguments: [
        ("alice.key", "alice.key"), ("my key", "'my key'"), ("it's", "'it'\\''s'"), ("", "''"),
        ("$HOME", "'$HOME'"),
    ])
    func shellWords(text: String, expected: String) { #expect(shellQuoted(text) == expected) }

    @Test(arguments: [
        (Duration.milliseconds(250), "250 ms"), (.seconds(10), "10 s"),
        (.milliseconds(1500), "1.5 s"), (.seconds(600), "10 min"),
    ])
    func durations(duration: Duration, expected: String) { #expect(duration.inWords == expected) }
}

@Suite struct ProgressTests {
    @Test func isTextOrJSON() {
        #expect(Progress.json(5, 10) == "{\"type\":\"progress\",\"done\":5,\"total\":10}\n")
        #expect(Progress.json(5, nil) == "{\"type\":\"progress\",\"done\":5}\n")
        #expect(Progress.bar(1 << 29, 1 << 30).hasSuffix("] 50% 512 MiB of 1024 MiB"))
        #expect(Progress.bar(7, 0) == "7 B")
    }
}
