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
    /// Where the namespace stands, with its slash; empty for the main namespace.
    private(set) var namespace: Range<Int>
    private(set) var ackID: UInt64?
    /// Where the payload stands.
    private(set) var payload: Range<Int>

    init(_ text: borrowing ArraySlice<UInt8>) throws(SocketIOError) {
        guard let first = text.first, let type = PacketType(rawValue: first) else {
            throw .malformedPacket
        }
        self.type = type
        payload = text.startIndex &+ 1..<text.endIndex
        namespace = payload.lowerBound..<payload.lowerBound
        if type.isBinary { attachmentCount = try takeAttachmentCount(text) }
        if next(text) == 0x2f { namespace = try takeNamespace(text) }
        ackID = try takeNumber(text, limit: Self.maximumAckID)
    }

    private func next(_ text: ArraySlice<UInt8>) -> UInt8? {
        payload.isEmpty ? nil : text[payload.lowerBound]
    }

    private mutating func takeAttachmentCount(
        _ text: ArraySlice<UInt8>
    ) throws(SocketIOError) -> Int {
        guard let count = try takeNumber(text, limit: UInt64(Int32.max)), next(text) == 0x2d else {
            throw .malformedPacket
        }
        payload = payload.dropFirst()
        guard count <= UInt64(Self.maximumAttachmentCount) else { throw .tooManyAttachments }
        return Int(count)
    }

    /// Up to the comma, or to the end. A query after the name is passed over.
    private mutating func takeNamespace(
        _ text: ArraySlice<UInt8>
    ) throws(SocketIOError) -> Range<Int> {
        let whole = text[payload].prefix { $0 != 0x2c }
        guard whole.count <= Self.maximumNamespaceByteCount else { throw .malformedPacket }
        payload = (whole.endIndex..<payload.upperBound).dropFirst()
        let name = whole.prefix { $0 != 0x3f }
        return name.startIndex..<(name.count == 1 ? name.startIndex : name.endIndex)
    }

    private mutating func takeNumber(
        _ text: ArraySlice<UInt8>, limit: UInt64
    ) throws(SocketIOError) -> UInt64? {
        var value: UInt64 = 0
        let start = payload.lowerBound
        var at = start
        while at < payload.upperBound, (0x30...0x39).contains(text[at]) {
            value = value &* 10 &+ UInt64(text[at] &- 0x30)
            guard value <= limit, at &- start < 16 else { throw .malformedPacket }
            at &+= 1
        }
        guard at > start else { return nil }
        payload = at..<payload.upperBound
        return value
    }
}
