/// A strict pull scanner over JSON text (RFC 8259): it checks all that it passes over, allocates
/// only the strings it is asked for, and gives values as ranges of the text, which the caller may
/// forward as the bytes they are.
///
/// UTF-8 is not checked while scanning: check the whole text once, with `isUTF8`.
public struct JSONScanner {
    /// Deeper nesting is refused, so that no input can exhaust the stack.
    public static let maximumDepth = 64

    public let text: ArraySlice<UInt8>
    /// The index in `text` of the next byte to read.
    public internal(set) var position: Int

    public init(_ text: ArraySlice<UInt8>) {
        self.text = text
        position = text.startIndex
    }

    public init(_ text: [UInt8]) { self.init(text[...]) }

    var offset: Int { position - text.startIndex }

    var unexpected: JSONError {
        position < text.endIndex
            ? .unexpectedByte(text[position], at: offset) : .unexpectedEnd
    }

    /// The next byte that is not white space, without taking it.
    @inline(__always) public mutating func peek() -> UInt8? {
        if position < text.endIndex, text[position] > 0x20 { return text[position] }
        return peekBehindSpace()
    }

    private mutating func peekBehindSpace() -> UInt8? {
        while position < text.endIndex {
            switch text[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position &+= 1
            case let byte: return byte
            }
        }
        return nil
    }

    @inline(__always) public mutating func takeIf(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position &+= 1
        return true
    }

    @inline(__always) public mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard takeIf(byte) else { throw unexpected }
    }

    /// Nothing but white space may be left.
    public mutating func expectEnd() throws(JSONError) {
        if peek() != nil { throw .trailingBytes(at: offset) }
    }

    /// A number, as its text.
    public mutating func number() throws(JSONError) -> Range<Int> {
        _ = peek()
        let start = position
        if position < text.endIndex, text[position] == 0x2d { position &+= 1 }
        let integerStart = position
        try digits()
        if position - integerStart > 1, text[integerStart] == 0x30 {
            throw .unexpectedByte(0x30, at: integerStart - text.startIndex)
        }
        if position < text.endIndex, text[position] == 0x2e {
            position &+= 1
            try digits()
        }
        if position < text.endIndex, text[position] | 0x20 == 0x65 {
            position &+= 1
            if position < text.endIndex, text[position] == 0x2b || text[position] == 0x2d {
                position &+= 1
            }
            try digits()
        }
        return start..<position
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while position < text.endIndex, (0x30...0x39).contains(text[position]) { position &+= 1 }
        guard position > start else { throw unexpected }
    }

    /// Passes over one value of any kind and gives where it stands, without white space around.
    @discardableResult
    public mutating func skipValue() throws(JSONError) -> Range<Int> {
        _ = peek()
        let start = position
        try skip(depth: 0)
        return start..<position
    }

    private mutating func skip(depth: Int) throws(JSONError) {
        guard depth < Self.maximumDepth else { throw .tooDeep(at: offset) }
        switch peek() {
        case 0x22: _ = try rawString()
        case 0x7b:
            position &+= 1
            if takeIf(0x7d) { return }
            repeat {
                _ = try rawString()
                try expect(0x3a)
                try skip(depth: depth + 1)
            } while takeIf(0x2c)
            try expect(0x7d)
        case 0x5b:
            position &+= 1
            if takeIf(0x5d) { return }
            repeat { try skip(depth: depth + 1) } while takeIf(0x2c)
            try expect(0x5d)
        case 0x74: try literal("true")
        case 0x66: try literal("false")
        case 0x6e: try literal("null")
        case nil: throw .unexpectedEnd
        default: _ = try number()
        }
    }

    /// Passes over an object as `skipValue` does, and appends where each of its members stands.
    @discardableResult
    public mutating func skipObject(
        noting members: inout [JSONMember]
    ) throws(JSONError) -> Range<Int> {
        try expect(0x7b)
        let start = position &- 1
        if takeIf(0x7d) { return start..<position }
        repeat {
            let (name, hasEscapes) = try rawString()
            try expect(0x3a)
            _ = peek()
            let valueStart = position
            try skip(depth: 1)
            members.append(
                JSONMember(
                    name: name, nameHasEscapes: hasEscapes, value: valueStart..<position))
        } while takeIf(0x2c)
        try expect(0x7d)
        return start..<position
    }

    mutating func literal(_ word: StaticString) throws(JSONError) {
        for at in 0..<word.utf8CodeUnitCount {
            guard position < text.endIndex, unsafe text[position] == word.utf8Start[at] else {
                throw unexpected
            }
            position &+= 1
        }
    }

    /// Reads an object, giving `body` each member's name (raw, as it stands between the quotes)
    /// and value, in order, as ranges of the text. A name that is escaped comes with its escapes.
    public mutating func members(
        _ body: (_ name: Range<Int>, _ value: Range<Int>) throws(JSONError) -> Void
    ) throws(JSONError) {
        try expect(0x7b)
        if takeIf(0x7d) { return }
        repeat {
            let name = try rawString().range
            try expect(0x3a)
            try body(name, try skipValue())
        } while takeIf(0x2c)
        try expect(0x7d)
    }

    /// Whether the text in `range` is exactly `word`.
    public func isText(_ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        for at in 0..<range.count
        where unsafe text[range.lowerBound &+ at] != word.utf8Start[at] { return false }
        return true
    }
}
