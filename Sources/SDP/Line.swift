/// One line of a description: its bytes as they were received, with what ended it.
///
/// The bytes are shared with the text the line was read from. Nothing is parsed before it is asked
/// for, and a line that was not changed is written as it came.
public struct Line: Sendable {
    /// The text it was read from.
    let source: [UInt8]
    /// Where it is in the text, without its ending, which follows.
    let start: Int
    let end: Int
    private let endingCount: UInt8
    /// Whether no byte is above 127, so that every part of the line is UTF-8.
    let isASCII: Bool
    let key: LineKey
    /// The line's place in the text it was read from, from 1; 0 for a line that was made.
    public internal(set) var number: Int

    init(
        _ text: [UInt8], _ content: Range<Int>, endingCount: UInt8, isASCII: Bool, number: Int
    ) {
        self.source = text
        (start, end) = (content.lowerBound, content.upperBound)
        self.endingCount = endingCount
        self.isASCII = isASCII
        key = LineKey(text.span, content)
        self.number = number
    }

    /// A line made of its content; CR and LF in it become spaces, so that it stays one line.
    public init(content: some Collection<UInt8>, ending: LineEnding = .crlf, number: Int = 0) {
        var text = content.map { $0 == 0x0a || $0 == 0x0d ? 0x20 : $0 }
        let count = text.count
        text.append(contentsOf: ending.bytes)
        self.init(
            text, 0..<count, endingCount: UInt8(clamping: ending.bytes.count),
            isASCII: text.allSatisfy { $0 < 0x80 }, number: number)
    }

    /// A line made of its content; CR and LF in it become spaces.
    public init(_ text: String, ending: LineEnding = .crlf) {
        self.init(content: text.utf8, ending: ending)
    }

    /// A line with other content and the same ending and number.
    public func replacingContent(_ content: some Collection<UInt8>) -> Line {
        Line(content: content, ending: ending, number: number)
    }

    /// The line without its ending.
    public var content: ArraySlice<UInt8> { source[start..<end] }

    private var bytes: ArraySlice<UInt8> { source[start..<endWithEnding] }

    public var ending: LineEnding {
        LineEnding(bytes: Array(source[end..<endWithEnding]))
    }

    public var hasEnding: Bool { endingCount > 0 }

    /// The content's length in bytes.
    public var count: Int { end &- start }

    /// The letter before the `=`; nil for a line that is not `<type>=<value>`.
    public var type: LineType? {
        guard count >= 2, source[start &+ 1] == 0x3d else { return nil }
        return LineType(letter: source[start])
    }

    /// What follows the `=`; empty where there is none.
    public var value: ArraySlice<UInt8> { source[min(start &+ 2, end)..<end] }

    /// Whether the line is `a=<name>` or `a=<name>:…`.
    public func isAttribute(_ name: String) -> Bool {
        let nameStart = start &+ 2
        let nameEnd = nameStart &+ name.utf8.count
        guard nameEnd <= end, source[start] == 0x61, source[start &+ 1] == 0x3d,
            nameEnd == end || source[nameEnd] == 0x3a
        else { return false }
        var at = nameStart
        for byte in name.utf8 {
            guard source[at] == byte else { return false }
            at &+= 1
        }
        return true
    }

    /// The content, with what is not UTF-8 replaced by U+FFFD; to be shown.
    public var text: String { String(decoding: content, as: UTF8.self) }

    public func position(column: Int = 1) -> TextPosition {
        TextPosition(line: number, column: column)
    }

    var endWithEnding: Int { end &+ Int(endingCount) }

    /// Whether the line begins there in this very text.
    func stands(at place: Int, in text: [UInt8]) -> Bool {
        start == place && source.span.isIdentical(to: text.span)
    }

    var byteCount: Int { count &+ Int(endingCount) }
}

extension Line: Equatable {
    /// Two lines are equal when their bytes and endings are.
    public static func == (a: Line, b: Line) -> Bool {
        a.endingCount == b.endingCount && a.bytes == b.bytes
    }
}
