/// Reads the fields of one line from left to right; every refusal says at which column.
///
/// Fields are separated by single spaces in SDP. More of them, and spaces at the end, are passed
/// over: typed values hold what a line says, its bytes stay with the `Line`.
public struct ValueReader {
    private let text: ArraySlice<UInt8>
    private var at: Int
    private let lineStart: Int
    private let lineNumber: Int

    @usableFromInline init(_ line: Line, skipping count: Int) {
        text = line.content
        lineStart = text.startIndex
        at = min(text.startIndex &+ count, text.endIndex)
        lineNumber = line.number
    }

    public var position: TextPosition {
        TextPosition(line: lineNumber, column: at &- lineStart &+ 1)
    }

    public var isAtEnd: Bool { at >= text.endIndex }

    /// The next byte, without taking it.
    public func peek() -> UInt8? { isAtEnd ? nil : text[at] }

    public mutating func takeIf(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        at &+= 1
        return true
    }

    public mutating func skipSpaces() { while takeIf(0x20) || takeIf(0x09) {} }

    /// The bytes up to the first that `isEnd` holds for.
    mutating func bytes(until isEnd: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = at
        while at < text.endIndex, !isEnd(text[at]) { at &+= 1 }
        return text[start..<at]
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

    private mutating func wordBytes(before separator: UInt8) -> ArraySlice<UInt8> {
        let word = bytes { $0 == 0x20 || $0 == 0x09 || $0 == separator }
        if separator == 0x20 || !takeIf(separator) { skipSpaces() }
        return word
    }

    /// The words that are left.
    public mutating func words() throws(SDPError) -> [String] {
        var words: [String] = []
        while let word = try optionalWord() { words.append(word) }
        return words
    }

    /// A decimal number that is a word.
    public mutating func number<Number: FixedWidthInteger>(
        _ field: String, before separator: UInt8 = 0x20, as type: Number.Type = Number.self
    ) throws(SDPError) -> Number {
        let (start, bytes) = (position, wordBytes(before: separator))
        guard !bytes.isEmpty else { throw .missingField(field, at: start) }
        switch DecimalNumber<Number>(bytes) {
        case .value(let number): return number
        case .tooLarge: throw .numberTooLarge(field, at: start)
        case .notANumber: throw .badField(field, text: shown(bytes), at: start)
        }
    }

    /// All that is left, as it is but for spaces at the end; nil where nothing is.
    public mutating func rest() throws(SDPError) -> String? {
        let start = position
        var bytes = text[min(at, text.endIndex)...]
        at = text.endIndex
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return bytes.isEmpty ? nil : try string(bytes, at: start)
    }

    /// Nothing but spaces may be left.
    public mutating func expectEnd() throws(SDPError) {
        skipSpaces()
        guard isAtEnd else { throw .unexpectedText(shown(text[at...]), at: position) }
    }

    /// What is left, as parameters.
    mutating func parameters(separator: UInt8) throws(SDPError) -> Parameters {
        let start = position
        var rest = text[min(at, text.endIndex)...]
        at = text.endIndex
        var parameters = Parameters()
        while !rest.isEmpty {
            let part = rest.prefix { $0 != separator }
            rest = rest[min(part.endIndex &+ 1, rest.endIndex)...]
            if part.trimmed.isEmpty { continue }
            parameters.all.append(try parameter(part, at: start))
        }
        return parameters
    }

    private func parameter(
        _ part: ArraySlice<UInt8>, at start: TextPosition
    ) throws(SDPError) -> Parameters.Parameter {
        guard let equals = part.firstIndex(of: 0x3d) else {
            return .init(try string(part.trimmed, at: start))
        }
        return .init(
            try string(part[..<equals].trimmed, at: start),
            try string(part[(equals &+ 1)...].trimmed, at: start))
    }

    func string(_ bytes: ArraySlice<UInt8>, at start: TextPosition) throws(SDPError) -> String {
        guard let string = String(utf8: bytes) else {
            throw .notUTF8(at: start)
        }
        return string
    }
}

/// As much of a field as an error shows, in characters.
private let shownCount = 40

private func shown(_ bytes: ArraySlice<UInt8>) -> String {
    let start = String(decoding: bytes.prefix(shownCount), as: UTF8.self)
    return bytes.count > shownCount ? start + "…" : start
}

/// What digits say, of whatever length.
enum DecimalNumber<Number: FixedWidthInteger> {
    case value(Number)
    case tooLarge
    case notANumber

    init(_ digits: some Collection<UInt8>) {
        var number: Number = 0
        var isTooLarge = false
        guard !digits.isEmpty else {
            self = .notANumber
            return
        }
        for digit in digits {
            guard (0x30...0x39).contains(digit) else {
                self = .notANumber
                return
            }
            let (tenfold, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(Number(digit &- 0x30))
            isTooLarge = isTooLarge || overflow || carry
            number = sum
        }
        self = isTooLarge ? .tooLarge : .value(number)
    }

    var value: Number? { if case .value(let number) = self { number } else { nil } }
}
