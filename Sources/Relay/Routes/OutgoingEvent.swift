internal import JSON
internal import Wire

/// An event between the sender's payload and what its peer gets.
struct OutgoingEvent: ~Copyable {
    let payload: EventPayload
    /// The row of the table.
    let route: Int
    let sender: Int
    let socket: SocketNumber
    /// The user to whom it goes; the sender, where a room was named.
    let target: Int
    /// The one connection to which it goes, where the sender named that.
    let targetSocket: SocketNumber?
    /// The message's id as a JSON string; empty for events that are no messages.
    var messageID: [UInt8]

    /// Leaves the payload's memory to another.
    consuming func leave(_ memory: inout EventPayload.Ranges) { payload.leave(&memory) }

    /// The bytes of the room's name, where the address field names a room.
    var room: ArraySlice<UInt8> { unquoted(payload.text[payload.address ?? 0..<0]) ?? [] }
}

extension RelayServer {
    /// The JSON text of a field of an event's row; nil where it was left out.
    func text(of field: String, in event: borrowing OutgoingEvent) -> ArraySlice<UInt8>? {
        let fields = routes[event.route].route.fields
        guard let index = fields.firstIndex(where: { $0.name == field }) else { return nil }
        let range = event.payload.fields[index]
        return range.isEmpty ? nil : event.payload.text[range]
    }

    /// What a template makes of an event: one argument, an object.
    mutating func compose(
        _ template: CompiledRoute.Template, _ message: borrowing OutgoingEvent
    )
        -> EventText
    {
        var bytes: [UInt8] = []
        compose(template, message, into: &bytes)
        return EventText(nameText: template.name, arguments: bytes)
    }

    /// The same, appended to a buffer.
    mutating func compose(
        _ template: CompiledRoute.Template, _ message: borrowing OutgoingEvent,
        into bytes: inout [UInt8]
    ) {
        bytes.reserveCapacity(message.payload.text.count + 256)
        bytes.append(0x7b)
        for index in template.parts.indices {
            append(template.parts[index], message, to: &bytes)
        }
        // The last member's comma becomes the end.
        if bytes.last == 0x2c { bytes.removeLast() }
        bytes.append(0x7d)
    }

    /// Appends the members that a part stands for, each with a comma after it.
    private mutating func append(
        _ part: borrowing CompiledPart, _ message: borrowing OutgoingEvent,
        to bytes: inout [UInt8]
    ) {
        let content = part.content
        if case .rest = content {
            for index in message.payload.rest.indices {
                bytes.append(contentsOf: message.payload.rest[index], of: message.payload.text)
                bytes.append(0x2c)
            }
            return
        }
        if case .field(let field) = content, message.payload.fields[field].isEmpty { return }
        bytes.append(contentsOf: part.prefix.span)
        append(content, otherwise: part.text.span, message, to: &bytes)
        bytes.append(0x2c)
    }

    private mutating func append(
        _ content: CompiledPart.Content, otherwise text: Span<UInt8>,
        _ message: borrowing OutgoingEvent,
        to bytes: inout [UInt8]
    ) {
        let empty = message.payload.text.startIndex..<message.payload.text.startIndex
        switch content {
        case .senderID: bytes.append(lent: directory.users[message.sender].idText)
        case .senderName: bytes.append(lent: directory.users[message.sender].nameText)
        case .senderEmail:
            bytes.append(contentsOf: quoted(directory[message.sender].account.email ?? ""))
        case .senderSocket: bytes.append(contentsOf: quoted(peers[message.socket]?.socketID ?? ""))
        case .addressed:
            bytes.append(contentsOf: message.payload.address ?? empty, of: message.payload.text)
        case .messageID: bytes.append(contentsOf: message.messageID.span)
        case .timestamp: bytes.append(contentsOf: timestampText.span)
        case .roomName: bytes.append(contentsOf: roomName(message.sender, message.target))
        case .constant: bytes.append(contentsOf: text)
        case .field(let index), .fieldOrText(let index):
            let range = message.payload.fields[index]
            if range.isEmpty {
                bytes.append(contentsOf: text)
            } else {
                bytes.append(contentsOf: range, of: message.payload.text)
            }
        case .rest: break
        }
    }

    /// `userId1_userId2`, the ids sorted by their bytes, as a JSON string.
    private func roomName(_ a: Int, _ b: Int) -> [UInt8] {
        let ids = [directory[a].account.id, directory[b].account.id].sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        return quoted(ids[0] + "_" + ids[1])
    }
}
