internal import Platform
internal import Relay
internal import SocketIO
internal import Sockets

/// One TCP connection of the relay, which may carry HTTP, polling or WebSocket.
final class RelayConnection: TCPConnectionOwner {
    private unowned let host: RelayHost
    let transport: TCPConnection
    /// Its number in the table; -1 once the protocols have done with it.
    var id = -1

    init(_ host: RelayHost, _ transport: TCPConnection) {
        self.host = host
        self.transport = transport
    }

    func connection(_ connection: TCPConnection, received bytes: ArraySlice<UInt8>) {
        host.received(bytes, on: self)
    }

    func connectionDrained(_ connection: TCPConnection) { host.flush(id) }

    func connection(_ connection: TCPConnection, closedBecause reason: TCPConnection.Closure) {
        host.closed(self)
    }
}

/// Small numbers for connections, as the protocol server wants them.
struct ConnectionTable {
    private var connections: [RelayConnection?] = []
    private var free: [Int] = []

    subscript(id: Int) -> RelayConnection? {
        connections.indices.contains(id) ? connections[id] : nil
    }

    mutating func add(_ connection: RelayConnection) -> Int {
        if let id = free.popLast() {
            connections[id] = connection
            return id
        }
        connections.append(connection)
        return connections.count - 1
    }

    mutating func remove(_ id: Int) {
        connections[id] = nil
        free.append(id)
    }

    var open: [RelayConnection] { connections.compactMap { $0 } }
}

/// The clients that were let in, or wait to be, by the slots of their sockets.
struct ClientTable {
    struct Client {
        let socket: Socket
        /// Messages and rows that were emitted and may not have left yet, oldest first.
        var unsent: [EmittedMessage] = []
        var unsentByteCount = 0
        var rows: [Int64] = []
        var isWatched = false
        var wantsDrained = false
        /// Whether rows are left in the store until all that waits is sent.
        var isHeld = false
    }

    private var clients: [Client?] = []
    /// Slots of clients of which something is to be known after the next flush.
    private(set) var watched: [Int] = []

    subscript(slot: SocketNumber) -> Client? {
        get { clients.indices.contains(slot) ? clients[slot] : nil }
        set {
            while clients.count <= slot { clients.append(nil) }
            clients[slot] = newValue
        }
    }

    func socket(_ slot: SocketNumber) -> Socket? {
        clients.indices.contains(slot) ? clients[slot]?.socket : nil
    }

    var sockets: [Socket] { clients.compactMap { $0?.socket } }

    /// Notes what was emitted, so that its fate can be told.
    mutating func emitted(_ event: EventText, _ delivery: Delivery, on slot: SocketNumber) {
        switch delivery {
        case .transient: return
        case .message(let serial):
            clients[slot]?.unsent.append(EmittedMessage(event, serial))
            clients[slot]?.unsentByteCount += event.arguments.count
        case .row(let row): clients[slot]?.rows.append(row)
        case .stored: return
        }
        watch(slot)
    }

    mutating func watchForDrain(_ slot: SocketNumber) {
        guard clients.indices.contains(slot), clients[slot] != nil else { return }
        clients[slot]?.wantsDrained = true
        watch(slot)
    }

    private mutating func watch(_ slot: SocketNumber) {
        guard clients[slot]?.isWatched == false else { return }
        clients[slot]?.isWatched = true
        watched.append(slot)
    }

    /// The watched slots; those that are still to be watched must be given back.
    mutating func takeWatched() -> [Int] {
        var taken: [Int] = []
        swap(&taken, &watched)
        for slot in taken { clients[slot]?.isWatched = false }
        return taken
    }

    mutating func watchAgain(_ slot: SocketNumber) { watch(slot) }

    /// All that was emitted to a client has left.
    ///
    /// - Returns: the rows among it, and whether that was to be told.
    mutating func sent(_ slot: SocketNumber) -> (rows: [Int64], wantsDrained: Bool) {
        defer {
            clients[slot]?.unsent.removeAll(keepingCapacity: false)
            clients[slot]?.unsentByteCount = 0
            clients[slot]?.rows = []
            clients[slot]?.wantsDrained = false
            clients[slot]?.isHeld = false
        }
        return (clients[slot]?.rows ?? [], clients[slot]?.wantsDrained ?? false)
    }

    /// Only so many bytes still wait: messages before them have left.
    mutating func trim(_ slot: SocketNumber, waiting byteCount: Int) {
        guard var client = clients[slot] else { return }
        clients[slot] = nil
        var first = 0
        while first < client.unsent.count,
            client.unsentByteCount - client.unsent[first].event.arguments.count >= byteCount
        {
            client.unsentByteCount -= client.unsent[first].event.arguments.count
            first += 1
        }
        client.unsent.removeFirst(first)
        clients[slot] = client
    }
}
