public import EngineIO
public import JSON

/// An event that a client sent.
public struct Event {
    public let socket: Socket
    /// The name's UTF-8, which lies where `arguments` do.
    public let nameText: ArraySlice<UInt8>
    /// The JSON texts of the arguments with commas between, checked, as they came: with one
    /// argument, that argument. They lie in a buffer larger than they are: copy what is kept.
    public let arguments: ArraySlice<UInt8>
    /// The members of the first argument, where that is an object, as ranges of `arguments`.
    public let members: [JSONMember]
    /// How to answer, where the client asked for it.
    public let acknowledgement: Acknowledgement?
    /// What the placeholders in `arguments` stand for.
    public let attachments: [[UInt8]]

    public var name: String { String(decoding: nameText, as: UTF8.self) }
}

/// The right to answer one event.
public struct Acknowledgement: Hashable, Sendable {
    public let socket: Socket
    public let id: UInt64

    public init(socket: Socket, id: UInt64) {
        self.socket = socket
        self.id = id
    }
}

/// What a client is told about recovering its session. The reference implementation has `pid` alone
/// in CONNECT; the other members are ours, and clients that do not know them pass them over.
public struct Recovery: Equatable, Sendable {
    /// The private name of the session.
    public var pid: String
    /// The position that the client is at.
    public var offset: String
    /// Whether it missed nothing.
    public var isRecovered: Bool
    /// Why it may have missed something, where it had a position.
    public var reason: String?

    public init(pid: String, offset: String, isRecovered: Bool, reason: String? = nil) {
        self.pid = pid
        self.offset = offset
        self.isRecovered = isRecovered
        self.reason = reason
    }

    func append(to writer: inout JSONWriter) {
        writer.name("pid")
        writer.string(pid)
        writer.name("offset")
        writer.string(offset)
        writer.name("recovered")
        writer.bool(isRecovered)
        guard let reason else { return }
        writer.name("reason")
        writer.string(reason)
    }
}

/// Why a socket is gone.
public enum DisconnectReason: Equatable, Sendable {
    /// The client left this namespace.
    case client
    /// The client broke the Socket.IO protocol.
    case violation(SocketIOError)
    case transport(CloseReason)

    /// A stable word for logs and metrics.
    public var code: String {
        switch self {
        case .client: "clientDisconnected"
        case .violation: "protocolViolation"
        case .transport(.transportClose): "transportClosed"
        case .transport(.transportError): "transportFailed"
        case .transport(.pingTimeout): "pingTimeout"
        case .transport(.parseError): "protocolViolation"
        case .transport(.slowConsumer): "slowConsumer"
        }
    }

    /// Whether the client did not mean to go, and so may want to go on where it was.
    public var mayReturn: Bool { if case .transport = self { true } else { false } }

    /// As the reference implementation words it.
    public var text: String {
        switch self {
        case .client: "client namespace disconnect"
        case .violation: "parse error"
        case .transport(let reason): reason.rawValue
        }
    }
}
