/// A place in a text: both numbers count from 1, the column in bytes.
public struct TextPosition: Equatable, Sendable {
    /// 0 for a line that was read from no text.
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

extension TextPosition {
    /// The place of an index; CR, LF and CRLF end lines.
    init(of index: Int, in text: ArraySlice<UInt8>) {
        var (line, start) = (1, text.startIndex)
        for at in text.startIndex..<min(index, text.endIndex) {
            let isEnd = text[at] == 0x0a || (text[at] == 0x0d && text[(at &+ 1)...].first != 0x0a)
            if isEnd { (line, start) = (line &+ 1, at &+ 1) }
        }
        self.init(line: line, column: index &- start &+ 1)
    }
}
