internal import JSON

/// The object of an event, read in one pass: where each field stands in the bytes that came, and
/// what is to be forwarded as it is.
struct EventPayload: ~Copyable {
    /// What an object has a number of; their memory serves one event after another.
    struct Ranges {
        fileprivate(set) var fields: [Range<Int>] = []
        fileprivate(set) var rest: [Range<Int>] = []

        /// Whether so little was needed that it may be kept.
        fileprivate var isSmall: Bool { fields.capacity + rest.capacity <= 128 }

        fileprivate mutating func clear(fieldCount: Int) {
            if !rest.isEmpty { rest.removeAll(keepingCapacity: true) }
            if fields.count != fieldCount {
                fields = Array(repeating: 0..<0, count: fieldCount)
            } else {
                for index in fields.indices { fields[index] = 0..<0 }
            }
        }
    }

    let text: ArraySlice<UInt8>
    /// The value that names the peer, quotes included; nil where the field is missing.
    private(set) var address: Range<Int>?
    private var ranges = Ranges()

    /// The value of each field of the route; empty where it was left out or is null.
    var fields: [Range<Int>] { ranges.fields }
    /// Members to forward, each with its name, in order; neighbours are joined.
    var rest: [Range<Int>] { ranges.rest }

    /// - Parameters:
    ///   - arguments: begins with the object, and is known to be UTF-8.
    ///   - members: of that object.
    ///   - memory: what an earlier event has left, which this one takes.
    static func read(
        _ arguments: ArraySlice<UInt8>, _ members: [JSONMember], for route: CompiledRoute,
        in memory: inout Ranges
    ) throws(EventError) -> EventPayload {
        var scanner = JSONScanner(arguments)
        guard scanner.peek() == 0x7b else { throw .malformed }
        var payload = EventPayload(arguments)
        swap(&payload.ranges, &memory)
        payload.ranges.clear(fieldCount: route.fields.count)
        try payload.note(members, for: route)
        return payload
    }

    private init(_ text: ArraySlice<UInt8>) { self.text = text }

    private mutating func note(
        _ members: [JSONMember], for route: CompiledRoute
    ) throws(EventError) {
        var (seen, present): (UInt64, UInt64) = (0, 0)
        var failure: EventError?
        for member in members {
            let whole = member.name.lowerBound - 1..<member.value.upperBound
            switch try Self.meaning(of: member, in: text, for: route) {
            case .reserved: endRun = true
            case .rest: forward(whole)
            case .address:
                if address != nil { failure = failure ?? .badField(route.route.address) }
                address = member.value
                endRun = true
            case .field(let index):
                let field: UInt64 = 1 << UInt64(index)
                let takesAll = route.fieldsOfAnyKind & field != 0
                if seen & field != 0
                    || !takesAll && !route.fields[index].matches(text[member.value])
                {
                    failure = failure ?? .badField(route.fields[index].name)
                }
                seen |= field
                if takesAll || text[member.value.lowerBound] != 0x6e
                    || route.fields[index].takesNull
                {
                    ranges.fields[index] = member.value
                    present |= field
                }
                if route.forwardedFields & field != 0 { forward(whole) } else { endRun = true }
            }
        }
        guard address != nil else { throw .missingField(route.route.address) }
        if let failure { throw failure }
        let missing = route.requiredFields & ~present
        guard missing == 0 else {
            throw .missingField(route.fields[missing.trailingZeroBitCount].name)
        }
    }

    /// Leaves its memory to another.
    consuming func leave(_ memory: inout Ranges) {
        if ranges.isSmall { swap(&ranges, &memory) }
    }

    /// The members of the object that `arguments` begins with.
    static func members(of arguments: ArraySlice<UInt8>) throws(EventError) -> [JSONMember] {
        var scanner = JSONScanner(arguments)
        var members: [JSONMember] = []
        do throws(JSONError) { try scanner.skipObject(noting: &members) } catch {
            throw .malformed
        }
        return members
    }

    /// Whether the next member starts a range of its own.
    private var endRun = true

    private mutating func forward(_ member: Range<Int>) {
        if endRun {
            ranges.rest.append(member)
            endRun = false
        } else {
            let last = ranges.rest.count - 1
            ranges.rest[last] = ranges.rest[last].lowerBound..<member.upperBound
        }
    }

    /// What a member's name means, its escapes undone, so that none hides what it is.
    private static func meaning(
        of member: JSONMember, in text: ArraySlice<UInt8>, for route: CompiledRoute
    ) throws(EventError) -> CompiledRoute.Meaning {
        guard member.nameHasEscapes else { return route.meaning(of: member.name, in: text) }
        var scanner = JSONScanner([0x22] + text[member.name] + [0x22])
        guard let name = try? scanner.string() else { throw .malformed }
        let bytes = Array(name.utf8)
        return route.meaning(of: bytes.indices, in: bytes[...])
    }
}

extension Field {
    /// The most digits and sign of a whole number: as many as 64 bits have.
    private static let integerByteCount = 20

    /// Whether any value will do.
    var isAny: Bool { if case .any = kind { true } else { false } }

    /// Whether null is a value of the field, and not a way to leave it out.
    var takesNull: Bool {
        switch kind {
        case .any, .textOrNull: true
        default: false
        }
    }

    /// Whether a JSON value is of this kind; null stands for a field that was left out.
    func matches(_ value: ArraySlice<UInt8>) -> Bool {
        guard let first = value.first else { return false }
        if first == 0x6e { return !isRequired || takesNull }
        switch kind {
        case .any: return true
        case .string: return first == 0x22
        case .text(let limit), .textOrNull(let limit):
            return first == 0x22 && value.count - 2 <= limit
        case .object: return first == 0x7b
        case .boolean: return first == 0x74 || first == 0x66
        case .integer:
            return value.count <= Self.integerByteCount
                && value.dropFirst(first == 0x2d ? 1 : 0).allSatisfy { (0x30...0x39).contains($0) }
        case .count(let range): return integer(value).map(range.contains) ?? false
        case .seconds:
            guard (0x30...0x39).contains(first), value.count <= Limits.secondsByteCount,
                let seconds = Double(String(decoding: value, as: UTF8.self))
            else { return false }
            return seconds <= Limits.longestCallSeconds
        case .sessionDescription: return Self.isSessionDescription(value)
        case .oneOf(let words):
            guard first == 0x22 else { return false }
            let scanner = JSONScanner(value)
            return words.contains {
                scanner.isText(value.startIndex + 1..<value.endIndex - 1, $0)
            }
        case .messageID:
            guard first == 0x22, let id = unquoted(value) else { return false }
            return (1...Limits.messageIDByteCount).contains(id.count)
                && id.allSatisfy { (0x20...0x7E).contains($0) }
        }
    }
}

extension Field {
    private static func isSessionDescription(_ value: ArraySlice<UInt8>) -> Bool {
        var scanner = JSONScanner(value)
        let names = scanner
        var (types, descriptions) = (0, 0)
        guard value.first == 0x7b else { return false }
        do throws(JSONError) {
            try scanner.members { name, member throws(JSONError) in
                let isString = value[member.lowerBound] == 0x22
                if names.isText(name, "type") { types += isString ? 1 : 2 }
                if names.isText(name, "sdp") { descriptions += isString ? 1 : 2 }
            }
        } catch { return false }
        return types == 1 && descriptions == 1
    }
}

/// The value of a JSON number that is whole and has 64 bits or fewer; nil for another value.
func integer(_ value: ArraySlice<UInt8>) -> Int? {
    // "+1" is no number of JSON, though Int would read it.
    value.first == 0x2b ? nil : Int(String(decoding: value, as: UTF8.self))
}

/// The bytes that a JSON string stands for; nil for another value.
func unquoted(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard value.count >= 2, value.first == 0x22 else { return nil }
    let inside = value[value.startIndex &+ 1..<value.endIndex &- 1]
    if isPlainText(inside.span) { return inside }
    var scanner = JSONScanner(value)
    guard let text = try? scanner.string() else { return nil }
    return Array(text.utf8)[...]
}
