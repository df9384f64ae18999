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
    public private(set) var position: Int

    public init(_ text: ArraySlice<UInt8>) {
        self.text = text
        position = text.startIndex
    }

    public init(_ text: [UInt8]) { self.init(text[...]) }

    public static func isUTF8(_ text: ArraySlice<UInt8>) -> Bool {
        unsafe text.withUnsafeBufferPointer { unsafe isValidUTF8($0) }
    }

    private var offset: Int { position - text.startIndex }

    private var unexpected: JSONError {
        position < text.endIndex
            ? .unexpectedByte(text[position], at: offset) : .unexpectedEnd
    }

    /// The next byte that is not white space, without taking it.
    public mutating func peek() -> UInt8? {
        while position < text.endIndex {
            switch text[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position &+= 1
            case let byte: return byte
            }
        }
        return nil
    }

    public mutating func takeIf(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position &+= 1
        return true
    }

    public mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard takeIf(byte) else { throw unexpected }
    }

    /// Nothing but white space may be left.
    public mutating func expectEnd() throws(JSONError) {
        if peek() != nil { throw .trailingBytes(at: offset) }
    }

    /// A string: the range between its quotes, escapes checked and left as they are.
    public mutating func rawString() throws(JSONError) -> (range: Range<Int>, hasEscapes: Bool) {
        try expect(0x22)
        let start = position
        let end = text.endIndex
        var hasEscapes = false
        while true {
            position = endOfPlainText(from: position)
            guard position < end else { throw .unexpectedEnd }
            let byte = text[position]
            if byte == 0x22 {
                defer { position &+= 1 }
                return (start..<position, hasEscapes)
            }
            if byte == 0x5c {
                hasEscapes = true
                try escape()
                continue
            }
            throw unexpected
        }
    }

    /// The index of the first quote, backslash or control character, eight bytes at a step.
    ///
    /// In each byte of a word, subtracting and masking leaves the high bit where the byte is below
    /// the limit (Hacker's Delight section 6-1). A borrow may mark a byte too many, but only above
    /// the first true one, and only the first counts.
    private func endOfPlainText(from start: Int) -> Int {
        unsafe text.withUnsafeBytes { bytes in
            var at = start &- text.startIndex
            while at &+ 8 <= bytes.count {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                let control = (word &- 0x20 &* eachByte) & ~word
                let quote = word ^ (0x22 &* eachByte)
                let backslash = word ^ (0x5c &* eachByte)
                let found =
                    (control | (quote &- eachByte) & ~quote | (backslash &- eachByte) & ~backslash)
                    & (0x80 &* eachByte)
                guard found == 0 else {
                    return text.startIndex &+ at &+ UInt64(littleEndian: found).trailingZeroBitCount
                        / 8
                }
                at &+= 8
            }
            while at < bytes.count {
                let byte = unsafe bytes[at]
                if byte < 0x20 || byte == 0x22 || byte == 0x5c { break }
                at &+= 1
            }
            return text.startIndex &+ at
        }
    }

    private mutating func escape() throws(JSONError) {
        let start = offset
        position &+= 1
        guard position < text.endIndex else { throw .unexpectedEnd }
        let kind = text[position]
        position &+= 1
        switch kind {
        case 0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74: return
        case 0x75:
            guard let unit = hexUnit() else { throw .badEscape(at: start) }
            switch unit {
            case 0xD800..<0xDC00:
                guard position &+ 1 < text.endIndex, text[position] == 0x5c,
                    text[position &+ 1] == 0x75
                else { throw .badEscape(at: start) }
                position &+= 2
                guard let low = hexUnit(), (0xDC00..<0xE000).contains(low) else {
                    throw .badEscape(at: start)
                }
            case 0xDC00..<0xE000: throw .badEscape(at: start)
            default: return
            }
        default: throw .badEscape(at: start)
        }
    }

    private mutating func hexUnit() -> UInt16? {
        guard text.endIndex - position >= 4 else { return nil }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = UInt8(jsonHexDigit: text[position]) else { return nil }
            unit = unit << 4 | UInt16(digit)
            position &+= 1
        }
        return unit
    }

    /// A string, decoded.
    public mutating func string() throws(JSONError) -> String {
        let (range, hasEscapes) = try rawString()
        let raw = text[range]
        guard let string = String(validating: hasEscapes ? unescaped(raw) : raw, as: UTF8.self)
        else { throw .notUTF8 }
        return string
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

    private mutating func literal(_ word: StaticString) throws(JSONError) {
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

extension JSONScanner {
    /// Reads one value of any kind into a tree.
    ///
    /// - Throws: also `duplicateName`, since readers differ about which of the two counts.
    public mutating func value() throws(JSONError) -> JSON { try value(depth: 0) }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        guard depth < Self.maximumDepth else { throw .tooDeep(at: offset) }
        switch peek() {
        case 0x22: return .string(try string())
        case 0x7b: return .object(try object(depth: depth))
        case 0x5b:
            position &+= 1
            var values: [JSON] = []
            if takeIf(0x5d) { return .array([]) }
            repeat { values.append(try value(depth: depth + 1)) } while takeIf(0x2c)
            try expect(0x5d)
            return .array(values)
        case 0x74:
            try literal("true")
            return .bool(true)
        case 0x66:
            try literal("false")
            return .bool(false)
        case 0x6e:
            try literal("null")
            return .null
        case nil: throw .unexpectedEnd
        default: return .number(String(decoding: text[try number()], as: UTF8.self))
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> [JSON.Member] {
        position &+= 1
        var members: [JSON.Member] = []
        var names: Set<String> = []
        if takeIf(0x7d) { return [] }
        repeat {
            let name = try string()
            guard names.insert(name).inserted else { throw .duplicateName(name) }
            try expect(0x3a)
            members.append(JSON.Member(name, try value(depth: depth + 1)))
        } while takeIf(0x2c)
        try expect(0x7d)
        return members
    }
}

extension JSON {
    /// Reads a whole text that is one value.
    public init(parsing text: ArraySlice<UInt8>) throws(JSONError) {
        guard JSONScanner.isUTF8(text) else { throw .notUTF8 }
        var scanner = JSONScanner(text)
        self = try scanner.value()
        try scanner.expectEnd()
    }

    public init(parsing text: [UInt8]) throws(JSONError) { try self.init(parsing: text[...]) }
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }
}

private let eachByte: UInt64 = 0x0101_0101_0101_0101

/// The bytes that a string's raw text stands for; the scanner has checked its escapes.
private func unescaped(_ raw: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(raw.count)
    var rest = raw
    while let byte = rest.popFirst() {
        guard byte == 0x5c, let kind = rest.popFirst() else {
            bytes.append(byte)
            continue
        }
        switch kind {
        case 0x62: bytes.append(0x08)
        case 0x66: bytes.append(0x0c)
        case 0x6e: bytes.append(0x0a)
        case 0x72: bytes.append(0x0d)
        case 0x74: bytes.append(0x09)
        case 0x75:
            var scalar = codeUnit(&rest)
            if (0xD800..<0xDC00).contains(scalar) {
                rest = rest.dropFirst(2)
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (codeUnit(&rest) &- 0xDC00) & 0x3FF
            }
            bytes.append(contentsOf: Array(String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8))
        default: bytes.append(kind)
        }
    }
    return bytes[...]
}

private func codeUnit(_ rest: inout ArraySlice<UInt8>) -> UInt32 {
    let digits = rest.prefix(4)
    rest = rest.dropFirst(4)
    return digits.reduce(0) { $0 << 4 | UInt32(UInt8(jsonHexDigit: $1) ?? 0) }
}

extension UInt8 {
    fileprivate init?(jsonHexDigit character: UInt8) {
        switch character {
        case 0x30...0x39: self = character &- 0x30
        case 0x41...0x46: self = character &- 0x37
        case 0x61...0x66: self = character &- 0x57
        default: return nil
        }
    }
}

/// RFC 3629, with a quick way over ASCII.
private func isValidUTF8(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var at = 0
    let count = text.count
    while at < count {
        if at &+ 8 <= count {
            let word = unsafe UnsafeRawPointer(text.baseAddress! + at)
                .loadUnaligned(as: UInt64.self)
            if word & 0x8080_8080_8080_8080 == 0 {
                at &+= 8
                continue
            }
        }
        let lead = unsafe text[at]
        let (length, low, high): (Int, UInt8, UInt8)
        switch lead {
        case 0..<0x80:
            at &+= 1
            continue
        case 0xC2...0xDF: (length, low, high) = (2, 0x80, 0xBF)
        case 0xE0: (length, low, high) = (3, 0xA0, 0xBF)
        case 0xED: (length, low, high) = (3, 0x80, 0x9F)
        case 0xE1...0xEF: (length, low, high) = (3, 0x80, 0xBF)
        case 0xF0: (length, low, high) = (4, 0x90, 0xBF)
        case 0xF1...0xF3: (length, low, high) = (4, 0x80, 0xBF)
        case 0xF4: (length, low, high) = (4, 0x80, 0x8F)
        default: return false
        }
        guard at &+ length <= count else { return false }
        guard unsafe text[at &+ 1] >= low, unsafe text[at &+ 1] <= high else { return false }
        for more in 2..<max(2, length) where unsafe text[at &+ more] & 0xC0 != 0x80 { return false }
        at &+= length
    }
    return true
}
