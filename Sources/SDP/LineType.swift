/// The type of a line (RFC 8866 section 5): one letter, known or not.
public struct LineType: Hashable, Sendable {
    public let letter: UInt8

    public init?(letter: UInt8) {
        guard (0x61...0x7a).contains(letter) || (0x41...0x5a).contains(letter) else { return nil }
        self.letter = letter
    }

    private init(_ letter: Unicode.Scalar) { self.letter = UInt8(truncatingIfNeeded: letter.value) }

    public var text: String { String(Unicode.Scalar(letter)) }

    public static let version = LineType("v")
    public static let origin = LineType("o")
    public static let sessionName = LineType("s")
    public static let information = LineType("i")
    public static let uri = LineType("u")
    public static let email = LineType("e")
    public static let phone = LineType("p")
    public static let connection = LineType("c")
    public static let bandwidth = LineType("b")
    public static let timing = LineType("t")
    public static let repeatTimes = LineType("r")
    public static let timeZones = LineType("z")
    public static let key = LineType("k")
    public static let attribute = LineType("a")
    public static let media = LineType("m")

    /// The types of RFC 8866, in the order that section 5 gives them; `m=` stands before those that
    /// may follow it.
    public static let known: [LineType] = [
        .version, .origin, .sessionName, .media, .information, .uri, .email, .phone, .connection,
        .bandwidth, .timing, .repeatTimes, .timeZones, .key, .attribute,
    ]

    public var isKnown: Bool { Self.known.contains(self) }
}

extension LineType {
    /// The place of the type among those of RFC 8866 section 5; the same for t=, r= and z=, which
    /// come in turns.
    var rank: Int {
        switch self {
        case .repeatTimes, .timeZones: LineType.timing.rank
        default: Self.known.firstIndex(of: self) ?? Self.known.count
        }
    }
}
