import Clock
import EngineIO
import HTTP
import SessionSupport
import SocketIO
import Support

/// A Socket.IO server that says back every event, as `NAME-back` or as its acknowledgement.
struct Harness: ServerHarness {
    var server: SocketIO.Server
    var wires = Wires()
    var log: [String] = []
    /// The sockets that asked to be let in, in order.
    var sockets: [Socket] = []

    static var configuration: SocketIO.Configuration {
        var configuration = SocketIO.Configuration()
        configuration.namespaces = ["/custom"]
        configuration.engine.maxPayload = 10_000
        configuration.engine.maximumBufferedByteCount = 20_000
        return configuration
    }

    init(_ configuration: SocketIO.Configuration = Self.configuration) {
        server = SocketIO.Server(configuration, using: SplitMix64(seed: 11))
    }

    /// Of each socket, whether it is the only one of its transport.
    mutating func areAlone() -> [Bool] { sockets.map { server.isAlone($0) } }

    mutating func advance(_ duration: Duration) {
        now = now + duration
        server.advance(to: now)
        turn()
    }

    mutating func handle(_ output: SocketIO.Server.Output) {
        switch output {
        case .request(let token, let request, _):
            log.append("request \(request.method.rawValue) \(request.target.path)")
            server.respond(to: token, .text(.ok, "hi \(request.target.path)"))
        case .connecting(let socket, let namespace, let auth, _):
            connect(socket, to: namespace, auth: String(decoding: auth, as: UTF8.self))
        case .event(let event): echo(event)
        case .acknowledged(_, let id, let arguments, _):
            log.append("acknowledged \(id) \(String(decoding: arguments, as: UTF8.self))")
        case .disconnected(_, let reason): log.append("disconnected \(reason.text)")
        }
    }

    private mutating func connect(_ socket: Socket, to namespace: String, auth: String) {
        sockets.append(socket)
        log.append("connecting \(namespace) \(auth)")
        if auth.contains("bad") {
            server.refuse(socket, message: "no", data: Array("{\"code\":7}".utf8))
        } else {
            server.accept(socket, sid: "S\(socket.slot)")
        }
    }

    private mutating func echo(_ event: Event) {
        let arguments = String(decoding: event.arguments, as: UTF8.self)
        log.append("event \(event.name) \(arguments)")
        server.echo(event)
    }

    /// What is answered to a request at once, as status and body.
    mutating func exchange(_ request: [UInt8], on id: Int) -> String {
        receive(request, on: id)
        return answers(id)
    }

    /// Opens a polling session on a connection of its own and gives its id.
    mutating func poll(on id: Int) -> String {
        open(id)
        let answer = exchange(Self.get(Self.path + "polling"), on: id)
        return String(answer.dropFirst(13).prefix(20))
    }

    /// Opens a WebSocket connection.
    mutating func openWebSocket(_ id: Int, query: String = "") {
        openWebSocket(id, target: Self.path + "websocket" + query)
    }
}
