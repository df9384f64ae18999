/// What tells the lines of one form from all others, as a number: the letter, and for attributes
/// the name. So a search compares one number a line, but for names that are too long for it.
@usableFromInline struct LineKey: Equatable, Sendable {
    /// The bytes of the name, and in the lowest byte its length and 128; else the letter alone.
    private let value: UInt128

    private static let attribute: UInt128 = 0x80
    /// The bytes of a name that there is room for.
    private static let maximumByteCount = 15

    /// - Parameter content: where a line is in the text, without its ending.
    init(_ text: Span<UInt8>, _ content: Range<Int>) {
        let start = content.lowerBound
        if content.count < 2 || text[start &+ 1] != 0x3d {
            value = 0
        } else if text[start] == LineType.attribute.letter {
            value = Self.value(ofName: text.extracting(start &+ 2..<content.upperBound))
        } else {
            value = LineType(letter: text[start]).map { UInt128($0.letter) } ?? 0
        }
    }

    init(_ form: LineForm) {
        switch form {
        case .line(.attribute): value = Self.attribute
        case .line(let type): value = UInt128(type.letter)
        case .attribute(let name): value = Self.value(ofName: name.utf8.span)
        }
    }

    /// - Parameter text: what begins with the name, which goes to the colon or the end.
    private static func value(ofName text: Span<UInt8>) -> UInt128 {
        var name: UInt128 = 0
        var count = 0
        while count < text.count, text[count] != 0x3a, count <= maximumByteCount {
            name = name << 8 | UInt128(text[count])
            count &+= 1
        }
        return name << 8 | attribute | UInt128(count)
    }

    /// Whether only lines of this form have its key: not where the name is too long, nor for the
    /// form that all attributes have.
    static func isExact(_ form: LineForm) -> Bool {
        switch form {
        case .line(let type): type != .attribute
        case .attribute(let name): name.utf8.count <= maximumByteCount
        }
    }
}
