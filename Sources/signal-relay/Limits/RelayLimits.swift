internal import EngineIO
internal import Relay
internal import SocketIO

/// Every limit that an operator may set.
struct RelayLimits: Sendable {
    var relay = Relay.Limits()
    var protocols = SocketIO.Configuration()
    var host = HostLimits()

    init() {
        protocols.engine.maximumBufferedByteCount = 4 << 20
        protocols.engine.requestBodyByteCount = relay.bodyByteCount
    }
}

/// Limits of the relay's shell.
struct HostLimits: Sendable {
    /// Bytes that may wait for a connection before what comes for it goes into the store.
    var congestionByteCount = 512 << 10
    /// TCP connections from one network address.
    var connectionsPerAddress = 50_000
    /// Bytes that the database may grow to; 0 for as many as the disk holds.
    var databaseByteCount = 0
}
