/// What a peer speaks over its WebSocket, and what the generator says in it.
enum Dialect: String {
    /// Socket.IO: signal-relay, and the peers that do the same job.
    case socketIO = "socketio"
    /// NATS's own protocol in binary frames.
    case nats

    /// Client frames are masked, with a key that is always the same: they are made beforehand.
    private static let maskingKey: [UInt8] = [0x37, 0xfa, 0x21, 0x3d]

    var path: String { self == .nats ? "/" : "/socket.io/?EIO=4&transport=websocket" }

    /// What the server says first, and after what it has let the client in.
    var greeting: [UInt8] { Array((self == .nats ? "INFO " : "0{").utf8) }
    var welcome: [UInt8] { Array((self == .nats ? "PONG\r\n" : "40{").utf8) }

    func login(_ user: User) -> [UInt8] {
        switch self {
        case .socketIO:
            frame(
                "40{\"token\":\"\(user.token)\",\"user\":\"\(user.id)\""
                    + (user.isReliable ? ",\"reliable\":true}" : "}"))
        case .nats:
            frame("CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB \(user.id) 1\r\nPING\r\n")
        }
    }

    func answerToPing() -> [UInt8] { frame(self == .nats ? "PONG\r\n" : "3") }

    /// One frame of a client (RFC 6455 section 5.2).
    func frame(_ text: String) -> [UInt8] {
        let payload = Array(text.utf8)
        let length: [UInt8] =
            payload.count < 126
            ? [0x80 | UInt8(payload.count)]
            : [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        return [self == .nats ? 0x82 : 0x81] + length + Self.maskingKey
            + payload.enumerated().map { $1 ^ Self.maskingKey[$0 & 3] }
    }
}

struct User {
    let id: String
    let token: String
    /// Whether it says of each message that it has it safe.
    var isReliable = false
}

/// What clients send each other, and how the receiver, or the sender, knows that it has come.
enum Message: String {
    /// An event that nobody answers: 300 bytes of signalling.
    case signal
    /// A message of 300 bytes, which the relay acknowledges to its sender.
    case message
    /// A message of 1 KiB for somebody who is away: it counts when the relay has it safe.
    case kept

    func text(to user: User, _ dialect: Dialect) -> String {
        func filler(_ count: Int) -> String { String(repeating: "A", count: count) }
        if dialect == .nats { return "PUB \(user.id) 300\r\n\(filler(300))\r\n" }
        if self == .signal {
            return "42[\"ice_candidate\",{\"peer_id\":\"\(user.id)\","
                + "\"candidate\":\"\(filler(300))\"}]"
        }
        // The fields that a client of this family sends come to 128 bytes without the ciphertext.
        let ciphertext = filler((self == .kept ? 1024 : 300) - 128)
        return
            "42[\"send_message\",{\"recipientId\":\"\(user.id)\",\"ciphertext\":\"\(ciphertext)\","
            + "\"iv\":\"AAAAAAAAAAAAAAAA\",\"tag\":\"AAAAAAAAAAAAAAAAAAAAAA==\",\"seq\":1,"
            + "\"messageType\":\"text\"}]"
    }

    /// How the text begins that is counted.
    func arrival(_ dialect: Dialect) -> [UInt8] {
        if dialect == .nats { return Array("MSG ".utf8) }
        return switch self {
        case .signal: Array("42[\"ice_candidate\"".utf8)
        case .message: Array("42[\"receive_message\"".utf8)
        case .kept: Array("42[\"message:sent\"".utf8)
        }
    }
}
