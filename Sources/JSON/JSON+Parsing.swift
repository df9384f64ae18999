extension JSONScanner {
    /// Reads one value of any kind into a tree.
    ///
    /// - Parameter keepsHalfPairs: whether a string with half a surrogate pair, which is no text, is
    ///   a `raw` value; else it is an error.
    /// - Throws: also `duplicateName`, since readers differ about which of the two counts.
    public mutating func value(keepsHalfPairs: Bool = false) throws(JSONError) -> JSON {
        try value(depth: 0, keepsHalfPairs)
    }

    private mutating func value(depth: Int, _ keepsHalfPairs: Bool) throws(JSONError) -> JSON {
        guard depth < Self.maximumDepth else { throw .tooDeep(at: offset) }
        switch peek() {
        case 0x22: return try stringValue(keepsHalfPairs)
        case 0x7b: return .object(try object(depth: depth, keepsHalfPairs))
        case 0x5b:
            position &+= 1
            var values: [JSON] = []
            if takeIf(0x5d) { return .array([]) }
            repeat { values.append(try value(depth: depth + 1, keepsHalfPairs)) } while takeIf(0x2c)
            try expect(0x5d)
            return .array(values)
        case 0x74:
            try literal("true")
            return .bool(true)
        case 0x66:
            try literal("false")
            return .bool(false)
        case 0x6e:
            try literal("null")
            return .null
        case nil: throw .unexpectedEnd
        default: return .number(String(decoding: text[try number()], as: UTF8.self))
        }
    }

    /// A string whose quote is next.
    private mutating func stringValue(_ keepsHalfPairs: Bool) throws(JSONError) -> JSON {
        let start = position
        do throws(JSONError) { return .string(try string()) } catch {
            guard keepsHalfPairs, case .badEscape = error else { throw error }
            // It throws again where the escape is broken.
            position = start
            _ = try rawString()
            return .raw(Array(text[start..<position]))
        }
    }

    private mutating func object(
        depth: Int, _ keepsHalfPairs: Bool
    ) throws(JSONError) -> [JSON.Member] {
        position &+= 1
        var members: [JSON.Member] = []
        var names: Set<String> = []
        if takeIf(0x7d) { return [] }
        repeat {
            let name = try string()
            guard names.insert(name).inserted else { throw .duplicateName(name) }
            try expect(0x3a)
            members.append(JSON.Member(name, try value(depth: depth + 1, keepsHalfPairs)))
        } while takeIf(0x2c)
        try expect(0x7d)
        return members
    }
}

extension JSON {
    /// Reads a whole text that is one value, as `JSONScanner.value` does.
    public init(
        parsing text: ArraySlice<UInt8>, keepsHalfPairs: Bool = false
    ) throws(JSONError) {
        guard JSONScanner.isUTF8(text) else { throw .notUTF8 }
        var scanner = JSONScanner(text)
        self = try scanner.value(keepsHalfPairs: keepsHalfPairs)
        try scanner.expectEnd()
    }

    public init(parsing text: [UInt8]) throws(JSONError) { try self.init(parsing: text[...]) }
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }
}
