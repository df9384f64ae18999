public import EngineIO
internal import JSON

/// What an Engine.IO packet is, and the Socket.IO packet in it.
public struct PacketSummary {
    public enum Engine: String, Sendable {
        case open, close, ping, pong, message, upgrade, noop, binary
    }

    public enum Kind: String, Sendable {
        case connect, disconnect, event, ack, connectError, binaryEvent, binaryAck
    }

    public let engine: Engine
    /// Nil where there is no Socket.IO packet in it.
    public private(set) var kind: Kind?
    public private(set) var namespace = "/"
    public private(set) var event: String?
    public private(set) var acknowledgement: UInt64?
    public private(set) var attachmentCount = 0
    /// What follows the packet's type: for an EVENT its arguments' JSON with commas between.
    public private(set) var contents: ArraySlice<UInt8> = []

    /// - Parameter text: an Engine.IO packet: `42["hello"]`, `2probe`.
    public init(engine text: ArraySlice<UInt8>) throws(SocketIOError) {
        let kinds: [Engine] = [.open, .close, .ping, .pong, .message, .upgrade, .noop]
        guard let first = text.first, first >= 0x30, Int(first - 0x30) < kinds.count else {
            throw .malformedPacket
        }
        engine = kinds[Int(first - 0x30)]
        contents = text.dropFirst()
        if engine == .message { try read(contents) }
    }

    /// - Parameter text: a Socket.IO packet: `2["hello"]`.
    public init(socket text: ArraySlice<UInt8>) throws(SocketIOError) {
        engine = .message
        try read(text)
    }

    /// A binary message, which is an attachment of the packet before it.
    public init(binary bytes: ArraySlice<UInt8>) {
        engine = .binary
        contents = bytes
    }

    public init(_ note: PacketNote) throws(SocketIOError) {
        if note.isBinary {
            self.init(binary: note.bytes)
        } else {
            try self.init(engine: note.bytes)
        }
    }

    private mutating func read(_ text: ArraySlice<UInt8>) throws(SocketIOError) {
        let packet = try Packet(text)
        if !packet.namespace.isEmpty {
            namespace = String(decoding: text[packet.namespace], as: UTF8.self)
        }
        acknowledgement = packet.ackID
        attachmentCount = packet.attachmentCount
        contents = text[packet.payload]
        switch packet.type {
        case .connect: kind = .connect
        case .disconnect: kind = .disconnect
        case .connectError: kind = .connectError
        case .ack, .binaryAck:
            kind = packet.type == .ack ? .ack : .binaryAck
            contents = contents[try Payload(ack: contents).arguments]
        case .event, .binaryEvent:
            kind = packet.type == .event ? .event : .binaryEvent
            var members: [JSONMember] = []
            let payload = try Payload(event: contents, noting: &members)
            event = String(decoding: try payload.name(in: contents), as: UTF8.self)
            contents = contents[payload.arguments]
        }
    }
}
