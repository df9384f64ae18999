internal import JSON

/// What an EVENT or an ACK carries, checked and taken apart.
struct Payload {
    /// The event's name, in UTF-8; empty for an ACK.
    var name: ArraySlice<UInt8> = []
    /// The JSON texts of the arguments with commas between, as they came.
    var arguments: ArraySlice<UInt8>

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
            case 0x22:
                let (range, hasEscapes) = try scanner.rawString()
                name = text[range]
                if hasEscapes { name = try Self.unescaped(name) }
            case .some(0x30...0x39): name = text[try scanner.number()]
            default: throw .unexpectedEnd
            }
            arguments = []
            if !scanner.takeIf(0x5d) {
                try scanner.expect(0x2c)
                arguments = try Self.values(&scanner, noting: &members)
            }
            try scanner.expectEnd()
        } catch {
            throw .malformedPacket
        }
        guard !name.isEmpty, !Self.isReserved(name) else { throw .badEventName }
    }

    /// Reads `[…]`.
    init(ack text: ArraySlice<UInt8>) throws(SocketIOError) {
        var scanner = JSONScanner(text)
        var members: [JSONMember] = []
        do throws(JSONError) {
            try scanner.expect(0x5b)
            arguments =
                scanner.takeIf(0x5d) ? [] : try Self.values(&scanner, noting: &members)
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
    ) throws(JSONError) -> ArraySlice<UInt8> {
        let first =
            scanner.peek() == 0x7b
            ? try scanner.skipObject(noting: &members) : try scanner.skipValue()
        var end = first.upperBound
        while !scanner.takeIf(0x5d) {
            try scanner.expect(0x2c)
            end = try scanner.skipValue().upperBound
        }
        return scanner.text[first.lowerBound..<end]
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
struct PendingPacket {
    let type: PacketType
    let ackID: UInt64?
    let payload: [UInt8]
    let attachmentCount: Int
    /// On a server, whose it is.
    let socket: Socket?
    var attachments: [[UInt8]] = []
    var byteCount = 0

    init(_ packet: Packet, for socket: Socket?) throws(SocketIOError) {
        type = packet.type
        ackID = packet.ackID
        payload = Array(packet.payload)
        attachmentCount = packet.attachmentCount
        self.socket = socket
        try Payload.checkPlaceholders(packet.payload, count: packet.attachmentCount)
    }

    var isComplete: Bool { attachments.count == attachmentCount }

    mutating func append(
        _ bytes: ArraySlice<UInt8>, limit: Int
    ) throws(SocketIOError) {
        byteCount += bytes.count
        guard byteCount <= limit else { throw .tooManyAttachments }
        attachments.append(Array(bytes))
    }
}
