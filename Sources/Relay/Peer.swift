internal import Clock

/// One connection of a user who was let in.
final class Peer {
    /// How messages reach this connection.
    enum Feed {
        /// The store is being read from after a row.
        case reading(after: Int64)
        /// There is more in the store than was read; it waits for the connection.
        case waiting(after: Int64)
        /// It had all that was kept, and gets what comes as it comes.
        case live

        /// The row up to which the connection had all, where it had not all.
        var lastRow: Int64? {
            switch self {
            case .reading(let row), .waiting(let row): row
            case .live: nil
            }
        }
    }

    let user: Int
    var socketID: String
    /// Tells this connection from a later one with the same number.
    let serial: Serial
    /// Whether the client says `message:delivered` for each message it has safe.
    let isReliable: Bool
    /// The login by which it may be ended.
    let session: String
    let expiresAt: Timestamp
    /// Who this is, as the audit log writes it.
    let auditText: [UInt8]
    var events: TokenBucket
    var pausedUntil: Instant
    var feed = Feed.live
    /// The last row of the store that was sent on this connection.
    var lastRow: Int64 = 0
    /// Rows of which a reliable client has not said that it has or leaves them.
    var unacknowledged: [MessageKey: Int64] = [:]
    /// The users with whom it is in a room.
    var rooms: Set<Int> = []
    /// The device that its login is bound to, whose messages it gets.
    var device: Int64?
    /// Whether it still reads the user's own mailbox, since it was none of a device's when it came.
    var drainsUsersMailbox = false
    /// What its client may come back to.
    var recovery: RecoverySession?

    init(
        user: Int, socketID: String, serial: Serial, isReliable: Bool, session: String,
        expiresAt: Timestamp, auditText: [UInt8], events: TokenBucket, pausedUntil: Instant
    ) {
        self.user = user
        self.socketID = socketID
        self.serial = serial
        self.isReliable = isReliable
        self.session = session
        self.expiresAt = expiresAt
        self.auditText = auditText
        self.events = events
        self.pausedUntil = pausedUntil
    }

    var isLive: Bool { if case .live = feed { true } else { false } }
}

/// A connection that may be gone, or another one, when a result comes.
struct PeerReference {
    let socket: SocketNumber
    let serial: Serial
    /// What its client may come back to.
    let recovery: RecoverySession?
}

/// What is to be done with a result that was asked for.
enum Pending {
    case nothing
    /// The way for all that is not on the way of a message.
    case store((inout RelayServer, StoreResult) -> Void)
    case password((inout RelayServer, PasswordResult) -> Void)
    case account(Int)
    case keep(Keeping)
    case keepAgain(Mailbox, MessageKey, EmittedMessage)
    case read(PeerReference, user: Int)
}

/// A message on its way to the store.
struct Keeping {
    let sender: PeerReference
    let route: Int
    let acknowledgement: UInt64?
    let receiver: Int
    let event: EventText
    let key: MessageKey
    /// Which part of a file it is, if any.
    let part: FilePart?
    /// What the sender gets once the message is kept.
    let reply: EventText
    /// The message's id as a JSON string.
    let messageID: [UInt8]
    /// What an error names: members, each with a comma before it.
    let errorDetail: [UInt8]
}
