/// A route made ready for the way of a message: all text it writes is bytes already, and all
/// names that it reads are found by their bytes.
final class CompiledRoute: Sendable {
    /// What a member's name means to this route.
    enum Meaning: Equatable {
        case address
        case field(Int)
        /// A name that only the relay may write, or that the message id took the place of.
        case reserved
        case rest
    }

    final class Template: Sendable {
        let name: [UInt8]
        let parts: [CompiledPart]

        init(name: [UInt8], parts: [CompiledPart]) {
            self.name = name
            self.parts = parts
        }
    }

    let route: Route
    /// Whether it calls somebody.
    let isCall: Bool
    let fields: [Field]
    let peerGets: Template?
    let senderGets: Template?
    let whenComplete: String?
    let messageIDField: Int?
    /// The number of a part of a message, and how many parts there are.
    let partField: Int?
    let partCountField: Int?
    let requiredFields: UInt64
    /// Fields whose values are not looked at; null is a value of theirs.
    let fieldsOfAnyKind: UInt64
    /// Fields that `rest` forwards with their names, since no other part writes them.
    let forwardedFields: UInt64
    private let names: [Name]

    private struct Name {
        let text: [UInt8]
        let meaning: Meaning
        /// `text.head`, by which almost all other names are told from it.
        let head: UInt64
    }

    init(_ route: Route) {
        self.route = route
        isCall = AlertRule.callEvents.contains(route.event)
        fields = route.fields
        peerGets = route.peerGets.map { Self.template($0, route) }
        senderGets = route.senderGets.map { Self.template($0, route) }
        whenComplete = route.whenComplete
        messageIDField = route.fields.firstIndex { $0.name == "messageId" }
        partField = route.fields.firstIndex { $0.name == "chunkNumber" }
        partCountField = route.fields.firstIndex { $0.name == "totalChunks" }
        precondition(route.fields.count < 64 && !route.addresses.isEmpty)
        requiredFields = route.fields.enumerated().reduce(0) {
            $1.element.isRequired ? $0 | 1 << UInt64($1.offset) : $0
        }
        fieldsOfAnyKind = route.fields.enumerated().reduce(0) {
            $1.element.isAny ? $0 | 1 << UInt64($1.offset) : $0
        }
        let written = Set((route.peerGets?.parts ?? []).compactMap(\.writtenName))
        forwardedFields = route.fields.enumerated().reduce(0) {
            written.contains($1.element.name) ? $0 : $0 | 1 << UInt64($1.offset)
        }
        names = Self.names(of: route)
    }

    /// What the member is whose name stands there, by its bytes between the quotes.
    func meaning(of name: Range<Int>, in text: ArraySlice<UInt8>) -> Meaning {
        let wanted = head(of: name, in: text)
        for index in names.indices where names[index].head == wanted {
            // The head holds all of a short name.
            if name.count <= 7 || names[index].text.elementsEqual(text[name]) {
                return names[index].meaning
            }
        }
        return .rest
    }

    private static func names(of route: Route) -> [Name] {
        var names: [Name] = []
        func add(_ name: String, _ meaning: Meaning) {
            for spelling in [name.snakeCase, name.camelCase].map({ Array($0.utf8) })
            where !names.contains(where: { $0.text == spelling }) {
                names.append(
                    Name(
                        text: spelling, meaning: meaning,
                        head: head(of: spelling.indices, in: spelling[...])))
            }
        }
        for address in route.addresses { add(address, .address) }
        for (index, field) in route.fields.enumerated() { add(field.name, .field(index)) }
        for case .some(let name) in (route.peerGets?.parts ?? []).map(\.writtenName) {
            add(name, .reserved)
        }
        return names
    }

    private static func template(_ event: Route.Event, _ route: Route) -> Template {
        Template(
            name: Array(event.name.utf8),
            parts: event.parts.map { CompiledPart($0, fields: route.fields) })
    }
}

/// A part with its name as bytes, `"senderId":`, and its field as an index.
struct CompiledPart {
    enum Content {
        case senderID, senderName, senderEmail, senderSocket
        case addressed, messageID, timestamp, roomName, rest
        case constant
        case field(Int)
        case fieldOrText(Int)
    }

    let prefix: [UInt8]
    let content: Content
    /// The constant, or what stands for a field that was left out.
    let text: [UInt8]

    init(_ part: Part, fields: [Field]) {
        prefix = part.writtenName.map { Array("\"\($0)\":".utf8) } ?? []
        func index(_ name: String) -> Int {
            guard let index = fields.firstIndex(where: { $0.name == name }) else {
                preconditionFailure("no field \(name) in the route")
            }
            return index
        }
        text =
            switch part {
            case .constant(_, let text), .fieldOr(_, let text): Array(text.utf8)
            default: []
            }
        content =
            switch part {
            case .senderID: .senderID
            case .senderName: .senderName
            case .senderEmail: .senderEmail
            case .senderSocket: .senderSocket
            case .addressed: .addressed
            case .messageID: .messageID
            case .timestamp: .timestamp
            case .roomName: .roomName
            case .rest: .rest
            case .constant: .constant
            case .field(let name): .field(index(name))
            case .fieldOr(let name, _): .fieldOrText(index(name))
            }
    }
}

extension Part {
    /// The name of the member that this part writes.
    var writtenName: String? {
        switch self {
        case .senderID(let name), .senderName(let name), .senderEmail(let name),
            .senderSocket(let name), .addressed(let name), .messageID(let name),
            .timestamp(let name), .roomName(let name),
            .constant(let name, _), .field(let name), .fieldOr(let name, _):
            name
        case .rest: nil
        }
    }
}

/// The length and the first seven bytes of a name in one word.
private func head(of name: Range<Int>, in text: ArraySlice<UInt8>) -> UInt64 {
    let length = UInt64(truncatingIfNeeded: name.count) << 56
    let start = name.lowerBound &- text.startIndex
    return unsafe text.withUnsafeBytes { bytes in
        guard start >= 0, start &+ 8 <= bytes.count else {
            return text[name].prefix(7).reversed().reduce(0) { $0 << 8 | UInt64($1) } | length
        }
        let word = unsafe bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        let bitCount = UInt64(min(7, name.count)) * 8
        return UInt64(littleEndian: word) & (1 << bitCount &- 1) | length
    }
}

extension String {
    /// `receiverId` for `receiver_id`.
    var camelCase: String {
        let words = split(separator: "_")
        return words.dropFirst().reduce(String(words.first ?? "")) {
            $0 + $1.prefix(1).uppercased() + $1.dropFirst()
        }
    }

    /// `receiver_id` for `receiverId`.
    var snakeCase: String {
        reduce("") { $1.isUppercase ? $0 + "_" + $1.lowercased() : $0 + String($1) }
    }
}
