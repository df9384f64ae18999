import Clock
import EngineIO
import Glibc
import Platform
import SocketIO
import Sockets

/// A server for the conformance suites of the protocols:
///
///     protocol-echo socketio|engineio|websocket [PORT]
///
/// It has the options and echoes that the suites expect, and is built only for development.
@main struct ProtocolEcho {
    static func main() throws {
        let words = CommandLine.arguments
        let port = words.count > 2 ? UInt16(words[2]) ?? 3000 : 3000
        let loop = try EventLoop()
        let service: any EchoService
        switch words.dropFirst().first {
        case "engineio": service = EngineEcho(on: loop)
        case "websocket": service = WebSocketEcho()
        default: service = SocketEcho(on: loop)
        }
        guard let address = SocketAddress(host: "*", port: port) else { return }
        let listener = try TCPListener(on: loop, address: address) { connection in
            connection.owner = EchoConnection(service, connection)
        }
        loop.atEndOfEveryTurn { service.endTurn() }
        print("listening on \(listener.address)")
        fflush(nil)
        try loop.run()
        _ = listener
    }
}

/// What stands behind the connections.
protocol EchoService: AnyObject {
    func opened(_ connection: EchoConnection)
    func received(_ bytes: ArraySlice<UInt8>, on connection: EchoConnection)
    func drained(_ connection: EchoConnection)
    func closed(_ connection: EchoConnection)
    func endTurn()
}

final class EchoConnection: TCPConnectionOwner {
    let service: any EchoService
    let transport: TCPConnection
    var id = -1

    init(_ service: any EchoService, _ transport: TCPConnection) {
        self.service = service
        self.transport = transport
        service.opened(self)
    }

    func connection(_ connection: TCPConnection, received bytes: ArraySlice<UInt8>) {
        service.received(bytes, on: self)
    }

    func connectionDrained(_ connection: TCPConnection) { service.drained(self) }

    func connection(_ connection: TCPConnection, closedBecause reason: TCPConnection.Closure) {
        service.closed(self)
    }
}

/// Small numbers for connections, as the servers want them.
struct ConnectionTable {
    private var connections: [EchoConnection?] = []
    private var free: [Int] = []

    subscript(id: Int) -> EchoConnection? { id < connections.count ? connections[id] : nil }

    mutating func add(_ connection: EchoConnection) -> Int {
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
}
