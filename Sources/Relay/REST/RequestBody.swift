internal import HTTP
internal import JSON

/// The JSON object of a REST request. A member's name may be spelt either way, `thread_id` or
/// `threadId`.
struct RequestBody {
    private let members: [JSON.Member]

    /// - Parameter isOptional: whether the request may come without a body.
    init(_ body: [UInt8], isOptional: Bool = false) throws(RESTError) {
        if body.isEmpty, isOptional {
            members = []
            return
        }
        // What is passed on unread passes over a socket, too.
        guard let object = try? JSON(parsing: body[...], keepsHalfPairs: true),
            let members = object.members
        else { throw .notJSON }
        self.members = members
    }

    /// A member that is there and not null, by the first of these names that is there.
    func value(_ names: String...) -> JSON? {
        for name in names {
            let spellings = [name, name.snakeCase, name.camelCase]
            let member = members.first { spellings.contains($0.name) && $0.value != .null }
            if let member { return member.value }
        }
        return nil
    }

    func text(_ name: String, _ length: ClosedRange<Int>) throws(RESTError) -> String {
        guard let text = try optionalText(name, length) else {
            throw .missingField(name)
        }
        return text
    }

    func optionalText(_ name: String, _ length: ClosedRange<Int>) throws(RESTError) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string, length.contains(text.utf8.count) else {
            throw .badField(
                name, "\(name) must be text of \(length.lowerBound) to \(length.upperBound) bytes")
        }
        return text
    }

    /// A text that is passed on and not read, and so need be none of Unicode.
    func opaqueText(_ name: String, _ length: ClosedRange<Int>) throws(RESTError) -> JSON {
        if let value = value(name), case .raw = value { return value }
        return .string(try text(name, length))
    }

    /// A whole number from 1.
    func count(_ name: String) throws(RESTError) -> Int64 {
        guard let value = value(name) else { throw .missingField(name) }
        guard let number = value.integer, number > 0 else {
            throw .badField(name, "\(name) must be a whole number above zero")
        }
        return number
    }

    /// The text of a value that was sealed by a client, whatever it is.
    func sealed(_ names: [String], limit: Int) throws(RESTError) -> String? {
        for name in names {
            guard let value = value(name) else { continue }
            return try Self.sealed(value, name, limit: limit)
        }
        return nil
    }

    static func sealed(_ value: JSON, _ name: String, limit: Int) throws(RESTError) -> String {
        let text = value.text
        guard text.utf8.count <= limit else {
            throw .badField(name, "\(name) must have at most \(limit) bytes")
        }
        return text
    }

    /// The members that none of these names is of, in either spelling.
    func rest(without names: [String]) -> [JSON.Member] {
        let taken = Set(names.flatMap { [$0, $0.snakeCase, $0.camelCase] })
        return members.filter { !taken.contains($0.name) }
    }
}

extension RESTRequest {
    /// How many are wanted of a list, by `limit`.
    func pageCount(of range: ClosedRange<Int>, default count: Int) throws(RESTError) -> Int {
        guard let text = query["limit"] else { return count }
        guard let wanted = Int(text), wanted >= range.lowerBound else {
            throw .badField("limit", "limit must be a number from \(range.lowerBound)")
        }
        return min(wanted, range.upperBound)
    }

    /// Which messages are wanted, by `after` or `before`, an id of a message.
    func pageStart() throws(RESTError) -> HistoryPage.Start {
        let (after, before) = (try messageID("after"), try messageID("before"))
        if let after { return .after(after) }
        return before.map { .before($0) } ?? .first
    }

    /// The id of a message that the relay named; nil where there is none, or an empty one.
    private func messageID(_ name: String) throws(RESTError) -> String? {
        guard let id = query[name], !id.isEmpty else { return nil }
        guard id.utf8.count == HistoryEntry.idByteCount,
            id.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { throw .badField(name, "\(name) must be the id of a message") }
        return id
    }

    /// The number after which a list begins, by `after`; 0 where there is none, or an empty one.
    func pageNumber() throws(RESTError) -> Int64 {
        guard let text = query["after"], !text.isEmpty else { return 0 }
        guard let number = Int64(text), number >= 0 else {
            throw .badField("after", "after must be the next of another page")
        }
        return number
    }
}
