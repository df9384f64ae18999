public import Clock
public import Crypto
public import HTTP

/// A connection of one client, by a small number that its owner gives out and uses again once the
/// relay was told that the connection is gone.
public typealias SocketNumber = Int

/// A REST request that waits for its answer, by a number of its owner's.
public typealias RequestNumber = Int

/// When a connection came or a message was sent, among all of them: what came later has more.
public typealias Serial = UInt64

/// Something to be brought back with its result.
public typealias Ticket = UInt64

/// Sends an event, given by its name and its arguments, on a connection that has room for it now; it
/// may be lost with the connection. False where there is no room.
public typealias SendNow = (
    SocketNumber, _ name: Span<UInt8>, _ arguments: Span<UInt8>
) -> Bool

/// What the relay wants done. The effects of an input are carried out in order.
public enum Effect: Sendable {
    /// Let the client in: Socket.IO's CONNECT is answered with this id.
    case accept(SocketNumber, socketID: String, RecoveryAnswer?)
    /// Turn it away: CONNECT_ERROR with this message and `data: {"code": …}`.
    case refuse(SocketNumber, message: String, code: String)
    /// Send an EVENT packet.
    case emit(SocketNumber, EventText, Delivery)
    /// Send an ACK packet with these arguments.
    case acknowledge(SocketNumber, id: UInt64, arguments: [UInt8])
    /// Call `drained` once nothing waits to be sent on this connection.
    case reportDrained(SocketNumber)
    /// Read nothing from the connection for so long.
    case pause(SocketNumber, for: Duration)
    /// End the connection, after what was sent on it.
    case close(SocketNumber, reason: CloseReason)
    case respond(RequestNumber, Response)
    /// A request is refused, for the log; its answer follows.
    case refuseRequest(RequestNumber, code: String)
    case store(Ticket, StoreOperation)
    case password(Ticket, PasswordJob)
    /// Let the operator's hooks know that a user is wanted.
    case notice(Notice)
    /// Lines for an operator. After the last one there are no more for this number.
    case reply(ControlNumber, lines: [[UInt8]], isLast: Bool)
    case log(LogLevel, String)
}

/// Something came for a user who has no connection, or somebody asks for one: all that a push
/// service may learn of it.
public struct Notice: Equatable, Sendable {
    public let userID: String
    /// The event that came, as clients name it: `send_message`, `call_initiate`, `notify` and so on.
    public let event: String
    public let time: Timestamp
    /// For the event `alert`: which rule raised it. The user is empty where it is about none.
    public let rule: String?

    public init(userID: String, event: String, time: Timestamp, rule: String? = nil) {
        self.userID = userID
        self.rule = rule
        self.event = event
        self.time = time
    }
}

/// An event as it goes over the wire.
public struct EventText: Equatable, Sendable {
    /// Its name in UTF-8.
    public let nameText: [UInt8]
    /// The JSON texts of the arguments, with commas between.
    public let arguments: [UInt8]

    public init(name: String, arguments: [UInt8]) {
        self.init(nameText: Array(name.utf8), arguments: arguments)
    }

    init(nameText: [UInt8], arguments: [UInt8]) {
        self.nameText = nameText
        self.arguments = arguments
    }

    public var name: String { String(decoding: nameText, as: UTF8.self) }

    /// What it counts for where memory is bounded.
    var byteCount: Int { nameText.count + arguments.count + Self.overhead }
    static let overhead = 128

    /// One byte string that holds both: how the store keeps it.
    var stored: [UInt8] { nameText + [0] + arguments }

    /// Undoes `stored`; nil for other bytes.
    init?(stored: [UInt8]) {
        guard let end = stored.firstIndex(of: 0) else { return nil }
        self.init(
            nameText: Array(stored[..<end]),
            arguments: Array(stored[(end + 1)...]))
    }
}

/// What becomes of an event that its connection does not live to read.
public enum Delivery: Equatable, Sendable {
    /// It does not matter any more.
    case transient
    /// It is a message that is not in the store: give it back with `undelivered`.
    ///
    /// All connections of its mailbox with a lower serial got it; none has one lower than zero.
    case message(Serial)
    /// It is in the store. Report the row with `written` once the bytes are with the system.
    case row(Int64)
    /// It is in the store, and stays there until the client or another connection has it.
    case stored(Int64)

    /// Its row in the store, where it has one.
    public var storedRow: Int64? {
        switch self {
        case .transient, .message: nil
        case .row(let row), .stored(let row): row
        }
    }
}

/// A message that was emitted as `Delivery.message`, to be given back.
public struct EmittedMessage: Equatable, Sendable {
    public let event: EventText
    public let serial: Serial

    public init(_ event: EventText, _ serial: Serial) {
        self.event = event
        self.serial = serial
    }
}

/// A line's weight in the log.
public enum LogLevel: Sendable {
    /// Something an operator must look at.
    case warning
    /// Life of the server.
    case notice
    /// One line for each connection and request.
    case detail
}

/// Argon2id work, which takes some 30 ms and is done on a thread of its own.
public enum PasswordJob: Sendable {
    /// Make the hash to be stored.
    case hash(SharedSecret)
    /// Compare with a stored hash; with nil, take as long and say no.
    ///
    /// With `amongImported`, take as long for every hash as for one that was imported and is made
    /// anew, so that the time does not tell them apart.
    case verify(SharedSecret, hash: String?, amongImported: Bool = false)
}

public enum PasswordResult: Sendable {
    case hash(String)
    case isRight(Bool)
    /// The password is right; its hash was imported, and this is one of today for its place.
    case isRightAnew(hash: String)
    /// The hash is of a kind that needs a library which is not there.
    case unsupported
    /// Too many wait already, or there is no memory for it.
    case busy
}
