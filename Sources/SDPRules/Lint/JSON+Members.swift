import JSON

extension [JSON.Member] {
    mutating func append(_ name: String, _ text: String?) {
        if let text { append(.init(name, .string(text))) }
    }
    mutating func append(_ name: String, _ number: (some BinaryInteger)?) {
        if let number { append(.init(name, .integer(number))) }
    }
    mutating func append(_ name: String, _ value: Bool?) {
        if let value { append(.init(name, .bool(value))) }
    }
    /// Lists are there when empty, so that who reads them need not ask.
    mutating func append(_ name: String, _ texts: [String]) {
        append(.init(name, .array(texts.map { .string($0) })))
    }
}
