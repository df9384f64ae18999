public import EngineIO
public import Failures

/// How the other side broke the Socket.IO protocol, or why a client's socket ended.
public enum SocketIOError: Failure, Equatable {
    case malformedPacket
    /// A packet of a kind, or for a namespace, that may not come now.
    case unexpectedPacket
    /// An event whose name is missing, no name, or reserved.
    case badEventName
    /// More attachments than the limit, or more bytes in them.
    case tooManyAttachments
    /// A placeholder that names no attachment, or one twice.
    case badPlaceholder
    /// The server said no to CONNECT: its message, and its data as JSON text.
    case connectRefused(message: String, data: String?)
    /// The server ended the socket and kept the connection.
    case disconnectedByServer
    /// The server did not answer CONNECT in time.
    case connectTimeout
    case engine(EngineIOError)

    public var kind: FailureKind {
        switch self {
        case .connectRefused: .notAllowed
        case .disconnectedByServer, .connectTimeout: .temporary
        case .engine(let error): error.kind
        default: .protocolViolation
        }
    }

    public var code: String {
        switch self {
        case .connectRefused: "connectRefused"
        case .disconnectedByServer: "disconnected"
        case .connectTimeout: "timeout"
        case .engine(let error): error.code
        default: "badSocketIO"
        }
    }

    public var message: String {
        switch self {
        case .malformedPacket: "a Socket.IO packet is malformed"
        case .unexpectedPacket: "a Socket.IO packet came at the wrong time"
        case .badEventName: "a Socket.IO event has a bad name"
        case .tooManyAttachments: "a Socket.IO packet has too many attachments"
        case .badPlaceholder: "a Socket.IO packet refers to an attachment that it does not have"
        case .connectRefused(let message, _): "the relay refused the connection: \(message)"
        case .disconnectedByServer: "the relay ended the connection"
        case .connectTimeout: "the relay did not answer in time"
        case .engine(let error): error.message
        }
    }
}
