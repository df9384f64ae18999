public import Failures
public import WebSocket

/// How the other side broke Engine.IO, or why a session of ours ended.
public enum EngineIOError: Failure, Equatable {
    case malformedPacket
    /// A packet of a kind that this side must not get now.
    case unexpectedPacket
    /// The open packet lacks a field, or has one that cannot be.
    case badOpenPacket
    /// No ping came for pingInterval and pingTimeout together.
    case pingTimeout
    /// The other side said close.
    case closedByPeer
    /// The connection below ended.
    case transportClosed
    case webSocket(WebSocketError)

    public var kind: FailureKind {
        switch self {
        case .malformedPacket, .unexpectedPacket, .badOpenPacket: .protocolViolation
        case .pingTimeout, .closedByPeer, .transportClosed: .temporary
        case .webSocket(let error): error.kind
        }
    }

    public var code: String {
        switch self {
        case .malformedPacket, .unexpectedPacket, .badOpenPacket: "badEngineIO"
        case .pingTimeout: "pingTimeout"
        case .closedByPeer, .transportClosed: "disconnected"
        case .webSocket(let error): error.code
        }
    }

    public var message: String {
        switch self {
        case .malformedPacket: "an Engine.IO packet is malformed"
        case .unexpectedPacket: "an Engine.IO packet came at the wrong time"
        case .badOpenPacket: "the Engine.IO open packet is malformed"
        case .pingTimeout: "the relay stopped sending heartbeats"
        case .closedByPeer: "the relay closed the session"
        case .transportClosed: "the connection to the relay ended"
        case .webSocket(let error): error.message
        }
    }
}

/// Why a session of the server ended.
public enum CloseReason: String, Sendable {
    case transportClose = "transport close"
    case transportError = "transport error"
    case pingTimeout = "ping timeout"
    case parseError = "parse error"
    /// It did not read what it was sent: too many bytes waited, or none was taken for too long.
    case slowConsumer = "slow consumer"
}

/// The errors that a request for a session is answered with, as the reference implementation
/// numbers and names them.
enum RequestError: Int {
    case unknownTransport = 0
    case unknownSession = 1
    case badHandshakeMethod = 2
    case badRequest = 3
    case forbidden = 4
    case unsupportedProtocolVersion = 5

    var message: String {
        switch self {
        case .unknownTransport: "Transport unknown"
        case .unknownSession: "Session ID unknown"
        case .badHandshakeMethod: "Bad handshake method"
        case .badRequest: "Bad request"
        case .forbidden: "Forbidden"
        case .unsupportedProtocolVersion: "Unsupported protocol version"
        }
    }
}
