/// A JSON value (RFC 8259), its members in the order they were written.
public enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    /// The number as it was written, so that no digit is lost.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])
    /// A value's text as it was written, which nobody here reads.
    case raw([UInt8])

    public struct Member: Equatable, Sendable {
        public var name: String
        public var value: JSON

        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// The value of the member with this name, of an object that has one.
    public subscript(_ name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var array: [JSON]? { if case .array(let values) = self { values } else { nil } }
    public var members: [Member]? { if case .object(let members) = self { members } else { nil } }

    /// The number, if it is a whole one written without fraction or exponent and fits.
    public var integer: Int64? { if case .number(let text) = self { Int64(text) } else { nil } }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral text: String) { self = .string(text) }
    public init(integerLiteral value: Int64) { self = .number(String(value)) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral values: JSON...) { self = .array(values) }
    public init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(members.map { Member($0.0, $0.1) })
    }

    public static func integer(_ value: some BinaryInteger) -> JSON { .number(String(value)) }
}
