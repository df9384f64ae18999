/// The names and values after the `?` of a target, or of a form body, in order (the
/// `application/x-www-form-urlencoded` format of the URL standard).
public struct Query: Equatable, Sendable {
    public struct Item: Equatable, Sendable {
        public var name: String
        public var value: String
    }

    public private(set) var items: [Item] = []

    public init() {}

    /// Nil for a percent sign without two digits, or bytes that are not UTF-8.
    public init?(_ text: some StringProtocol) {
        for pair in text.utf8.split(separator: 0x26) {
            let name = pair.prefix { $0 != 0x3d }
            guard let decoded = percentDecoded(name, plusIsSpace: true),
                let value = percentDecoded(pair.dropFirst(name.count + 1), plusIsSpace: true)
            else { return nil }
            items.append(Item(name: decoded, value: value))
        }
    }

    public mutating func append(_ name: String, _ value: String) {
        items.append(Item(name: name, value: value))
    }

    /// The first value under this name.
    public subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }

    /// How many values there are under this name.
    public func count(of name: String) -> Int { items.count { $0.name == name } }

    /// The text that reads back as these items.
    public var text: String {
        items.map { percentEncoded($0.name) + "=" + percentEncoded($0.value) }
            .joined(separator: "&")
    }
}

/// Text with everything but the unreserved characters of RFC 3986 as `%XX`.
public func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: bytes.append(byte)
        default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// The text that percent-encoded bytes stand for (RFC 3986 section 2.1); nil where they are
/// malformed, not UTF-8, or have a NUL.
func percentDecoded(_ text: some Sequence<UInt8>, plusIsSpace: Bool = false) -> String? {
    var bytes: [UInt8] = []
    var rest = text.makeIterator()
    while let byte = rest.next() {
        switch byte {
        case 0x25:
            guard let high = rest.next().flatMap(UInt8.init(hexDigit:)),
                let low = rest.next().flatMap(UInt8.init(hexDigit:))
            else { return nil }
            bytes.append(high << 4 | low)
        case 0x2b where plusIsSpace: bytes.append(0x20)
        default: bytes.append(byte)
        }
    }
    return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
}

extension UInt8 {
    /// The value of one hexadecimal digit.
    init?(hexDigit character: UInt8) {
        switch character {
        case 0x30...0x39: self = character &- 0x30
        case 0x41...0x46: self = character &- 0x37
        case 0x61...0x66: self = character &- 0x57
        default: return nil
        }
    }
}
