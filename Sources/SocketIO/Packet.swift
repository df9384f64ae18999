/// The kinds of Socket.IO packets (protocol 5); the raw value is the character that leads one.
enum PacketType: UInt8 {
    case connect = 0x30
    case disconnect = 0x31
    case event = 0x32
    case ack = 0x33
    case connectError = 0x34
    case binaryEvent = 0x35
    case binaryAck = 0x36

    var isBinary: Bool { self == .binaryEvent || self == .binaryAck }
}

/// A packet taken apart, its payload not looked at yet:
/// `<type>[<attachments>-][<namespace>,][<acknowledgement id>][JSON]`.
struct Packet {
    /// The most attachments of a packet, as in the reference implementation.
    static let maximumAttachmentCount = 10
    /// The longest namespace, in bytes.
    static let maximumNamespaceByteCount = 256
    /// JavaScript counts no further without loss.
    static let maximumAckID: UInt64 = 1 << 53 - 1

    var type: PacketType
    var attachmentCount = 0
    /// With its slash; empty for the main namespace.
    var namespace: ArraySlice<UInt8> = []
    var ackID: UInt64?
    var payload: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) throws(SocketIOError) {
        guard let first = text.first, let type = PacketType(rawValue: first) else {
            throw .malformedPacket
        }
        self.type = type
        payload = text[(text.startIndex &+ 1)...]
        if type.isBinary { attachmentCount = try takeAttachmentCount() }
        if payload.first == 0x2f { namespace = try takeNamespace() }
        ackID = try takeNumber(limit: Self.maximumAckID)
    }

    private mutating func takeAttachmentCount() throws(SocketIOError) -> Int {
        guard let count = try takeNumber(limit: UInt64(Int32.max)), payload.first == 0x2d else {
            throw .malformedPacket
        }
        payload.removeFirst()
        guard count <= UInt64(Self.maximumAttachmentCount) else { throw .tooManyAttachments }
        return Int(count)
    }

    /// Up to the comma, or to the end. A query after the name is passed over.
    private mutating func takeNamespace() throws(SocketIOError) -> ArraySlice<UInt8> {
        let whole = payload.prefix { $0 != 0x2c }
        guard whole.count <= Self.maximumNamespaceByteCount else { throw .malformedPacket }
        payload = payload[whole.endIndex...].dropFirst()
        let name = whole.prefix { $0 != 0x3f }
        return name.count == 1 ? [] : name
    }

    private mutating func takeNumber(limit: UInt64) throws(SocketIOError) -> UInt64? {
        var value: UInt64 = 0
        let start = payload.startIndex
        var at = start
        while at < payload.endIndex, (0x30...0x39).contains(payload[at]) {
            value = value &* 10 &+ UInt64(payload[at] &- 0x30)
            guard value <= limit, at &- start < 16 else { throw .malformedPacket }
            at &+= 1
        }
        guard at > start else { return nil }
        payload = payload[at...]
        return value
    }
}
