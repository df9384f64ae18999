import Clock
import EngineIO
import HTTP
import Platform
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

/// What both servers' drivers share.
class SessionEcho: EchoService {
    let loop: EventLoop
    var table = ConnectionTable()
    var dirty: [Int] = []
    private var timer: EventLoop.Timer?

    init(_ loop: EventLoop) {
        self.loop = loop
        timer = EventLoop.Timer(on: loop) { [unowned self] in advance() }
    }

    func opened(_ connection: EchoConnection) { connection.id = table.add(connection) }
    func received(_ bytes: ArraySlice<UInt8>, on connection: EchoConnection) {}
    func drained(_ connection: EchoConnection) { flush(connection.id) }

    func closed(_ connection: EchoConnection) {
        if table[connection.id] === connection { table.remove(connection.id) }
    }

    var deadline: Instant? { nil }
    func advance() {}
    func takeDirty() {}
    func flush(_ id: Int) {}

    func endTurn() {
        takeDirty()
        for id in dirty { flush(id) }
        if let deadline { timer?.schedule(at: deadline) } else { timer?.cancel() }
    }

    /// Hands on what the system has room for, and ends what has ended.
    func flush(_ id: Int, _ flushed: EngineIO.Server.Flushed) {
        guard case .finished = flushed, let connection = table[id] else { return }
        table.remove(id)
        connection.id = -1
        connection.transport.close()
    }

    /// All or nothing: `drained` is called only where something had to wait.
    func write(_ bytes: UnsafeRawBufferPointer, to id: Int) -> Int {
        guard let transport = table[id]?.transport, transport.queuedByteCount == 0 else { return 0 }
        transport.withOutput { $0.append(contentsOf: bytes) }
        return bytes.count
    }
}

/// Says back every message of a session.
final class EngineEcho: SessionEcho {
    private var server = EngineIO.Server(suiteConfiguration(path: "/engine.io/"))

    override func opened(_ connection: EchoConnection) {
        super.opened(connection)
        server.open(connection.id, remote: "", at: loop.now)
    }

    override func received(_ bytes: ArraySlice<UInt8>, on connection: EchoConnection) {
        guard connection.id >= 0 else { return }
        server.receive(bytes, on: connection.id, at: loop.now)
        handleOutputs()
    }

    override func closed(_ connection: EchoConnection) {
        guard connection.id >= 0 else { return }
        server.closed(connection.id, at: loop.now)
        super.closed(connection)
        handleOutputs()
    }

    override var deadline: Instant? { server.deadline }
    override func takeDirty() { server.takeDirty(into: &dirty) }
    override func flush(_ id: Int) { flush(id, server.flush(id) { write($0, to: id) }) }

    override func advance() {
        server.advance(to: loop.now)
        handleOutputs()
    }

    private func handleOutputs() {
        while let output = server.nextOutput() {
            switch output {
            case .request(let token, _, _): server.respond(to: token, Response(.notFound))
            case .text(let session, let text):
                server.sendText(to: session, byteCount: text.count) { $0.append(contentsOf: text) }
            case .binary(let session, let bytes): server.sendBinary(to: session, bytes)
            case .opened, .closed: continue
            }
        }
    }
}

/// `message` is answered with `message-back`, `message-with-ack` by its acknowledgement, and a
/// CONNECT by an `auth` event with its payload.
final class SocketEcho: SessionEcho {
    private var server: SocketIO.Server

    override init(_ loop: EventLoop) {
        var configuration = SocketIO.Configuration()
        configuration.engine = suiteConfiguration(path: "/socket.io/")
        configuration.connectTimeout = .seconds(1)
        configuration.namespaces = ["/custom"]
        server = SocketIO.Server(configuration)
        super.init(loop)
    }

    override func opened(_ connection: EchoConnection) {
        super.opened(connection)
        let address = connection.transport.peerAddress?.host ?? ""
        server.open(connection.id, remote: address, at: loop.now)
    }

    override func received(_ bytes: ArraySlice<UInt8>, on connection: EchoConnection) {
        guard connection.id >= 0 else { return }
        server.receive(bytes, on: connection.id, at: loop.now)
        handleOutputs()
    }

    override func closed(_ connection: EchoConnection) {
        guard connection.id >= 0 else { return }
        server.closed(connection.id, at: loop.now)
        super.closed(connection)
        handleOutputs()
    }

    override var deadline: Instant? { server.deadline }
    override func takeDirty() { server.takeDirty(into: &dirty) }
    override func flush(_ id: Int) { flush(id, server.flush(id) { write($0, to: id) }) }

    override func advance() {
        server.advance(to: loop.now)
        handleOutputs()
    }

    private func handleOutputs() {
        while let output = server.nextOutput() {
            switch output {
            case .request(let token, _, _): server.respond(to: token, Response(.notFound))
            case .connecting(let socket, _, let auth, _):
                server.accept(socket, sid: "socket\(socket.slot)")
                let arguments = auth.isEmpty ? [0x7b, 0x7d] : auth
                server.emit("auth", arguments.span, to: socket)
            case .event(let event): echo(event)
            case .acknowledged, .disconnected: continue
            }
        }
    }

    private func echo(_ event: Event) {
        if let acknowledgement = event.acknowledgement {
            server.answer(acknowledgement, event.arguments.span, attachments: event.attachments)
        } else {
            server.emit(
                event.name + "-back", event.arguments.span, attachments: event.attachments,
                to: event.socket)
        }
    }
}
