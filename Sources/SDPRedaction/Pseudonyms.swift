internal import Crypto
internal import Wire

/// Stand-ins for values: the same value has the same one under the same key, and without the key
/// neither leads to the other, however few values there are to try.
///
/// Each is drawn from HMAC-SHA256 of the value's kind and the value.
struct Pseudonyms: Sendable {
    private let key: SharedSecret

    init(key: consuming SecretBytes) { self.key = SharedSecret(key) }

    func draw(_ kind: Kind, _ value: some Collection<UInt8>) -> Draw {
        Draw(seed: HMACSHA256.authenticate(Array(kind.rawValue.utf8) + [0] + value, key: key.bytes))
    }

    /// What a value is; equal values of different kinds have pseudonyms that do not compare.
    enum Kind: String {
        case ip4, ip6, hostName, origin, session, person, address, ufrag, password, fingerprint
        case ssrc, identifier, foundation, hardware, key, text, token
    }

    /// A text of the same length: ASCII letters and digits become others, the rest stays.
    ///
    /// Digits alone give digits, and what looks like hexadecimal gives that, as in a UUID.
    func word(_ kind: Kind, _ text: some StringProtocol) -> String {
        var draw = draw(kind, text.utf8)
        let alphabet = Alphabet(of: text.utf8)
        var isFirst = true
        var bytes = text.utf8.filter { $0 < 0x80 }.map { byte -> UInt8 in
            guard byte.isLetterOrDigit else { return byte }
            defer { isFirst = false }
            // A number keeps its length, and fits where the other did: no 0 comes first, and no 9.
            if alphabet == .digits, isFirst {
                return byte == 0x30 ? byte : 0x31 &+ UInt8(truncatingIfNeeded: draw.below(8))
            }
            return draw.character(of: alphabet)
        }
        if bytes.isEmpty, !text.isEmpty { bytes = Array(draw.hexadecimal(8).utf8) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A text of any letters and digits, of the same length; other characters stay.
    func secret(_ kind: Kind, _ text: some StringProtocol) -> String {
        var draw = draw(kind, text.utf8)
        let bytes = text.utf8.filter { $0 < 0x80 }.map {
            $0.isLetterOrDigit || $0 == 0x2b || $0 == 0x2f ? draw.character(of: .all) : $0
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A name of media or of a layer (`mid`, `rid`): those that software gives stay.
    func token(_ text: some StringProtocol) -> String {
        if text.utf8.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return String(text)
        }
        let name = text.lowercased()
        if Self.usualTokens.contains(name) || name.hasPrefix("sdparta_") && name.utf8.count <= 11 {
            return String(text)
        }
        return self.name(.token, text.utf8, prefix: "id")
    }

    private static let usualTokens: Set<String> = [
        "audio", "video", "data", "application", "text", "image", "message", "screen", "hi", "mid",
        "lo", "high", "medium", "low", "h", "m", "l", "q", "f", "a", "v", "d", "r0", "r1", "r2",
    ]

    /// A name of fixed length: `session-1f2e3d4c`.
    func name(_ kind: Kind, _ text: some Collection<UInt8>, prefix: String) -> String {
        var draw = draw(kind, text)
        return "\(prefix)-\(draw.hexadecimal(8))"
    }
}

/// Bytes that a value determines, as many as are asked for.
struct Draw {
    /// Hashed for the next bytes. None of it is shown, so that what is shown leads to no more.
    private var seed: [UInt8]
    private var block: ArraySlice<UInt8> = []

    init(seed: [UInt8]) { self.seed = seed }

    mutating func byte() -> UInt8 {
        if block.isEmpty {
            block = SHA256.hash(seed + [0])[...]
            seed = SHA256.hash(seed + [1])
        }
        return block.popFirst() ?? 0
    }

    mutating func number() -> UInt32 {
        (0..<4).reduce(0) { number, _ in number << 8 | UInt32(byte()) }
    }

    mutating func below(_ bound: UInt32) -> UInt32 { number() % bound }

    mutating func character(of alphabet: Alphabet) -> UInt8 {
        let characters = alphabet.characters
        return characters[Int(below(UInt32(truncatingIfNeeded: characters.count)))]
    }

    mutating func hexadecimal(_ count: Int) -> String {
        String(decoding: (0..<count).map { _ in character(of: .lowerHexadecimal) }, as: UTF8.self)
    }
}

/// The characters that a pseudonym is made of.
enum Alphabet {
    case digits, lowerHexadecimal, upperHexadecimal, all

    /// What the letters and digits of a text look like.
    init(of text: some Collection<UInt8>) {
        let characters = text.filter(\.isLetterOrDigit)
        if characters.allSatisfy({ $0 < 0x3a }) {
            self = .digits
        } else if characters.count < 8 || !characters.allSatisfy(\.isHexadecimal) {
            self = .all
        } else {
            self = characters.contains { $0 >= 0x61 } ? .lowerHexadecimal : .upperHexadecimal
        }
    }

    var characters: [UInt8] {
        switch self {
        case .digits: Self.digitCharacters
        case .lowerHexadecimal: Self.lowerCharacters
        case .upperHexadecimal: Self.upperCharacters
        case .all: Self.allCharacters
        }
    }

    private static let digitCharacters = Array("0123456789".utf8)
    private static let lowerCharacters = Array("0123456789abcdef".utf8)
    private static let upperCharacters = Array("0123456789ABCDEF".utf8)
    private static let allCharacters = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
}

extension UInt8 {
    var isLetterOrDigit: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: false
        }
    }

    var isHexadecimal: Bool { UInt8(hexDigit: self) != nil }
}
