public import Clock
public import EngineIO
internal import JSON

/// The client side of Socket.IO protocol 5 in one namespace, driven as `EngineIO.ClientSession` is.
public struct ClientSession {
    public enum Output {
        /// The server let us in; other clients may know us by `sid`.
        case connected(sid: String)
        /// An event. Where `acknowledgementID` is not nil the server wants it answered, with
        /// `answer`. The arguments are JSON texts with commas between.
        case event(
            name: String, arguments: ArraySlice<UInt8>, acknowledgementID: UInt64?,
            attachments: [[UInt8]])
        /// The answer to an event of ours.
        case acknowledged(id: UInt64, arguments: ArraySlice<UInt8>, attachments: [[UInt8]])
        /// It is over; the last output. It does not come after `close()`.
        case ended(SocketIOError)
    }

    /// How long the server may take to answer CONNECT.
    public static let connectTimeout = Duration.seconds(20)
    /// The most bytes of the attachments of one packet together.
    static let attachmentByteCount = 32 * 1024 * 1024

    private enum State {
        case opening
        case connecting(until: Instant)
        case connected
        case ended
    }

    private var engine: EngineIO.ClientSession
    private var state = State.opening
    private let auth: [UInt8]
    /// The namespace with its comma; empty for the main one.
    private let prefix: [UInt8]
    private var now: Instant
    private var nextID: UInt64 = 0
    /// The events of ours that were not answered yet.
    private var unanswered: Set<UInt64> = []
    private var pending: PendingPacket?
    private var outputs: [Output] = []

    /// - Parameters:
    ///   - auth: what CONNECT carries: a JSON object, or empty.
    ///   - engine: a session that nothing was received on yet.
    public init(
        auth: [UInt8], namespace: String = "/", over engine: EngineIO.ClientSession,
        at now: Instant
    ) {
        self.auth = auth
        self.engine = engine
        self.now = now
        prefix = namespace == "/" ? [] : Array((namespace + ",").utf8)
    }

    public var isConnected: Bool { if case .connected = state { true } else { false } }

    /// Whether the connection is of no more use once what is outgoing is sent.
    public var isFinished: Bool { engine.isFinished }

    /// The most bytes that the server takes in a message; nil where it did not say.
    public var maxPayload: Int? { engine.openPacket?.maxPayload }

    // MARK: What happens

    /// Bytes came. Take all outputs before the buffer is used again, else it is copied.
    public mutating func receive(_ bytes: ArraySlice<UInt8>, at now: Instant) {
        self.now = now
        engine.receive(bytes, at: now)
    }

    /// The server closed the connection, or it broke.
    public mutating func transportClosed() { engine.transportClosed() }

    public mutating func advance(to now: Instant) {
        self.now = now
        engine.advance(to: now)
        if case .connecting(let until) = state, now >= until { end(.connectTimeout) }
    }

    /// When to call `advance` if nothing happens before; nil for never.
    public var deadline: Instant? {
        guard case .connecting(let until) = state else { return engine.deadline }
        return min(until, engine.deadline ?? until)
    }

    public mutating func nextOutput() -> Output? {
        while outputs.isEmpty {
            guard let below = engine.nextOutput() else { return nil }
            do throws(SocketIOError) {
                if let output = try handle(below) { return output }
            } catch {
                end(error)
            }
        }
        return outputs.removeFirst()
    }

    /// The bytes to send, which are then the driver's.
    public mutating func takeOutgoing() -> [UInt8] { engine.takeOutgoing() }

    // MARK: What to say

    /// Sends an event; `arguments` are JSON texts with commas between, not checked.
    ///
    /// - Returns: false unless connected.
    @discardableResult
    public mutating func emit(
        _ name: String, _ arguments: ArraySlice<UInt8>, attachments: [[UInt8]] = []
    ) -> Bool {
        guard isConnected else { return false }
        send(name, arguments, nil, attachments)
        return true
    }

    /// Sends an event that the server is to answer.
    ///
    /// - Returns: the id that `acknowledged` will have; nil unless connected.
    public mutating func emitAwaitingAnswer(
        _ name: String, _ arguments: ArraySlice<UInt8>, attachments: [[UInt8]] = []
    ) -> UInt64? {
        guard isConnected else { return nil }
        defer { nextID += 1 }
        unanswered.insert(nextID)
        send(name, arguments, nextID, attachments)
        return nextID
    }

    /// Answers an event of the server; call it at most once for each.
    public mutating func answer(
        _ acknowledgementID: UInt64, _ arguments: ArraySlice<UInt8>, attachments: [[UInt8]] = []
    ) {
        if isConnected { send(nil, arguments, acknowledgementID, attachments) }
    }

    /// Leaves the namespace and ends the session in order.
    public mutating func close() {
        if isConnected { engine.send(text: ([PacketType.disconnect.rawValue] + prefix)[...]) }
        state = .ended
        engine.close()
    }

    private mutating func send(
        _ name: String?, _ arguments: ArraySlice<UInt8>, _ id: UInt64?, _ attachments: [[UInt8]]
    ) {
        let text = PacketText(
            isEvent: name != nil, ackID: id, attachmentCount: attachments.count)
        let name = name.map(PacketText.escaped) ?? []
        var bytes: [UInt8] = []
        text.append(prefix: prefix.span, name: name.span, arguments: arguments.span, to: &bytes)
        engine.send(text: bytes[...])
        for attachment in attachments { engine.send(binary: attachment[...]) }
    }

    // MARK: What came

    private mutating func handle(
        _ below: EngineIO.ClientSession.Output
    ) throws(SocketIOError) -> Output? {
        switch below {
        case .opened:
            engine.send(text: ([PacketType.connect.rawValue] + prefix + auth)[...])
            state = .connecting(until: now + Self.connectTimeout)
            return nil
        case .text(let text): return try handle(text)
        case .binary(let bytes):
            guard pending != nil else { throw .unexpectedPacket }
            try pending?.append(bytes, limit: Self.attachmentByteCount)
            guard let whole = pending, whole.isComplete else { return nil }
            pending = nil
            return try handle(
                whole.type, whole.payload[...], whole.ackID, attachments: whole.attachments)
        case .ended(let error): throw .engine(error)
        }
    }

    private mutating func handle(_ text: ArraySlice<UInt8>) throws(SocketIOError) -> Output? {
        guard pending == nil else { throw .unexpectedPacket }
        let packet = try Packet(text)
        guard text[packet.namespace].elementsEqual(prefix.dropLast()) else { return nil }
        let payload = text[packet.payload]
        switch (state, packet.type) {
        case (.connecting, .connect):
            guard let sid = (try? JSON(parsing: payload))?["sid"]?.string else {
                throw .malformedPacket
            }
            state = .connected
            return .connected(sid: sid)
        case (.connecting, .connectError): throw Self.refusal(payload)
        case (.connected, .disconnect): throw .disconnectedByServer
        case (.connected, .event), (.connected, .ack):
            return try handle(packet.type, payload, packet.ackID, attachments: [])
        case (.connected, .binaryEvent), (.connected, .binaryAck):
            let whole = try PendingPacket(packet, payload, for: nil)
            guard whole.isComplete else {
                pending = whole
                return nil
            }
            return try handle(whole.type, whole.payload[...], whole.ackID, attachments: [])
        default: throw .unexpectedPacket
        }
    }

    private mutating func handle(
        _ type: PacketType, _ payload: ArraySlice<UInt8>, _ id: UInt64?, attachments: [[UInt8]]
    ) throws(SocketIOError) -> Output? {
        if type == .event || type == .binaryEvent {
            var members: [JSONMember] = []
            let event = try Payload(event: payload, noting: &members)
            return .event(
                name: String(decoding: try event.name(in: payload), as: UTF8.self),
                arguments: payload[event.arguments],
                acknowledgementID: id,
                attachments: attachments)
        }
        guard let id else { throw .malformedPacket }
        let answer = try Payload(ack: payload)
        guard unanswered.remove(id) != nil else { return nil }
        return .acknowledged(id: id, arguments: payload[answer.arguments], attachments: attachments)
    }

    private static func refusal(_ payload: ArraySlice<UInt8>) -> SocketIOError {
        guard let value = try? JSON(parsing: payload), let message = value["message"]?.string
        else { return .malformedPacket }
        return .connectRefused(message: message, data: value["data"]?.text)
    }

    /// Ends the session below too, where it goes on.
    private mutating func end(_ error: SocketIOError) {
        if case .ended = state { return }
        state = .ended
        engine.close()
        outputs.append(.ended(error))
    }
}
