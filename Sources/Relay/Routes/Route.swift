internal import JSON

/// The five systems whose clients the relay serves.
public enum Family: String, Sendable {
    case chatAndCalls, videoRooms, messaging, groupsAndDevices, privateByDefault
}

/// A field that an event's object must or may have.
///
/// Clients may spell a name either way, `receiver_id` or `receiverId`.
public struct Field: Sendable {
    enum Kind: Sendable {
        case string
        /// A string of no more than so many bytes as it stands in the JSON text.
        case text(atMost: Int)
        /// The same, or null, which is no way to leave it out.
        case textOrNull(atMost: Int)
        /// A whole number without fraction or exponent.
        case integer
        /// A whole number within a range.
        case count(ClosedRange<Int>)
        /// A number from 0 to `Limits.longestCallSeconds`, with a fraction or without.
        case seconds
        case boolean
        case object
        /// What WebRTC calls a session description: an object with the strings `type` and `sdp`.
        case sessionDescription
        /// Anything, null too.
        case any
        case oneOf([StaticString])
        /// A message id of the client's own: 1 to 128 printable ASCII characters.
        case messageID
    }

    let name: String
    let kind: Kind
    let isRequired: Bool

    static func required(_ name: String, _ kind: Kind) -> Field {
        Field(name: name, kind: kind, isRequired: true)
    }

    static func optional(_ name: String, _ kind: Kind) -> Field {
        Field(name: name, kind: kind, isRequired: false)
    }
}

/// A member, or several, of the object that the relay sends.
public enum Part: Sendable {
    case senderID(String)
    case senderName(String)
    /// The e-mail address of the sender's account.
    case senderEmail(String)
    /// The Socket.IO id of the sender's connection.
    case senderSocket(String)
    /// The peer as the sender wrote it.
    case addressed(String)
    case messageID(String)
    case timestamp(String)
    case roomName(String)
    /// A value that is always the same, as JSON text.
    case constant(String, String)
    /// The sender's field of the same name, byte for byte, if it was there.
    case field(String)
    /// The sender's field, or this JSON text where it was left out.
    case fieldOr(String, String)
    /// Every member that the sender wrote and that has no meaning to the relay, byte for byte.
    case rest
}

/// Whom the address field of a row names, who are those that get its event.
enum Audience: Sendable {
    /// A user, or one connection of a user.
    case peer
    /// The same, but only connections that share a named room with the sender.
    case roommate
    /// The others in a named room; the sender must be in it.
    case room
}

/// What happens with an event whose peer has no connection.
enum OfflineRule: Sendable {
    case error
    case ignore
    case keep
    /// It waits in the peer's mailbox; while there is a connection, it goes through memory alone.
    case post
}

/// What the audit log holds of an event: its name there, and which fields are written down.
struct AuditRule: Sendable {
    let name: String
    /// Fields that are numbers; nothing else of a message may be logged.
    let numbers: [String]
}

/// One event that clients send: a row of the table that drives the relay.
public final class Route: Sendable {
    /// What the relay does before it sends the two events of the row; an error is sent instead.
    typealias Action =
        @Sendable (inout RelayServer, borrowing OutgoingEvent) throws(EventError) -> Void

    struct Event: Sendable {
        let name: String
        let parts: [Part]

        init(_ name: String, _ parts: Part...) {
            self.name = name
            self.parts = parts
        }
    }

    public let event: String
    public let family: Family
    /// The names that the address field may have; the first one is told of in errors.
    let addresses: [String]
    let audience: Audience
    let fields: [Field]
    let peerGets: Event?
    let senderGets: Event?
    let action: Action?
    let whenOffline: OfflineRule
    /// Where a message comes in parts: the event that tells the sender `{messageId}` once all were
    /// accepted. The fields `chunkNumber` and `totalChunks` tell the parts apart.
    let whenComplete: String?
    /// Whether the hooks are told when it comes for somebody who has no connection.
    let isNoticed: Bool
    let audit: AuditRule?
    /// The event that tells the sender what is wrong.
    let errorEvent: String

    var address: String { addresses[0] }

    init(
        _ event: String, _ family: Family, to addresses: String..., audience: Audience = .peer,
        fields: [Field] = [], peerGets: Event? = nil, senderGets: Event? = nil,
        whenComplete: String? = nil, action: Action? = nil, whenOffline: OfflineRule = .error,
        isNoticed: Bool = false, audit: AuditRule? = nil, errorEvent: String = "error"
    ) {
        self.event = event
        self.family = family
        self.addresses = addresses
        self.audience = audience
        self.fields = fields
        self.peerGets = peerGets
        self.senderGets = senderGets
        self.whenComplete = whenComplete
        self.action = action
        self.whenOffline = whenOffline
        self.isNoticed = isNoticed
        self.audit = audit
        self.errorEvent = errorEvent
    }
}
