/// Why the relay ends a connection of its own accord.
public enum CloseReason: String, Sendable {
    case loggedOut
    case tokenExpired
    case accountDisabled
    case accountRemoved
    /// The client came back on another connection.
    case replaced
    /// What was kept for it cannot be read.
    case storeUnavailable

    /// What the log says, and the client is told.
    public var code: String { rawValue }

    var message: String {
        switch self {
        case .loggedOut: "You have logged out"
        case .tokenExpired: "The token has expired"
        case .accountDisabled: "The account is disabled"
        case .accountRemoved: "The account was removed"
        case .replaced: "You are connected elsewhere"
        case .storeUnavailable: "Your messages cannot be read now"
        }
    }
}

extension RelayServer {
    /// Ends a connection, whose client is told why by an event `error`.
    mutating func close(_ socket: SocketNumber, _ reason: CloseReason) {
        var text = Array(#"{"message":"#.utf8) + quoted(reason.message)
        text += Array(#","code":"#.utf8) + quoted(reason.code) + [0x7d]
        // Not one of the events that a client may recover: it is about this connection.
        append(.emit(socket, EventText(name: "error", arguments: text), .transient))
        append(.close(socket, reason: reason))
    }
}
