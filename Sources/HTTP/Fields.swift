/// The fields of a message in the order they came; names compare without case (RFC 9110
/// section 5.1).
public struct Fields: Equatable, Sendable, ExpressibleByDictionaryLiteral {
    public struct Field: Equatable, Sendable {
        public var name: String
        public var value: String
    }

    public private(set) var all: [Field] = []

    public init() {}

    public init(dictionaryLiteral fields: (String, String)...) {
        all = fields.map { Field(name: $0.0, value: $0.1) }
    }

    public mutating func append(_ name: String, _ value: String) {
        all.append(Field(name: name, value: value))
    }

    /// The first value under this name. Setting replaces all of them.
    public subscript(_ name: String) -> String? {
        get { all.first { Self.isSame($0.name, name) }?.value }
        set {
            all.removeAll { Self.isSame($0.name, name) }
            if let newValue { append(name, newValue) }
        }
    }

    public func values(_ name: String) -> [String] {
        all.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    /// Whether one of the comma-separated lists under `name` has `token`, without case.
    public func contains(_ token: String, in name: String) -> Bool {
        values(name).contains { list in
            list.utf8.split(separator: 0x2c).contains { element in
                Self.isSame(Substring(element).trimmingSpace, token[...])
            }
        }
    }

    private static func isSame(_ a: String, _ b: String) -> Bool {
        a.utf8.count == b.utf8.count
            && a.utf8.elementsEqual(b.utf8) { $0.lowercase == $1.lowercase }
    }

    private static func isSame(_ a: Substring, _ b: Substring) -> Bool {
        a.utf8.elementsEqual(b.utf8) { $0.lowercase == $1.lowercase }
    }
}

extension Substring {
    fileprivate var trimmingSpace: Substring {
        var text = self
        while let first = text.utf8.first, first == 0x20 || first == 0x09 {
            text = text.dropFirst()
        }
        while let last = text.utf8.last, last == 0x20 || last == 0x09 { text = text.dropLast() }
        return text
    }
}

extension UInt8 {
    var lowercase: UInt8 { (0x41...0x5a).contains(self) ? self | 0x20 : self }

    /// A character of a token (RFC 9110 section 5.6.2).
    var isTokenCharacter: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case 0x21, 0x23...0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x5e, 0x5f, 0x60, 0x7c, 0x7e: true
        default: false
        }
    }

    /// A character of a field value: visible, space, tab, or above ASCII (section 5.5).
    var isFieldValueCharacter: Bool { self >= 0x20 && self != 0x7f || self == 0x09 }
}
