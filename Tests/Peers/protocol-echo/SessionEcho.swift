import Clock
import EngineIO
import HTTP
import Platform
import SessionSupport
import SocketIO
import Sockets

/// The options that the suites expect.
func suiteConfiguration(path: String) -> EngineIO.Configuration {
    var configuration = EngineIO.Configuration()
    configuration.path = path
    configuration.pingInterval = .milliseconds(300)
    configuration.pingTimeout = .milliseconds(200)
    configuration.maxPayload = 1_000_000
    return configuration
}

/// Drives a server of either protocol; a subclass says back what comes.
class SessionEcho<Server: SessionServer>: EchoService {
    var server: Server
    private let loop: EventLoop
    private var table = ConnectionTable()
    private var dirty: [Int] = []
    private var timer: EventLoop.Timer?

    init(_ server: Server, on loop: EventLoop) {
        self.server = server
        self.loop = loop
        timer = EventLoop.Timer(on: loop) { [unowned self] in
            self.server.advance(to: loop.now)
            handleOutputs()
        }
    }

    func handle(_ output: Server.Output) {}

    private func handleOutputs() {
        while let output = server.nextOutput() { handle(output) }
    }

    func opened(_ connection: EchoConnection) {
        connection.id = table.add(connection)
        let address = connection.transport.peerAddress?.host ?? ""
        server.open(connection.id, remote: address, at: loop.now)
    }

    func received(_ bytes: ArraySlice<UInt8>, on connection: EchoConnection) {
        guard connection.id >= 0 else { return }
        server.receive(bytes, on: connection.id, at: loop.now)
        handleOutputs()
    }

    func drained(_ connection: EchoConnection) { flush(connection.id) }

    func closed(_ connection: EchoConnection) {
        guard connection.id >= 0 else { return }
        server.closed(connection.id, at: loop.now)
        if table[connection.id] === connection { table.remove(connection.id) }
        handleOutputs()
    }

    func endTurn() {
        server.takeDirty(into: &dirty)
        for id in dirty { flush(id) }
        if let deadline = server.deadline {
            timer?.schedule(at: deadline)
        } else {
            timer?.cancel()
        }
    }

    /// Hands on what the system has room for, and ends what has ended.
    private func flush(_ id: Int) {
        guard case .finished = server.flush(id, write: { write($0, to: id) }),
            let connection = table[id]
        else { return }
        table.remove(id)
        connection.id = -1
        connection.transport.close()
    }

    /// All or nothing: `drained` is called only where something had to wait.
    private func write(_ bytes: UnsafeRawBufferPointer, to id: Int) -> Int {
        guard let transport = table[id]?.transport, transport.queuedByteCount == 0 else { return 0 }
        transport.withOutput { $0.append(contentsOf: bytes) }
        return bytes.count
    }
}

/// Says back every message of a session.
final class EngineEcho: SessionEcho<EngineIO.Server> {
    init(on loop: EventLoop) {
        super.init(EngineIO.Server(suiteConfiguration(path: "/engine.io/")), on: loop)
    }

    override func handle(_ output: EngineIO.Server.Output) {
        switch output {
        case .request(let token, _, _): server.respond(to: token, Response(.notFound))
        case .text(let session, let text):
            server.sendText(to: session, byteCount: text.count) { $0.append(contentsOf: text) }
        case .binary(let session, let bytes): server.sendBinary(to: session, bytes)
        case .opened, .closed: break
        }
    }
}

/// `message` is answered with `message-back`, `message-with-ack` by its acknowledgement, and a
/// CONNECT by an `auth` event with its payload.
final class SocketEcho: SessionEcho<SocketIO.Server> {
    init(on loop: EventLoop) {
        var configuration = SocketIO.Configuration()
        configuration.engine = suiteConfiguration(path: "/socket.io/")
        configuration.connectTimeout = .seconds(1)
        configuration.namespaces = ["/custom"]
        super.init(SocketIO.Server(configuration), on: loop)
    }

    override func handle(_ output: SocketIO.Server.Output) {
        switch output {
        case .request(let token, _, _): server.respond(to: token, Response(.notFound))
        case .connecting(let socket, _, let auth, _):
            server.accept(socket, sid: "socket\(socket.slot)")
            let arguments = auth.isEmpty ? [0x7b, 0x7d] : auth
            server.emit("auth", arguments.span, to: socket)
        case .event(let event): server.echo(event)
        case .acknowledged, .disconnected: break
        }
    }
}
