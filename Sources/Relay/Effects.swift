public import Crypto
public import HTTP

/// A connection of one client, by a small number that its owner gives out and uses again once the
/// relay was told that the connection is gone.
public typealias SocketNumber = Int

/// A REST request that waits for its answer, by a number of its owner's.
public typealias RequestNumber = Int

/// Something to be brought back with its result.
public typealias Ticket = UInt64

/// What the relay wants done. The effects of an input are carried out in order.
public enum Effect: Sendable {
    /// Let the client in: Socket.IO's CONNECT is answered with its socket id.
    case accept(SocketNumber)
    /// Turn it away: CONNECT_ERROR with this message and `data: {"code": …}`.
    case refuse(SocketNumber, message: String, code: String)
    /// Send an EVENT packet whose payload is this JSON array. With a `row` other than 0, report
    /// it by `written` once the bytes have been handed to the system.
    case emit(SocketNumber, event: [UInt8], row: Int64)
    /// Send an ACK packet whose payload is this JSON array.
    case acknowledge(SocketNumber, id: UInt64, arguments: [UInt8])
    /// Call `drained` once nothing waits to be sent on this connection.
    case reportDrained(SocketNumber)
    /// Read nothing from the connection for so long.
    case pause(SocketNumber, for: Duration)
    /// End the connection, after what was sent on it.
    case close(SocketNumber, reason: String)
    case respond(RequestNumber, Response)
    case store(Ticket, StoreOperation)
    case password(Ticket, PasswordJob)
    case log(LogLevel, String)
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
    case verify(SharedSecret, hash: String?)
}

public enum PasswordResult: Sendable {
    case hash(String)
    case isRight(Bool)
    /// Too many wait already, or there is no memory for it.
    case busy
}
