internal import JSON

/// What an EVENT or an ACK carries, checked and taken apart.
struct Payload {
    /// Where the event's name stands, without quotes; empty for an ACK.
    private let name: Range<Int>
    private let nameHasEscapes: Bool
    /// Where the JSON texts of the arguments stand, with commas between.
    let arguments: Range<Int>

    /// Names that mean something to clients of their own accord; a peer must not make them up.
    static let reservedNames: [StaticString] = [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    ]

    /// Reads `["name",…]`.
    ///
    /// - Parameter members: gets the members of the first argument, where that is an object.
    init(
        event text: ArraySlice<UInt8>, noting members: inout [JSONMember]
    ) throws(SocketIOError) {
        var scanner = JSONScanner(text)
        do throws(JSONError) {
            try scanner.expect(0x5b)
            switch scanner.peek() {
            case 0x22: (name, nameHasEscapes) = try scanner.rawString()
            case .some(0x30...0x39): (name, nameHasEscapes) = (try scanner.number(), false)
            default: throw .unexpectedEnd
            }
            if scanner.takeIf(0x5d) {
                arguments = scanner.text.endIndex..<scanner.text.endIndex
            } else {
                try scanner.expect(0x2c)
                arguments = try Self.values(&scanner, noting: &members)
            }
            try scanner.expectEnd()
        } catch {
            throw .malformedPacket
        }
        guard !name.isEmpty else { throw .badEventName }
        // Most other names are told from the reserved ones by their first byte.
        switch scanner.text[name.lowerBound] {
        case 0x5c, 0x63, 0x64, 0x6e, 0x72:
            if Self.isReserved(try self.name(in: scanner.text)) { throw .badEventName }
        default: break
        }
    }

    /// The name in UTF-8, where the text is the one that was read.
    func name(in text: ArraySlice<UInt8>) throws(SocketIOError) -> ArraySlice<UInt8> {
        guard nameHasEscapes else { return text[name] }
        do { return try Self.unescaped(text[name]) } catch { throw .malformedPacket }
    }

    /// Reads `[…]`.
    init(ack text: ArraySlice<UInt8>) throws(SocketIOError) {
        var scanner = JSONScanner(text)
        var members: [JSONMember] = []
        name = text.startIndex..<text.startIndex
        nameHasEscapes = false
        do throws(JSONError) {
            try scanner.expect(0x5b)
            arguments =
                scanner.takeIf(0x5d)
                ? text.endIndex..<text.endIndex : try Self.values(&scanner, noting: &members)
            try scanner.expectEnd()
        } catch {
            throw .malformedPacket
        }
    }

    private static func isReserved(_ name: ArraySlice<UInt8>) -> Bool {
        let scanner = JSONScanner(name)
        return reservedNames.contains { scanner.isText(name.startIndex..<name.endIndex, $0) }
    }

    private static func unescaped(
        _ name: ArraySlice<UInt8>
    ) throws(JSONError) -> ArraySlice<UInt8> {
        var scanner = JSONScanner([0x22] + name + [0x22])
        return Array(try scanner.string().utf8)[...]
    }

    /// Passes over one value or more, up to the end of the array.
    private static func values(
        _ scanner: inout JSONScanner, noting members: inout [JSONMember]
    ) throws(JSONError) -> Range<Int> {
        let first =
            scanner.peek() == 0x7b
            ? try scanner.skipObject(noting: &members) : try scanner.skipValue()
        var end = first.upperBound
        while !scanner.takeIf(0x5d) {
            try scanner.expect(0x2c)
            end = try scanner.skipValue().upperBound
        }
        return first.lowerBound..<end
    }

    /// Whether a text is a JSON object and nothing else.
    static func isObject(_ text: ArraySlice<UInt8>) -> Bool {
        var scanner = JSONScanner(text)
        guard scanner.peek() == 0x7b, (try? scanner.skipValue()) != nil else { return false }
        return (try? scanner.expectEnd()) != nil
    }

    /// Checks that the placeholders of a packet name each of its attachments once.
    static func checkPlaceholders(
        _ text: ArraySlice<UInt8>, count: Int
    ) throws(SocketIOError) {
        guard let value = try? JSON(parsing: text) else { throw .malformedPacket }
        var named = [Bool](repeating: false, count: count)
        try check(value, &named)
        guard named.allSatisfy({ $0 }) else { throw .badPlaceholder }
    }

    private static func check(_ value: JSON, _ named: inout [Bool]) throws(SocketIOError) {
        switch value {
        case .array(let values):
            for value in values { try check(value, &named) }
        case .object(let members) where value["_placeholder"] == .bool(true):
            guard members.count == 2, let number = value["num"]?.integer, number >= 0,
                number < named.count, !named[Int(number)]
            else { throw .badPlaceholder }
            named[Int(number)] = true
        case .object(let members):
            for member in members { try check(member.value, &named) }
        default: return
        }
    }
}

/// A packet whose attachments are still to come.
final class PendingPacket {
    let type: PacketType
    let ackID: UInt64?
    let payload: [UInt8]
    let attachmentCount: Int
    /// On a server, whose it is.
    let socket: Socket?
    var attachments: [[UInt8]] = []
    var byteCount = 0

    init(
        _ packet: Packet, _ payload: ArraySlice<UInt8>, for socket: Socket?
    ) throws(SocketIOError) {
        type = packet.type
        ackID = packet.ackID
        self.payload = Array(payload)
        attachmentCount = packet.attachmentCount
        self.socket = socket
        try Payload.checkPlaceholders(payload, count: packet.attachmentCount)
    }

    var isComplete: Bool { attachments.count == attachmentCount }

    func append(
        _ bytes: ArraySlice<UInt8>, limit: Int
    ) throws(SocketIOError) {
        byteCount += bytes.count
        guard byteCount <= limit else { throw .tooManyAttachments }
        attachments.append(Array(bytes))
    }
}
