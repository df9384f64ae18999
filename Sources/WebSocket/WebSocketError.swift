public import Failures
internal import HTTP

/// How a peer broke RFC 6455. The connection fails with the error's `closeCode`.
public enum WebSocketError: Failure, Equatable {
    case reservedBits
    case unknownOpcode(UInt8)
    /// A client must mask, a server must not (section 5.1).
    case wrongMasking
    /// A control frame in fragments, or with more than 125 bytes (section 5.5).
    case badControlFrame
    /// A length not written in the fewest bytes, or of 2^63 or more (section 5.2).
    case badLength
    case unexpectedContinuation
    /// A new message before the last fragment of the one under way (section 5.4).
    case interruptedMessage
    case messageTooBig
    case notUTF8
    /// A close frame of one byte, or with a code that may not be sent.
    case badCloseFrame
    /// The handshake is not a WebSocket handshake of version 13 (section 4).
    case badHandshake
    /// The server answered the handshake with this status.
    case handshakeRefused(status: Int)

    public var kind: FailureKind {
        guard case .handshakeRefused(let status) = self else { return .protocolViolation }
        // A page, a redirection, a 403 or 404: something else than a relay is there.
        return Status(rawValue: status).isTemporary ? .unavailable : .protocolViolation
    }
    public var code: String { "badWebSocket" }

    public var message: String {
        switch self {
        case .reservedBits: "a WebSocket frame has reserved bits set"
        case .unknownOpcode(let opcode): "a WebSocket frame has the unknown opcode \(opcode)"
        case .wrongMasking: "a WebSocket frame is masked wrongly"
        case .badControlFrame: "a WebSocket control frame is too long or in fragments"
        case .badLength: "a WebSocket frame has a malformed length"
        case .unexpectedContinuation: "a WebSocket fragment belongs to no message"
        case .interruptedMessage: "a WebSocket message began inside another"
        case .messageTooBig: "a WebSocket message is too big"
        case .notUTF8: "a WebSocket text is not UTF-8"
        case .badCloseFrame: "a WebSocket close frame is malformed"
        case .badHandshake: "the WebSocket handshake is malformed"
        case .handshakeRefused(let status): "the WebSocket handshake was refused with \(status)"
        }
    }

    public var closeCode: CloseCode {
        switch self {
        case .messageTooBig: .messageTooBig
        case .notUTF8: .invalidPayload
        default: .protocolError
        }
    }
}
