/// One side of an open WebSocket connection: messages out of bytes, and the answers that the
/// protocol itself gives to pings, closes and violations (RFC 6455 sections 5 to 7).
///
/// Bytes to send are appended to the caller's `output`. After `closed` or `failed` the caller sends
/// what is in it and closes the connection below.
public struct Endpoint {
    public enum Event: Equatable {
        /// Valid UTF-8. It lies in the input or in the scratch until those are used again.
        case text(ArraySlice<UInt8>)
        case binary(ArraySlice<UInt8>)
        /// The closing handshake is done; with what the peer gave as its reason.
        case closed(CloseCode?, reason: String)
        /// The peer broke the protocol, and was told so.
        case failed(WebSocketError)
    }

    private enum State {
        case open
        /// We said close, and wait for the peer to say it.
        case closing
        case closed
    }

    private var state = State.open
    private var reader: MessageReader
    private let keys: MaskingKeys?

    /// - Parameter limit: the most bytes that a message of the peer may have.
    public init(serverWithMessageLimit limit: Int) {
        reader = MessageReader(.server, limit: limit)
        keys = nil
    }

    public init(clientWithMessageLimit limit: Int, keys: MaskingKeys) {
        reader = MessageReader(.client, limit: limit)
        self.keys = keys
    }

    /// The most bytes that a message of the peer may have.
    public var messageLimit: Int {
        get { reader.limit }
        set { reader.limit = newValue }
    }

    /// Whether messages can still be sent.
    public var isOpen: Bool { if case .open = state { true } else { false } }

    /// Takes bytes off the front of `input` up to the next event; nil once it has taken them all.
    ///
    /// - Parameter scratch: where masked messages are laid out; share one between all endpoints.
    public mutating func next(
        _ input: inout ArraySlice<UInt8>, scratch: inout [UInt8], output: inout [UInt8]
    ) -> Event? {
        do throws(WebSocketError) {
            while state != .closed, let message = try reader.next(&input, scratch: &scratch) {
                switch message {
                case .text(let bytes): if isOpen { return .text(bytes) }
                case .binary(let bytes): if isOpen { return .binary(bytes) }
                case .ping(let bytes): if isOpen { send(.pong, bytes, to: &output) }
                case .pong: continue
                case .close(let code, let reason):
                    close(code ?? .normal, to: &output)
                    state = .closed
                    return .closed(code, reason: reason)
                }
            }
        } catch {
            close(error.closeCode, reason: error.message, to: &output)
            state = .closed
            return .failed(error)
        }
        if case .closed = state { input = [] }
        return nil
    }

    /// Appends a message; nothing once closing has begun.
    public mutating func send(text: some Collection<UInt8>, to output: inout [UInt8]) {
        if isOpen { send(.text, text, to: &output) }
    }

    public mutating func send(binary: some Collection<UInt8>, to output: inout [UInt8]) {
        if isOpen { send(.binary, binary, to: &output) }
    }

    /// Begins the closing handshake; the peer's answer comes as `closed`.
    ///
    /// - Parameter reason: for a log, at most 123 bytes of UTF-8; longer ones are left out.
    public mutating func close(_ code: CloseCode, reason: String = "", to output: inout [UInt8]) {
        guard isOpen else { return }
        var payload = [
            UInt8(truncatingIfNeeded: code.rawValue >> 8), UInt8(truncatingIfNeeded: code.rawValue),
        ]
        if reason.utf8.count <= FrameHeader.maximumControlPayload - 2 {
            payload.append(contentsOf: reason.utf8)
        }
        send(.close, payload, to: &output)
        state = .closing
    }

    private func send(
        _ opcode: Opcode, _ payload: some Collection<UInt8>, to output: inout [UInt8]
    ) {
        let key = keys?.next()
        FrameHeader(isFinal: true, opcode: opcode, count: payload.count, maskingKey: key)
            .append(to: &output)
        let start = output.count
        output.append(contentsOf: payload)
        if let key { applyMask(key, phase: 0, to: &output, from: start) }
    }
}
