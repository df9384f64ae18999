/// How much a server has to do at a moment.
public struct Load: Equatable, Sendable {
    public var pollingCount = 0
    public var webSocketCount = 0
    /// Bytes that wait to be taken by clients.
    public var bufferedByteCount = 0
}

extension Server {
    /// What was refused to network addresses since the beginning.
    public var addressRefusals: AddressRefusals { addresses.refusals }

    /// Looks at every session, so ask seldom.
    public var load: Load {
        var load = Load()
        for case .some(let session) in sessions {
            if session.isPolling { load.pollingCount += 1 } else { load.webSocketCount += 1 }
            load.bufferedByteCount += session.waitingByteCount
        }
        for case .some(let connection) in connections {
            load.bufferedByteCount += connection.pendingByteCount
        }
        return load
    }
}
