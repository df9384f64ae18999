// Strings: found eight bytes at a step, their escapes checked, and decoded where asked for.
extension JSONScanner {
    /// A string: the range between its quotes, escapes checked and left as they are.
    ///
    /// The escape of half a surrogate pair passes, as the grammar has it (RFC 8259 section 8.2):
    /// browsers write one where a text was cut within a character.
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

    /// The index of the first quote, backslash or control character: eight bytes at a step, and 32
    /// in long strings.
    private func endOfPlainText(from start: Int) -> Int {
        unsafe text.withUnsafeBytes { bytes in
            var at = start &- text.startIndex
            // Most strings are short.
            let longFrom = at &+ 24
            while at &+ 8 <= bytes.count {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                let found = UInt64(littleEndian: endsPlainText(word))
                guard found == 0 else {
                    return text.startIndex &+ at &+ found.trailingZeroBitCount / 8
                }
                at &+= 8
                guard at == longFrom else { continue }
                while at &+ 32 <= bytes.count {
                    let low = unsafe bytes.loadUnaligned(fromByteOffset: at, as: Block.self)
                    let high = unsafe bytes.loadUnaligned(fromByteOffset: at &+ 16, as: Block.self)
                    guard endsPlainText(low, high) == 0 else { break }
                    at &+= 32
                }
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
        case 0x75: guard takeHexUnit() else { throw .badEscape(at: start) }
        default: throw .badEscape(at: start)
        }
    }

    private mutating func takeHexUnit() -> Bool {
        guard text.endIndex - position >= 4,
            text[position..<(position &+ 4)].allSatisfy({ UInt8(jsonHexDigit: $0) != nil })
        else { return false }
        position &+= 4
        return true
    }

    /// A string, decoded. It throws where it has half a surrogate pair, which is no Unicode text.
    public mutating func string() throws(JSONError) -> String {
        let (range, hasEscapes) = try rawString()
        let raw = text[range]
        guard let string = String(validating: hasEscapes ? try unescaped(raw) : raw, as: UTF8.self)
        else { throw .notUTF8 }
        return string
    }

    /// The bytes that a string's raw text stands for; its escapes have been checked.
    private func unescaped(_ raw: ArraySlice<UInt8>) throws(JSONError) -> ArraySlice<UInt8> {
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
                let start = rest.startIndex &- 2 &- text.startIndex
                guard let scalar = Unicode.Scalar(codePoint(&rest)) else {
                    throw .badEscape(at: start)
                }
                bytes.append(contentsOf: Array(String(scalar).utf8))
            default: bytes.append(kind)
            }
        }
        return bytes[...]
    }
}

/// Whether a text is the same between quotes: it has no quote, backslash or control character.
public func isPlainText(_ text: Span<UInt8>) -> Bool {
    unsafe text.withUnsafeBytes { bytes in
        guard bytes.count >= 8 else {
            return unsafe bytes.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5c }
        }
        var at = 0
        // The last step may look at bytes again.
        let last = bytes.count &- 8
        while true {
            let word = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            guard endsPlainText(word) == 0 else { return false }
            if at == last { return true }
            at = min(at &+ 8, last)
        }
    }
}

private let eachByte: UInt64 = 0x0101_0101_0101_0101

/// The high bit of each byte that is a quote, a backslash or a control character.
///
/// Subtracting and masking leaves the high bit where a byte is below the limit (Hacker's Delight
/// section 6-1). A borrow may mark a byte too many, but only above the first true one, and only
/// the first counts.
@inline(__always) private func endsPlainText(_ word: UInt64) -> UInt64 {
    let control = word &- 0x20 &* eachByte
    let quote = (word ^ (0x22 &* eachByte)) &- eachByte
    let backslash = (word ^ (0x5c &* eachByte)) &- eachByte
    return (control | quote | backslash) & ~word & (0x80 &* eachByte)
}

private typealias Block = SIMD16<UInt8>

/// The same of two blocks, put together; here no byte borrows from another.
@inline(__always) private func endsPlainText(_ low: Block, _ high: Block) -> UInt64 {
    let found = unsafe unsafeBitCast(
        endsPlainText(low) | endsPlainText(high), to: SIMD2<UInt64>.self)
    return (found[0] | found[1]) & (0x80 &* eachByte)
}

@inline(__always) private func endsPlainText(_ block: Block) -> Block {
    let control = block &- Block(repeating: 0x20)
    let quote = (block ^ Block(repeating: 0x22)) &- Block(repeating: 1)
    let backslash = (block ^ Block(repeating: 0x5c)) &- Block(repeating: 1)
    return (control | quote | backslash) & ~block
}

/// What an escape or a pair of them stands for, after its `\u`; a surrogate for half a pair.
private func codePoint(_ rest: inout ArraySlice<UInt8>) -> UInt32 {
    let unit = codeUnit(&rest)
    guard (0xD800..<0xDC00).contains(unit), rest.starts(with: [0x5c, 0x75]) else { return unit }
    var pair = rest.dropFirst(2)
    let low = codeUnit(&pair)
    guard (0xDC00..<0xE000).contains(low) else { return unit }
    rest = pair
    return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
}

/// The scanner has seen four hexadecimal digits.
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
