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

    /// As the reference implementation words it.
    public var text: String {
        switch self {
        case .client: "client namespace disconnect"
        case .violation: "parse error"
        case .transport(let reason): reason.rawValue
        }
    }
}
