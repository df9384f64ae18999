internal import Relay
internal import SocketIO

/// Every limit that an operator may set.
struct RelayLimits: Sendable {
    var relay = Relay.Limits()
    /// Of this those members alone that `relay` has not.
    var protocols = SocketIO.Configuration()
    /// Bytes that the database may grow to; 0 for as many as the disk holds.
    var databaseBytes = 0
}
