internal import JSON

/// Reads the members of one object; members that nobody asked for are refused at the end.
///
/// A member that is null counts as absent.
struct FieldReader {
    let path: String
    private let members: [JSON.Member]
    private var asked: Set<String> = []

    init(_ json: JSON, path: String) throws(SDPError) {
        guard let members = json.members else {
            throw .badMember(path: path, expected: "an object")
        }
        self.members = members
        self.path = path
    }

    /// What an object holds, which has no members but those that `read` asks for.
    static func value<Value>(
        of json: JSON, path: String, _ read: (inout FieldReader) throws(SDPError) -> Value
    ) throws(SDPError) -> Value {
        var fields = try FieldReader(json, path: path)
        let value = try read(&fields)
        try fields.expectNoMore()
        return value
    }

    func path(_ name: String) -> String { path + "." + name }

    mutating func value(_ name: String) -> JSON? {
        asked.insert(name)
        guard let value = members.first(where: { $0.name == name })?.value, value != .null else {
            return nil
        }
        return value
    }

    /// A member that says what others say already, and is not read.
    mutating func ignore(_ name: String) { asked.insert(name) }

    mutating func optionalText(_ name: String) throws(SDPError) -> String? {
        guard let value = value(name) else { return nil }
        return try value.text(path: path(name))
    }

    mutating func text(_ name: String) throws(SDPError) -> String {
        guard let text = try optionalText(name) else {
            throw .badMember(path: path(name), expected: "a string")
        }
        return text
    }

    mutating func optionalNumber<Number: FixedWidthInteger>(
        _ name: String, as type: Number.Type = Number.self
    ) throws(SDPError) -> Number? {
        guard let value = value(name) else { return nil }
        return try Number(exactly: value, path: path(name))
    }

    mutating func number<Number: FixedWidthInteger>(
        _ name: String, as type: Number.Type = Number.self
    ) throws(SDPError) -> Number {
        guard let number = try optionalNumber(name, as: Number.self) else {
            throw .badMember(path: path(name), expected: "a whole number")
        }
        return number
    }

    mutating func array(_ name: String) throws(SDPError) -> [JSON] {
        guard let value = value(name) else { return [] }
        guard let array = value.array else {
            throw .badMember(path: path(name), expected: "an array")
        }
        return array
    }

    mutating func texts(_ name: String) throws(SDPError) -> [String] {
        try list(name) { value, path throws(SDPError) in try value.text(path: path) }
    }

    /// The elements of an array; none where it is absent.
    mutating func list<Element>(
        _ name: String, _ read: (JSON, String) throws(SDPError) -> Element
    ) throws(SDPError) -> [Element] {
        var elements: [Element] = []
        for (index, value) in try array(name).enumerated() {
            elements.append(try read(value, "\(path).\(name)[\(index)]"))
        }
        return elements
    }

    /// The elements of an array of objects; none where it is absent.
    mutating func objects<Element>(
        _ name: String, _ read: (inout FieldReader) throws(SDPError) -> Element
    ) throws(SDPError) -> [Element] {
        try list(name) { json, path throws(SDPError) in
            try FieldReader.value(of: json, path: path, read)
        }
    }

    mutating func parameters(_ name: String) throws(SDPError) -> Parameters {
        guard let value = value(name) else { return Parameters() }
        return try Parameters(value, path: path(name))
    }

    /// Every member must have been asked for.
    private func expectNoMore() throws(SDPError) {
        if let member = members.first(where: { !asked.contains($0.name) }) {
            throw .unknownMember(path: path(member.name))
        }
    }
}

extension JSON {
    /// The text of a string, or of a number: what was a string of digits may come back as one.
    var textOrDigits: String? {
        if case .number(let text) = self { text } else { string }
    }

    fileprivate func text(path: String) throws(SDPError) -> String {
        guard let textOrDigits else { throw .badMember(path: path, expected: "a string") }
        return textOrDigits
    }
}

extension Parameters {
    /// An object as `FieldWriter.parameters` writes it; false and null are no parameter.
    init(_ json: JSON, path: String) throws(SDPError) {
        guard let members = json.members else {
            throw .badMember(path: path, expected: "an object")
        }
        self.init()
        for member in members {
            let path = "\(path).\(member.name)"
            for value in member.value.array ?? [member.value] {
                switch value {
                case .bool(true): all.append(Parameter(member.name))
                case .bool(false), .null: break
                case .string(let text), .number(let text):
                    all.append(Parameter(member.name, text))
                case .array, .object, .raw:
                    throw .badMember(path: path, expected: "a string or true")
                }
            }
        }
    }
}

extension FixedWidthInteger {
    init(exactly json: JSON, path: String) throws(SDPError) {
        let number = json.textOrDigits.flatMap { DecimalNumber<Self>($0.utf8).value }
        guard let number else {
            throw .badMember(path: path, expected: "a whole number from 0 to \(Self.max)")
        }
        self = number
    }
}
