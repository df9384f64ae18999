internal import JSON

/// The object of an event, read in one pass: where each field stands in the bytes that came, and
/// what is to be forwarded as it is.
struct EventPayload {
    let text: ArraySlice<UInt8>
    /// The value that names the peer, quotes included; nil where the field is missing.
    private(set) var address: Range<Int>?
    /// The value of each field of the route; empty where it was left out or is null.
    private(set) var fields: [Range<Int>]
    /// Members to forward, each with its name, in order; neighbours are joined.
    private(set) var rest: [Range<Int>] = []

    /// - Parameters:
    ///   - arguments: begins with the object, and is known to be UTF-8.
    ///   - members: of that object.
    init(
        _ arguments: ArraySlice<UInt8>, _ members: [JSONMember], for route: CompiledRoute
    ) throws(EventError) {
        var scanner = JSONScanner(arguments)
        guard scanner.peek() == 0x7b else { throw .malformed }
        text = arguments
        fields = Array(repeating: 0..<0, count: route.fields.count)
        var seen: UInt64 = 0
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
                let value = text[member.value]
                if seen & 1 << UInt64(index) != 0 || !route.fields[index].matches(value) {
                    failure = failure ?? .badField(route.fields[index].name)
                }
                seen |= 1 << UInt64(index)
                if value.first != 0x6e || route.fields[index].takesNull {
                    fields[index] = member.value
                }
                if route.forwardedFields & 1 << UInt64(index) != 0 {
                    forward(whole)
                } else {
                    endRun = true
                }
            }
        }
        if let failure { throw failure }
        guard address != nil else { throw .missingField(route.route.address) }
        for index in fields.indices where fields[index].isEmpty && route.fields[index].isRequired {
            throw .missingField(route.fields[index].name)
        }
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
            rest.append(member)
            endRun = false
        } else {
            rest[rest.count - 1] = rest[rest.count - 1].lowerBound..<member.upperBound
        }
    }

    /// What a member's name means, its escapes undone, so that none hides what it is.
    private static func meaning(
        of member: JSONMember, in text: ArraySlice<UInt8>, for route: CompiledRoute
    ) throws(EventError) -> CompiledRoute.Meaning {
        guard member.nameHasEscapes else { return route.meaning(of: text[member.name]) }
        var scanner = JSONScanner([0x22] + text[member.name] + [0x22])
        guard let name = try? scanner.string() else { throw .malformed }
        return route.meaning(of: Array(name.utf8)[...])
    }
}

extension Field {
    /// The most digits and sign of a whole number: as many as 64 bits have.
    private static let integerByteCount = 20

    /// Whether null is a value of the field, and not a way to leave it out.
    var takesNull: Bool { if case .any = kind { true } else { false } }

    /// Whether a JSON value is of this kind; null stands for a field that was left out.
    func matches(_ value: ArraySlice<UInt8>) -> Bool {
        guard let first = value.first else { return false }
        if first == 0x6e { return !isRequired || takesNull }
        switch kind {
        case .any: return true
        case .string: return first == 0x22
        case .text(let limit): return first == 0x22 && value.count - 2 <= limit
        case .object: return first == 0x7b
        case .boolean: return first == 0x74 || first == 0x66
        case .integer:
            return value.count <= Self.integerByteCount
                && value.dropFirst(first == 0x2d ? 1 : 0).allSatisfy { (0x30...0x39).contains($0) }
        case .count(let range): return integer(value).map(range.contains) ?? false
        case .seconds: return (0x30...0x39).contains(first)
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
    let inside = value.dropFirst().dropLast()
    guard inside.contains(0x5c) else { return inside }
    var scanner = JSONScanner(value)
    guard let text = try? scanner.string() else { return nil }
    return Array(text.utf8)[...]
}
