internal import Wire

/// Takes the armor off a text as it comes. Lines may end in CRLF, white space may stand before and
/// after; all else has one form.
public struct ArmorReader {
    private enum State {
        case leading
        case beginLine
        case body
        /// After a line that was not full: the END line must follow.
        case endLine
        /// After the END line: nothing but white space, `endOfLine` while its line feed is due.
        case trailing
    }

    private var state = State.leading
    private var line: [UInt8] = []
    private var lineNumber = 0
    private var outerSpace = 0

    public init() {}

    /// Appends the bytes that `text` stands for.
    public mutating func receive(
        _ text: ArraySlice<UInt8>, into bytes: inout [UInt8]
    ) throws(AgeError) {
        var rest = text
        while !rest.isEmpty {
            switch state {
            case .leading: rest = try skipSpace(rest)
            case .trailing:
                rest = try skipSpace(rest)
                guard rest.isEmpty else { throw .armor(.trailingData) }
            case .beginLine, .body, .endLine:
                takeFullLines(of: &rest, into: &bytes)
                let end = rest.firstIndex(of: lineFeed)
                line += rest[..<(end ?? rest.endIndex)].prefix(Self.maximumLine + 1 - line.count)
                guard line.count <= Self.maximumLine else { throw badLine }
                guard let end else { return }
                rest = rest[(end + 1)...]
                try takeLine(into: &bytes)
            }
        }
    }

    /// Call at the end of the text: the END line needs no line end of its own.
    public mutating func finish() throws(AgeError) {
        if case .trailing = state { return }
        if case .leading = state { throw .armor(.noBeginLine) }
        if line.last == carriageReturn { line.removeLast() }
        guard line.elementsEqual(Armor.endLine.utf8), isEndAllowed else {
            throw .armor(.truncated)
        }
        state = .trailing
    }

    private var isEndAllowed: Bool { if case .beginLine = state { false } else { true } }

    private mutating func skipSpace(
        _ text: ArraySlice<UInt8>
    ) throws(AgeError) -> ArraySlice<UInt8> {
        let rest = text.drop(while: Armor.isSpace)
        outerSpace += text.count - rest.count
        guard outerSpace <= Armor.maximumOuterSpace else {
            throw lineNumber == 0 ? .armor(.noBeginLine) : .armor(.trailingData)
        }
        if !rest.isEmpty, case .leading = state { state = .beginLine }
        return rest
    }

    /// Decodes a run of full lines at once, which is many times as fast as one by one. What is not
    /// plainly such a run is left where it is, for `takeLine` to judge.
    private mutating func takeFullLines(
        of text: inout ArraySlice<UInt8>, into bytes: inout [UInt8]
    ) {
        guard case .body = state, line.isEmpty else { return }
        let width = Armor.charactersPerLine
        var run: [UInt8] = []
        run.reserveCapacity(min(text.count, Self.maximumRun))
        var at = text.startIndex
        while run.count < Self.maximumRun, text.endIndex - at > width,
            text[at + width] == lineFeed,
            text[at] != UInt8(ascii: "-")
        {
            run += text[at..<(at + width)]
            at += width + 1
        }
        guard !run.isEmpty, let decoded = Base64.standard.decode(run[...]),
            decoded.count == run.count / width * Armor.bytesPerLine
        else { return }
        bytes += decoded
        lineNumber += run.count / width
        text = text[at...]
    }

    private mutating func takeLine(into bytes: inout [UInt8]) throws(AgeError) {
        lineNumber += 1
        if line.last == carriageReturn { line.removeLast() }
        switch state {
        case .beginLine:
            guard line.elementsEqual(Armor.beginLine.utf8) else { throw .armor(.noBeginLine) }
            state = .body
        case .body where line.first != UInt8(ascii: "-"):
            guard !line.isEmpty, line.count <= Armor.charactersPerLine,
                let decoded = Base64.standard.decode(line[...])
            else { throw badLine }
            bytes += decoded
            state = decoded.count == Armor.bytesPerLine ? .body : .endLine
        default:
            guard line.elementsEqual(Armor.endLine.utf8) else { throw badLine }
            outerSpace = 0
            state = .trailing
        }
        line.removeAll(keepingCapacity: true)
    }

    private var badLine: AgeError {
        if case .beginLine = state { return .armor(.noBeginLine) }
        return .armor(.badLine(lineNumber + 1))
    }

    /// A run that is not canonical is tried again without its first line, so it must be short.
    private static let maximumRun = 256 * Armor.charactersPerLine
    /// A full line and its carriage return.
    private static let maximumLine = Armor.charactersPerLine + 1
}
