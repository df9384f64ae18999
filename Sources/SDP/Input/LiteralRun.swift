/// String literals in the source of a program whose texts make one description: `"v=0\r\n" + "o=…"`,
/// those that follow each other as in C, and the elements of an array.
struct LiteralRun {
    /// What they say, with the ends of lines that an array leaves to `join`.
    private(set) var text: [UInt8]
    /// Behind the quote that closes the last.
    private(set) var end: Int
    /// Where a literal with a line of SDP follows that is not read, since what stands before it is
    /// none.
    private(set) var interruption: Int?

    private let source: [UInt8]
    private var addsLineEnds = false

    /// So many bytes may stand between two literals, with all comments.
    private static let maximumGap = 2000

    /// - Parameter start: where the first literal's text begins.
    /// - Returns: nil where no literal begins or none ends, or where it is a word of a sentence.
    init?(in source: [UInt8], from start: Int) {
        guard start > 0, start == 1 || source[start &- 2] != 0x5c,
            let first = Literal(in: source, at: start &- 1)
        else { return nil }
        self.source = source
        (text, end) = (first.text, first.end)
        while appendNext() {}
        guard text.contains(0x0a) || text.contains(0x0d) else { return nil }
        if addsLineEnds { endLine() }
    }

    private mutating func appendNext() -> Bool {
        var gap = Gap()
        var at = end
        while at < source.count, at &- end < Self.maximumGap {
            if let behind = endOfComment(at) {
                at = behind
            } else if let literal = Literal(in: source, at: at) {
                guard !literal.beginsDescription else { return false }
                if gap.joins || literal.isLine && !gap.isBarrier {
                    append(literal, isPart: gap.joins)
                    return true
                }
                if literal.isLine {
                    interruption = at
                    return false
                }
                // The end of a line that a program adds by itself is no text.
                if literal.isBlank, !gap.isBarrier {
                    addsLineEnds = true
                } else {
                    gap.isBarrier = true
                }
                gap.add(source[at])
                at = literal.end
            } else {
                gap.add(source[at])
                at &+= 1
            }
        }
        return false
    }

    private mutating func append(_ literal: Literal, isPart: Bool) {
        if !isPart {
            addsLineEnds = true
            endLine()
        }
        text += literal.text
        end = literal.end
    }

    private mutating func endLine() {
        if text.last != 0x0a, text.last != 0x0d { text += [0x0d, 0x0a] }
    }

    /// Behind a comment of C or of a shell; nil where none begins.
    private func endOfComment(_ start: Int) -> Int? {
        let rest = source[start...].prefix(Self.maximumGap)
        if rest.first == 0x23 || rest.starts(with: "//".utf8) {
            return rest.firstIndex { $0 == 0x0a || $0 == 0x0d } ?? rest.endIndex
        }
        guard rest.starts(with: "/*".utf8) else { return nil }
        var at = start &+ 2
        while at &+ 1 < rest.endIndex {
            if source[at] == 0x2a, source[at &+ 1] == 0x2f { return at &+ 2 }
            at &+= 1
        }
        return rest.endIndex
    }
}

/// What stands between two literals.
private struct Gap {
    private var others = 0
    private var letters = 0
    /// Whether the next literal is in another place of the program than the one before.
    var isBarrier = false

    /// Whether the literals are one text: nothing but operators and white space is between, and the
    /// letters that say of which kind the next is, as of `u8"…"`.
    var joins: Bool { !isBarrier && others == letters && letters <= 2 }

    mutating func add(_ byte: UInt8) {
        switch byte {
        case 0x20, 0x09, 0x0a, 0x0d, 0x2b, 0x2e, 0x26, 0x3c, 0x5c, 0x28, 0x29: letters = 0
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: (others, letters) = (others &+ 1, letters &+ 1)
        case 0x7b, 0x7d, 0x3a: isBarrier = true
        default: (others, letters) = (others &+ 1, 0)
        }
    }
}

/// One string literal, on one line or on several with a backslash at the end of each.
private struct Literal {
    private(set) var text: [UInt8] = []
    /// Behind the quote that closes it.
    private(set) var end: Int

    /// - Returns: nil where there is no quote at the index, or none closes it.
    init?(in source: [UInt8], at quote: Int) {
        guard InputReader.isQuote(source[quote]) else { return nil }
        end = quote &+ 1
        while end < source.count, source[end] != 0x0a, source[end] != 0x0d {
            let byte = source[end]
            end &+= 1
            if byte == source[quote] { return }
            if byte == 0x5c { readEscape(in: source) } else { text.append(byte) }
        }
        return nil
    }

    /// A line of a description, which is not its first.
    var isLine: Bool {
        text.count >= 2 && text[1] == 0x3d && LineType(letter: text[0])?.isKnown == true
    }

    var beginsDescription: Bool { InputReader.isStartOfDescription(text, 0) && text[0] == 0x76 }

    var isBlank: Bool { text.allSatisfy { $0 <= 0x20 } }

    /// Reads what a backslash, which was read, begins.
    private mutating func readEscape(in source: [UInt8]) {
        guard end < source.count else { return }
        let byte = source[end]
        end &+= 1
        switch byte {
        case 0x6e: text.append(0x0a)
        case 0x72: text.append(0x0d)
        case 0x74: text.append(0x09)
        case 0x78:
            if let number = number(in: source, digits: 2) {
                text.append(UInt8(truncatingIfNeeded: number))
            }
        case 0x75:
            guard let scalar = number(in: source, digits: 4).flatMap(UnicodeScalar.init) else {
                return
            }
            text += String(Character(scalar)).utf8
        case 0x0a, 0x0d:
            // As Rust does; where C and JavaScript keep white space, no line of SDP begins with it.
            while end < source.count, source[end] <= 0x20 { end &+= 1 }
        default:
            if !Self.escapable.contains(byte) { text.append(0x5c) }
            text.append(byte)
        }
    }

    private static let escapable = Set(#"\/"'`$"#.utf8)

    /// Reads the number of a character, `0d` or `{d}`.
    private mutating func number(in source: [UInt8], digits: Int) -> UInt32? {
        let isBraced = end < source.count && source[end] == 0x7b
        let number = source[(isBraced ? end &+ 1 : end)...].prefix(isBraced ? 6 : digits)
            .prefix { UnicodeScalar($0).properties.isASCIIHexDigit }
        end = min(number.endIndex &+ (isBraced ? 1 : 0), source.count)
        return UInt32(String(decoding: number, as: UTF8.self), radix: 16)
    }
}
