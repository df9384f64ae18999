/// A text with its lines, in which descriptions are looked for.
struct Log {
    let text: [UInt8]
    let lines: [Line]

    /// So many other lines in a row end a description.
    private static let maximumOtherLines = 16
    /// How far a prefix may be shorter or longer than the first line's.
    private static let prefixTolerance = 8

    init(_ text: [UInt8]) {
        self.text = text
        var splitter = LineSplitter(text)
        var lines: [Line] = []
        while let line = splitter.next() { lines.append(line) }
        self.lines = lines
    }

    /// The next place where JSON or a description may begin.
    func mark(from start: Int) -> Int? {
        var at = start
        while at < text.count {
            switch text[at] {
            case 0x7b, 0x5b: return at
            case 0x76 where InputReader.isStartOfDescription(text, at): return at
            default: at &+= 1
            }
        }
        return nil
    }

    /// Whether a description begins with the line; a `v=` line that comes twice begins none.
    func beginsAnother(_ index: Int) -> Bool {
        guard lines[index].type == .version, lines[index].value.starts(with: [0x30]),
            index &+ 1 < lines.count
        else { return false }
        return lines[index &+ 1].type == .origin
    }

    /// What follows an index on its line: to the quote that closes the literal, to the next
    /// description, or to the line's end, at which it is cut if it has a quote before it.
    func literal(from start: Int) -> (text: ArraySlice<UInt8>, end: Int, isCut: Bool) {
        let lineEnd = lines[lineIndex(of: start)].end
        let quote = start > 0 && InputReader.isQuote(text[start &- 1]) ? text[start &- 1] : nil
        let isEscaped = quote != nil && start > 1 && text[start &- 2] == 0x5c
        var at = start &+ 1
        while at < lineEnd {
            if text[at] == quote { break }
            if isEscaped, text[at] == 0x5c, at &+ 1 < lineEnd, text[at &+ 1] == quote { break }
            if text[at] == 0x76, InputReader.isStartOfDescription(text, at) { break }
            at &+= text[at] == 0x5c ? 2 : 1
        }
        let end = min(at, lineEnd)
        return (text[start..<end], end, isCut: quote != nil && at >= lineEnd)
    }

    func position(of place: Int) -> TextPosition {
        let line = lines[lineIndex(of: place)]
        return line.position(column: place &- line.start &+ 1)
    }

    /// The line that has the byte, by bisection.
    private func lineIndex(of place: Int) -> Int {
        var (low, high) = (0, lines.count)
        while high &- low > 1 {
            let middle = low &+ (high &- low) / 2
            if lines[middle].start <= place { low = middle } else { high = middle }
        }
        return low
    }

    /// The lines of the description that begins at an index, without what stands before each, where
    /// they end, and where lines like them follow behind many others. Other lines behind the last
    /// are none of it.
    func block(from start: Int) -> (text: [UInt8], end: Int, interruption: Int?) {
        let first = lineIndex(of: start)
        var prefix = Prefix(before: start, in: lines[first], text)
        var block = Array(text[start..<lines[first].end]) + lines[first].ending.bytes
        var (end, others) = (lines[first].end, [UInt8]())
        var (count, isPlain) = (0, prefix.column == 0)
        for index in lines.indices[(first &+ 1)...] {
            let line = lines[index]
            if index == first &+ 1, line.type?.isKnown == true { isPlain = true }
            let column = isPlain ? (line.type == nil ? nil : 0) : prefix.column(in: line)
            if isPlain ? beginsAnother(index) : begins(line, at: column) { break }
            if let column {
                if count > Self.maximumOtherLines {
                    if isOfMedia(line, at: column) { return (block, end, line.start) }
                    if InputReader.startOfDescription(in: line.content) != nil { break }
                    continue
                }
                block += others + line.content.dropFirst(column) + line.ending.bytes
                (end, others, count) = (line.end, [], 0)
                prefix.column = column
            } else {
                if InputReader.startOfDescription(in: line.content) != nil { break }
                count &+= 1
                if count <= Self.maximumOtherLines,
                    let rest = isPlain ? line.content : prefix.unmarked(line)
                {
                    others += rest + line.ending.bytes
                }
            }
        }
        return (block, end, nil)
    }

    /// Whether a line is of a type that every description has behind its first lines, and that other
    /// text has seldom.
    private func isOfMedia(_ line: Line, at column: Int) -> Bool {
        let content = line.content.dropFirst(column)
        return content.starts(with: "a=".utf8) || content.starts(with: "m=".utf8)
    }

    private func begins(_ line: Line, at column: Int?) -> Bool {
        guard let column else { return false }
        return line.content.dropFirst(column).starts(with: "v=0".utf8)
    }

    /// What stands before each line of a description: a time, a level, the mark of a quotation.
    private struct Prefix {
        /// Where the last line began: times and counts grow.
        var column: Int
        private let last: UInt8?
        /// What marks every line of a quotation or a patch: no letter and no digit.
        private let mark: ArraySlice<UInt8>?

        init(before start: Int, in line: Line, _ text: [UInt8]) {
            column = start &- line.start
            last = column > 0 ? text[start &- 1] : nil
            let before = text[line.start..<start]
            mark = before.contains(where: Self.isOfWords) ? nil : before
        }

        /// What follows the mark; nil where there is none.
        func unmarked(_ line: Line) -> ArraySlice<UInt8>? {
            guard let mark, line.content.starts(with: mark) else { return nil }
            return line.content.dropFirst(mark.count)
        }

        private static func isOfWords(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x80...: true
            default: false
            }
        }

        /// Where the line of SDP begins in a line; nil where there is none.
        func column(in line: Line) -> Int? {
            if isSDP(line, at: column) { return column }
            guard let last else { return nil }
            for distance in 1...Log.prefixTolerance {
                for place in [column &- distance, column &+ distance] where place > 0 {
                    guard place <= line.count, isSDP(line, at: place),
                        line.source[line.start &+ place &- 1] == last
                    else { continue }
                    return place
                }
            }
            return nil
        }

        private func isSDP(_ line: Line, at column: Int) -> Bool {
            guard column &+ 1 < line.count else { return false }
            let start = line.start &+ column
            return line.source[start &+ 1] == 0x3d
                && LineType(letter: line.source[start])?.isKnown == true
        }
    }
}
