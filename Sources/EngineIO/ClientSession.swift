public import Clock
public import HTTP
internal import WebSocket

/// The client side of one Engine.IO 4 session, over WebSocket from the start.
///
/// The driver connects (and speaks TLS, if it must) and then hands in what happens: `receive`,
/// `transportClosed`, `advance`. After each it takes outputs with `nextOutput` until there are none,
/// and sends what `takeOutgoing` gives. Once `isFinished`, it sends that and closes the connection.
public struct ClientSession {
    public enum Output: Equatable {
        /// The server has opened the session.
        case opened(OpenPacket)
        /// Valid UTF-8.
        case text(ArraySlice<UInt8>)
        case binary(ArraySlice<UInt8>)
        /// It is over; the last output. It does not come after `close()`.
        case ended(EngineIOError)
    }

    private enum State {
        case shakingHands
        case awaitingOpen
        case open(OpenPacket)
        case ended
    }

    /// How long the WebSocket handshake and the open packet may take together.
    public static let openTimeout = Duration.seconds(20)

    private var state = State.shakingHands
    private var handshake: ClientHandshake
    private var endpoint: Endpoint
    /// When the session is given up: no ping came, or no open packet.
    public private(set) var deadline: Instant?
    private var now: Instant

    private var input: ArraySlice<UInt8> = []
    private var outgoing: [UInt8] = []
    private var scratch: [UInt8] = []
    private var outputs: [Output] = []

    /// - Parameters:
    ///   - host: for the `Host` field, with the port where it is not the scheme's own.
    ///   - path: where the server keeps its sessions.
    ///   - fields: more fields for the handshake.
    ///   - messageLimit: the most bytes that a message of the server may have.
    public init(
        host: String, path: String = "/socket.io/", fields: Fields = Fields(),
        messageLimit: Int = 16 * 1024 * 1024, at now: Instant,
        using generator: any RandomNumberGenerator = SystemRandomNumberGenerator()
    ) {
        var generator = generator
        handshake = ClientHandshake(using: &generator)
        endpoint = Endpoint(clientWithMessageLimit: messageLimit, keys: MaskingKeys(generator))
        self.now = now
        deadline = now + Self.openTimeout
        outgoing = handshake.request(
            rawTarget: path + "?EIO=4&transport=websocket", host: host, fields: fields)
    }

    /// What the server said when it opened the session; nil before and after.
    public var openPacket: OpenPacket? { if case .open(let packet) = state { packet } else { nil } }

    /// Whether the connection is of no more use once what is outgoing is sent.
    public var isFinished: Bool { if case .ended = state { true } else { false } }

    // MARK: What happens

    /// Bytes came. Take all outputs before the buffer is used again, else it is copied.
    public mutating func receive(_ bytes: ArraySlice<UInt8>, at now: Instant) {
        self.now = now
        if input.isEmpty { input = bytes } else { input += bytes }
    }

    /// The server closed the connection, or it broke.
    public mutating func transportClosed() { end(.transportClosed) }

    public mutating func advance(to now: Instant) {
        self.now = now
        guard let deadline, now >= deadline else { return }
        endpoint.close(.normal, to: &outgoing)
        end(.pingTimeout)
    }

    public mutating func nextOutput() -> Output? {
        while outputs.isEmpty {
            switch state {
            case .ended:
                input = []
                return nil
            case .shakingHands: guard shakeHands() else { return nil }
            case .awaitingOpen, .open:
                guard
                    let event = endpoint.next(&input, scratch: &scratch, output: &outgoing)
                else {
                    input = []
                    return nil
                }
                if let output = handle(event) { return output }
            }
        }
        return outputs.removeFirst()
    }

    /// The bytes to send, which are then the driver's.
    public mutating func takeOutgoing() -> [UInt8] {
        defer { outgoing = [] }
        return outgoing
    }

    // MARK: What to say

    /// Sends a message of UTF-8; nothing unless the session is open.
    public mutating func send(text parts: ArraySlice<UInt8>) {
        guard case .open = state else { return }
        endpoint.send(text: [PacketType.message.rawValue] + parts, to: &outgoing)
    }

    public mutating func send(binary bytes: ArraySlice<UInt8>) {
        guard case .open = state else { return }
        endpoint.send(binary: bytes, to: &outgoing)
    }

    /// Ends the session in order.
    public mutating func close() {
        guard !isFinished else { return }
        if case .open = state {
            endpoint.send(text: [PacketType.close.rawValue], to: &outgoing)
            endpoint.close(.normal, to: &outgoing)
        }
        state = .ended
        deadline = nil
    }

    // MARK: What came

    /// Whether the handshake is done; false where more bytes are needed, or it failed.
    private mutating func shakeHands() -> Bool {
        do throws(WebSocketError) {
            guard try handshake.receive(&input) else { return false }
            state = .awaitingOpen
        } catch {
            end(.webSocket(error))
        }
        return true
    }

    private mutating func handle(_ event: Endpoint.Event) -> Output? {
        switch event {
        case .text(let bytes): return handle(bytes)
        case .binary(let bytes):
            if case .open = state { return .binary(bytes) }
            fail(.unexpectedPacket)
        case .closed: end(.closedByPeer)
        case .failed(let error): end(.webSocket(error))
        }
        return nil
    }

    private mutating func handle(_ bytes: ArraySlice<UInt8>) -> Output? {
        do throws(EngineIOError) {
            guard case .text(let type, let data) = try Packet.text(bytes) else { return nil }
            switch (state, type) {
            case (.awaitingOpen, .open):
                let packet = try OpenPacket(data)
                state = .open(packet)
                expectPing(packet)
                return .opened(packet)
            case (.open, .message): return .text(data)
            case (.open(let packet), .ping):
                endpoint.send(text: [PacketType.pong.rawValue] + data, to: &outgoing)
                expectPing(packet)
            case (.open, .noop): return nil
            case (.open, .close): end(.closedByPeer)
            default: throw .unexpectedPacket
            }
        } catch {
            fail(error)
        }
        return nil
    }

    private mutating func expectPing(_ packet: OpenPacket) {
        deadline = now + packet.pingInterval + packet.pingTimeout
    }

    private mutating func fail(_ error: EngineIOError) {
        endpoint.close(.protocolError, to: &outgoing)
        end(error)
    }

    private mutating func end(_ error: EngineIOError) {
        guard !isFinished else { return }
        state = .ended
        deadline = nil
        outputs.append(.ended(error))
    }
}
