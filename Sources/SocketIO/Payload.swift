internal import JSON

/// What an EVENT or an ACK carries, checked and taken apart.
struct Payload {
    /// Empty for an ACK.
    var name = ""
    /// The JSON texts of the arguments with commas between, as they came.
    var arguments: ArraySlice<UInt8>

    /// Names that mean something to clients of their own accord; a peer must not make them up.
    static let reservedNames: Set<String> = [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    ]

    /// Reads `["name",…]`.
    init(event text: ArraySlice<UInt8>) throws(SocketIOError) {
        var scanner = JSONScanner(text)
        do throws(JSONError) {
            try scanner.expect(0x5b)
            switch scanner.peek() {
            case 0x22: name = try Self.string(&scanner)
            case .some(0x30...0x39):
                name = String(decoding: text[try scanner.number()], as: UTF8.self)
            default: throw .unexpectedEnd
            }
            arguments = []
            if !scanner.takeIf(0x5d) {
                try scanner.expect(0x2c)
                arguments = try Self.values(&scanner)
            }
            try scanner.expectEnd()
        } catch {
            throw .malformedPacket
        }
        guard !name.isEmpty, !Self.reservedNames.contains(name) else { throw .badEventName }
    }

    /// Reads `[…]`.
    init(ack text: ArraySlice<UInt8>) throws(SocketIOError) {
        var scanner = JSONScanner(text)
        do throws(JSONError) {
            try scanner.expect(0x5b)
            arguments = scanner.takeIf(0x5d) ? [] : try Self.values(&scanner)
            try scanner.expectEnd()
        } catch {
            throw .malformedPacket
        }
    }

    /// A string of a text that is known to be UTF-8.
    private static func string(_ scanner: inout JSONScanner) throws(JSONError) -> String {
        var ahead = scanner
        let (range, hasEscapes) = try ahead.rawString()
        if hasEscapes { return try scanner.string() }
        scanner = ahead
        return String(decoding: scanner.text[range], as: UTF8.self)
    }

    /// Passes over one value or more, up to the end of the array.
    private static func values(
        _ scanner: inout JSONScanner
    ) throws(JSONError) -> ArraySlice<UInt8> {
        let first = try scanner.skipValue()
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
