internal import JSON

// Descriptions among other text: SIP messages, logs, sources of programs.
extension InputReader {
    /// Whether the text is one description and nothing else, so that every byte of it is kept.
    ///
    /// False where it follows lines that are none of SDP, such as the headers of a SIP message, and
    /// where more than one begins.
    static func isOneDescription(_ text: ArraySlice<UInt8>) -> Bool {
        var splitter = LineSplitter(Array(text))
        var (hasText, beginsAsSDP, hasLines) = (false, false, false)
        while let line = splitter.next() {
            if line.type == .version {
                guard hasLines || !hasText else { return false }
                return !hasAnother(Array(text), after: line.start)
            }
            let isKnown = line.type?.isKnown == true
            if !hasText, isKnown { beginsAsSDP = true }
            hasText = hasText || !line.isBlank && !isComment(line)
            hasLines = hasLines || isKnown
        }
        return beginsAsSDP && !hasAnother(Array(text), after: -1)
    }

    /// Collections of descriptions have remarks before theirs, behind a semicolon.
    private static func isComment(_ line: Line) -> Bool {
        line.content.first == 0x3b || line.content.first == 0x23
    }

    private static func hasAnother(_ text: [UInt8], after start: Int) -> Bool {
        guard startOfDescription(in: text, from: start &+ 1) != nil else { return false }
        let log = Log(text)
        return log.lines.indices.contains { index in
            let line = log.lines[index]
            guard line.start > start else { return false }
            return log.beginsAnother(index)
                || line.type == nil && startOfDescription(in: line.content) != nil
        }
    }

    /// Reads all that a text has among other things, in order: JSON that begins somewhere in a line,
    /// SDP with line ends written out, and lines of SDP, each behind the same prefix or only the
    /// first.
    ///
    /// - Returns: whether there is anything.
    mutating func readLog(_ text: ArraySlice<UInt8>, depth: Int) throws(SDPError) -> Bool {
        let count = found.count
        let log = Log(Array(text))
        var at = 0
        // JSON that ends in an error is read again behind its bracket.
        var budget = log.text.count &* Self.readings
        while let mark = log.mark(from: at) {
            if log.text[mark] == 0x76 {
                at = try readBlock(in: log, from: mark, depth: depth)
            } else if let first = Self.firstLineOfList(in: log.text, at: mark) {
                at = try readBlock(in: log, from: first, depth: depth)
            } else {
                at = readJSON(in: log.text, from: mark, depth: depth, &budget)
            }
        }
        return found.count > count
    }

    /// Where a list of lines begins its description; nil for other JSON. A program may add to the list
    /// behind it, so that it is read as its literals are.
    private static func firstLineOfList(in text: [UInt8], at bracket: Int) -> Int? {
        guard text[bracket] == 0x5b else { return nil }
        let rest = text[(bracket &+ 1)...].drop { $0 <= 0x20 }
        guard let quote = rest.first, isQuote(quote) else { return nil }
        let start = rest.startIndex &+ 1
        guard start < text.count, text[start] == 0x76, isStartOfDescription(text, start),
            LiteralRun(in: text, from: start) != nil
        else { return nil }
        return start
    }

    /// How often the bytes of a text may be read in search of JSON.
    private static let readings = 8

    /// - Returns: where to go on.
    private mutating func readJSON(
        in text: [UInt8], from start: Int, depth: Int, _ budget: inout Int
    ) -> Int {
        guard budget > 0 else { return start &+ 1 }
        var scanner = JSONScanner(text[start...])
        guard (try? scanner.skipValue()) != nil,
            let tree = try? JSON(parsing: text[start..<scanner.position])
        else {
            budget &-= scanner.position &- start &+ 1
            return start &+ 1
        }
        readWhatThereIs(in: tree, depth: depth)
        return scanner.position
    }

    /// Reads the description that begins at an index.
    ///
    /// - Returns: where to go on.
    private mutating func readBlock(
        in log: Log, from start: Int, depth: Int
    ) throws(SDPError) -> Int {
        if let run = LiteralRun(in: log.text, from: start) {
            if Self.isOneDescription(run.text[...]) {
                try readPart(run.text[...], at: log.position(of: start))
            } else {
                try read(run.text[...], depth: depth)
            }
            if let place = run.interruption { tell(.interrupted(at: log.position(of: place))) }
            return run.end
        }
        let literal = log.literal(from: start)
        if let whole = unescaped(literal.text) {
            let text = Log(whole).block(from: 0).text
            try readPart(text[...], at: log.position(of: start))
            if literal.isCut { tell(.unclosed(at: log.position(of: literal.end))) }
            return literal.end
        }
        let block = log.block(from: start)
        let text = Self.withoutClosingQuote(block.text, openedBefore: start, in: log.text)
        try readPart(text, at: log.position(of: start))
        if let place = block.interruption { tell(.interrupted(at: log.position(of: place))) }
        return max(block.end, start &+ 1)
    }

    /// Reads what stands among other things; the first line alone may be a word of a sentence.
    private mutating func readPart(
        _ text: ArraySlice<UInt8>, at position: TextPosition
    ) throws(SDPError) {
        if text.trimmingWhiteSpace.count == 3 { return tell(.alone(at: position)) }
        try readDescription(text)
    }

    /// The text without the quote that closes a literal of several lines, and what ends the statement.
    private static func withoutClosingQuote(
        _ block: [UInt8], openedBefore start: Int, in text: [UInt8]
    ) -> ArraySlice<UInt8> {
        guard start > 0, isQuote(text[start &- 1]) else { return block[...] }
        let quote = text[start &- 1]
        let closing = Set(" \t\r\n;,)]}".utf8 + [quote])
        let count = block.reversed().prefix { closing.contains($0) }.count
        return block[..<(block.suffix(count).firstIndex(of: quote) ?? block.endIndex)]
    }

    /// The description whose lines are strings of their own, as in an array or in literals of C that
    /// follow each other; nil where the strings are something else.
    static func joinedLines(_ strings: [JSON]) -> [UInt8]? {
        guard strings.count > 1 else { return nil }
        var joined: [UInt8] = []
        for (index, string) in strings.enumerated() {
            guard case .string(let text) = string else { return nil }
            let bytes = Array(text.utf8)
            guard isPart(bytes, first: index == 0), index != 1 || !isCandidate(bytes) else {
                return nil
            }
            joined += bytes
            if bytes.last != 0x0a, bytes.last != 0x0d { joined += [0x0d, 0x0a] }
        }
        return joined
    }

    /// Whether a text begins with a line of SDP, and only the first with that of the version.
    private static func isPart(_ text: [UInt8], first: Bool) -> Bool {
        guard text.count >= 2, text[1] == 0x3d, let type = LineType(letter: text[0]) else {
            return false
        }
        return first ? type == .version : type.isKnown && type != .version
    }

    static func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 || byte == 0x60 }

    /// The index where `v=0` stands as a word.
    static func startOfDescription(
        in text: some RandomAccessCollection<UInt8>
    ) -> Int? { startOfDescription(in: Array(text), from: 0) }

    static func startOfDescription(in text: [UInt8], from start: Int) -> Int? {
        var at = start
        while at &+ 2 < text.count {
            if text[at] == 0x76, isStartOfDescription(text, at) { return at }
            at &+= 1
        }
        return nil
    }

    static func isStartOfDescription(_ text: [UInt8], _ at: Int) -> Bool {
        guard at &+ 2 < text.count, text[at &+ 1] == 0x3d, text[at &+ 2] == 0x30 else {
            return false
        }
        if at > 0, isWordCharacter(text[at &- 1]), !followsBreak(text, at) { return false }
        return at &+ 3 == text.count || !isWordCharacter(text[at &+ 3])
    }

    /// Whether the letter before an index is that of a line end that is written out, or the mark of
    /// a line that a patch takes away.
    private static func followsBreak(_ text: [UInt8], _ at: Int) -> Bool {
        let before = at > 1 ? text[at &- 2] : 0x0a
        return switch text[at &- 1] {
        case 0x6e, 0x72: before == 0x5c
        case 0x2d: before == 0x0a || before == 0x0d
        default: false
        }
    }

    /// Whether a text has the line `v=0`, whatever stands before it there.
    static func hasFirstLine(_ text: [UInt8]) -> Bool {
        var start = 0
        while let place = startOfDescription(in: text, from: start) {
            start = place &+ 3
            guard start < text.count else { return false }
            if [0x0a, 0x0d, 0x5c].contains(text[start]) { return true }
        }
        return false
    }

    /// Letters, digits, `.`, `-`, `_` and `=`, as of `v=0.5` and `?v=0&x`.
    private static func isWordCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x3d, 0x26, 0x3f: true
        default: false
        }
    }
}
