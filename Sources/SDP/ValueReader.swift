/// Reads the fields of one line from left to right; every refusal says at which column.
///
/// Fields are separated by single spaces in SDP. More of them, and spaces at the end, are passed
/// over: typed values hold what a line says, its bytes stay with the `Line`.
public struct ValueReader: ~Copyable {
    private let text: [UInt8]
    /// Where the line is in `text`.
    private let lineStart: Int
    private let end: Int
    private var at: Int
    private let lineNumber: Int
    private let isASCII: Bool

    /// - Parameter count: of the bytes before the value.
    @usableFromInline init(_ lines: Span<Line>, at place: Int, skipping count: Int) {
        text = lines[place].source
        (lineStart, end) = (lines[place].start, lines[place].end)
        at = min(lineStart &+ count, end)
        lineNumber = lines[place].number
        isASCII = lines[place].isASCII
    }

    @usableFromInline init(_ line: Line, skipping count: Int) {
        text = line.source
        (lineStart, end) = (line.start, line.end)
        at = min(lineStart &+ count, end)
        lineNumber = line.number
        isASCII = line.isASCII
    }

    /// Where the next byte is.
    public var position: TextPosition {
        TextPosition(line: lineNumber, column: at &- lineStart &+ 1)
    }

    public var isAtEnd: Bool { at >= end }

    /// The next byte, without taking it.
    public func peek() -> UInt8? { isAtEnd ? nil : text[at] }

    /// Takes the next byte if it is this one.
    public mutating func takeIf(_ byte: UInt8) -> Bool {
        guard at < end, text[at] == byte else { return false }
        at &+= 1
        return true
    }

    public mutating func skipSpaces() {
        while at < end, text[at] == 0x20 || text[at] == 0x09 { at &+= 1 }
    }

    @inline(__always) private mutating func bytesOfWord(endingAt separator: UInt8) -> Range<Int> {
        let start = at
        at = endOfWord(before: separator)
        return start..<at
    }

    @inline(__always) private func endOfWord(before separator: UInt8) -> Int {
        let bytes = text.span
        var at = at
        while at < end {
            let byte = bytes[at]
            if byte == separator || byte <= 0x20 && (byte == 0x20 || byte == 0x09) { break }
            at &+= 1
        }
        return at
    }

    /// The next word, which must not be empty, up to a space or `separator`; then the spaces are
    /// passed over and the separator is taken.
    public mutating func word(
        _ field: String, before separator: UInt8 = 0x20
    ) throws(SDPError) -> String {
        let (start, bytes) = (position, wordBytes(before: separator))
        guard !bytes.isEmpty else { throw .missingField(field, at: start) }
        return try string(bytes, at: start)
    }

    /// The next word if there is one.
    public mutating func optionalWord() throws(SDPError) -> String? {
        skipSpaces()
        return isAtEnd ? nil : try word("word")
    }

    private mutating func wordBytes(before separator: UInt8) -> Range<Int> {
        let word = bytesOfWord(endingAt: separator)
        if separator == 0x20 || !takeIf(separator) { skipSpaces() }
        return word
    }

    /// The words that are left.
    public mutating func words() throws(SDPError) -> [String] {
        var words: [String] = []
        if !isAtEnd { words.reserveCapacity(4) }
        while let word = try optionalWord() { words.append(word) }
        return words
    }

    /// A decimal number that is a word.
    public mutating func number<Number: FixedWidthInteger>(
        _ field: String, before separator: UInt8 = 0x20, as type: Number.Type = Number.self
    ) throws(SDPError) -> Number {
        let (start, bytes) = (position, wordBytes(before: separator))
        return try number(field, bytes, at: start)
    }

    /// A decimal number up to a space or `separator`, neither of which is taken.
    mutating func number<Number: FixedWidthInteger>(
        _ field: String, endingAt separator: UInt8
    ) throws(SDPError) -> Number {
        let (start, bytes) = (position, bytesOfWord(endingAt: separator))
        return try number(field, bytes, at: start)
    }

    private func number<Number: FixedWidthInteger>(
        _ field: String, _ bytes: Range<Int>, at start: TextPosition
    ) throws(SDPError) -> Number {
        guard !bytes.isEmpty else { throw .missingField(field, at: start) }
        switch DecimalNumber<Number>(text.span.extracting(bytes)) {
        case .value(let number): return number
        case .tooLarge: throw .numberTooLarge(field, at: start)
        case .notANumber: throw .badField(field, text: shown(text[bytes]), at: start)
        }
    }

    /// All that is left, as it is but for spaces at the end; nil where nothing is.
    public mutating func rest() throws(SDPError) -> String? {
        let start = position
        var last = end
        while last > at, text[last &- 1] == 0x20 || text[last &- 1] == 0x09 { last &-= 1 }
        let rest = at..<last
        at = end
        return rest.isEmpty ? nil : try string(rest, at: start)
    }

    /// Nothing but spaces may be left.
    public mutating func expectEnd() throws(SDPError) {
        skipSpaces()
        guard isAtEnd else { throw .unexpectedText(shown(text[at..<end]), at: position) }
    }

    /// What is left, as parameters.
    mutating func parameters(separator: UInt8) throws(SDPError) -> Parameters {
        let start = position
        var parameters = Parameters()
        // Most have so many; what is hostile is not given room at once.
        if !isAtEnd { parameters.all.reserveCapacity(3) }
        while !isAtEnd {
            let partEnd = place(of: separator, in: at..<end)
            let part = trimmed(at..<partEnd)
            at = min(partEnd &+ 1, end)
            if !part.isEmpty { parameters.all.append(try parameter(part, at: start)) }
        }
        return parameters
    }

    private func parameter(
        _ part: Range<Int>, at start: TextPosition
    ) throws(SDPError) -> Parameters.Parameter {
        let equals = place(of: 0x3d, in: part)
        if equals == part.upperBound { return .init(try string(part, at: start)) }
        return .init(
            try string(trimmed(part.lowerBound..<equals), at: start),
            try string(trimmed(equals &+ 1..<part.upperBound), at: start))
    }

    /// The first place of the byte; the end of the range where it is not there.
    private func place(of byte: UInt8, in range: Range<Int>) -> Int {
        let bytes = text.span
        var at = range.lowerBound
        while at < range.upperBound, bytes[at] != byte { at &+= 1 }
        return at
    }

    /// Without spaces and tabs at both ends.
    private func trimmed(_ part: Range<Int>) -> Range<Int> {
        let bytes = text.span
        var (start, end) = (part.lowerBound, part.upperBound)
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start &+= 1 }
        while start < end, bytes[end &- 1] == 0x20 || bytes[end &- 1] == 0x09 { end &-= 1 }
        return start..<end
    }

    private func string(_ part: Range<Int>, at start: TextPosition) throws(SDPError) -> String {
        if isASCII { return String(ascii: text.span.extracting(part)) }
        guard let string = String(utf8: text[part]) else { throw .notUTF8(at: start) }
        return string
    }
}

/// As much of a field as an error shows, in characters.
private let shownCount = 40

private func shown(_ bytes: ArraySlice<UInt8>) -> String {
    let start = String(decoding: bytes.prefix(shownCount), as: UTF8.self)
    return bytes.count > shownCount ? start + "…" : start
}
