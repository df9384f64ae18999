import Clock
import EngineIO
import HTTP
import SocketIO
import Support
import WebSocket

/// A Socket.IO server whose connections are arrays, in a time of its own.
struct Harness {
    var server: SocketIO.Server
    var now = Instant.origin
    /// What each connection was sent and nobody has taken yet.
    var sent: [Int: [UInt8]] = [:]
    var finished: Set<Int> = []
    var log: [String] = []
    /// The sockets that asked to be let in, in order.
    var sockets: [Socket] = []
    /// How many bytes each connection takes at a time.
    var window = Int.max
    private var clients: [Int: Endpoint] = [:]
    private var dirty: [Int] = []

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

    mutating func open(_ id: Int) { server.open(id, remote: "192.0.2.\(id)", at: now) }

    /// Feeds bytes and handles all that comes of them as an echo server does.
    mutating func receive(_ bytes: [UInt8], on id: Int) {
        server.receive(bytes[...], on: id, at: now)
        turn()
    }

    mutating func close(_ id: Int) {
        server.closed(id, at: now)
        turn()
    }

    mutating func advance(_ duration: Duration) {
        now = now + duration
        server.advance(to: now)
        turn()
    }

    /// Jumps from deadline to deadline up to the moment that is `duration` away.
    mutating func pass(_ duration: Duration) {
        let end = now + duration
        while let deadline = server.deadline, deadline <= end {
            now = max(now, deadline)
            server.advance(to: now)
            turn()
        }
        now = end
    }

    mutating func turn() {
        while let output = server.nextOutput() { handle(output) }
        server.takeDirty(into: &dirty)
        for id in dirty { flush(id) }
    }

    mutating func flush(_ id: Int) {
        let (window, before) = (window, sent[id] ?? [])
        var taken: [UInt8] = []
        let flushed = unsafe server.flush(id) { bytes in
            taken = unsafe Array(bytes.prefix(window))
            return taken.count
        }
        sent[id] = before + taken
        if case .finished = flushed { finished.insert(id) }
    }

    private mutating func handle(_ output: SocketIO.Server.Output) {
        switch output {
        case .request(let token, let request, _):
            log.append("request \(request.method.rawValue) \(request.target.path)")
            server.respond(to: token, .text(.ok, "hi \(request.target.path)"))
        case .connecting(let socket, let namespace, let auth, _):
            let auth = String(decoding: auth, as: UTF8.self)
            sockets.append(socket)
            log.append("connecting \(namespace) \(auth)")
            if auth.contains("bad") {
                server.refuse(socket, message: "no", data: Array("{\"code\":7}".utf8))
            } else {
                server.accept(socket, sid: "S\(socket.slot)")
            }
        case .event(let event):
            let arguments = String(decoding: event.arguments, as: UTF8.self)
            log.append("event \(event.name) \(arguments)")
            if let acknowledgement = event.acknowledgement {
                server.answer(
                    acknowledgement, event.arguments.span, attachments: event.attachments)
            } else {
                server.emit(
                    event.name + "-back", event.arguments.span, attachments: event.attachments,
                    to: event.socket)
            }
        case .acknowledged(_, let id, let arguments, _):
            log.append("acknowledged \(id) \(String(decoding: arguments, as: UTF8.self))")
        case .disconnected(_, let reason): log.append("disconnected \(reason.text)")
        }
    }

    // MARK: A client's side

    static func get(_ target: String, _ fields: String = "") -> [UInt8] {
        Array("GET \(target) HTTP/1.1\r\nHost: h\r\n\(fields)\r\n".utf8)
    }

    static func post(_ target: String, _ body: String) -> [UInt8] {
        Array(
            "POST \(target) HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                .utf8)
    }

    static let upgradeFields =
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

    /// The responses that a connection was sent.
    mutating func responses(_ id: Int) -> [Response] {
        var parser = ResponseParser(limits: Limits(bodyByteCount: 1 << 20))
        var input = (sent[id] ?? [])[...]
        var responses: [Response] = []
        while let response = try? parser.next(&input) {
            responses.append(response)
            if response.status == .switchingProtocols { break }
        }
        sent[id] = Array(input)
        return responses
    }

    /// The one response to a request, as status and body.
    mutating func exchange(_ request: [UInt8], on id: Int) -> String {
        receive(request, on: id)
        return responses(id).map {
            "\($0.status.rawValue) \(String(decoding: $0.body, as: UTF8.self))"
        }.joined(separator: "|")
    }

    /// Opens a polling session on a connection of its own and gives its id.
    mutating func poll(on id: Int) -> String {
        open(id)
        let answer = exchange(Self.get("/socket.io/?EIO=4&transport=polling"), on: id)
        return String(answer.dropFirst(13).prefix(20))
    }

    /// Opens a WebSocket connection; its messages are then read by `messages`.
    mutating func openWebSocket(_ id: Int, query: String = "") {
        open(id)
        receive(
            Self.get("/socket.io/?EIO=4&transport=websocket\(query)", Self.upgradeFields), on: id)
        _ = responses(id)
        clients[id] = Endpoint(
            clientWithMessageLimit: 1 << 20, keys: MaskingKeys(SplitMix64(seed: 2)))
    }

    /// Sends text messages, all in one piece or byte by byte.
    mutating func say(_ texts: String..., on id: Int, singly: Bool = false) {
        var bytes: [UInt8] = []
        for text in texts { clients[id]?.send(text: text.utf8, to: &bytes) }
        if singly {
            for byte in bytes { receive([byte], on: id) }
        } else {
            receive(bytes, on: id)
        }
    }

    mutating func say(binary: [UInt8], on id: Int) {
        var bytes: [UInt8] = []
        clients[id]?.send(binary: binary, to: &bytes)
        receive(bytes, on: id)
    }

    /// The messages that came on a WebSocket connection; binary ones in brackets.
    mutating func messages(_ id: Int) -> [String] {
        var input = (sent[id] ?? [])[...]
        sent[id] = []
        var (scratch, output, messages) = ([UInt8](), [UInt8](), [String]())
        while let event = clients[id]?.next(&input, scratch: &scratch, output: &output) {
            switch event {
            case .text(let text): messages.append(String(decoding: text, as: UTF8.self))
            case .binary(let bytes): messages.append("\(Array(bytes))")
            case .closed(let code, _): messages.append("close \(code?.rawValue ?? 0)")
            case .failed(let error): messages.append("failed \(error)")
            }
        }
        if !output.isEmpty { receive(output, on: id) }
        return messages
    }
}
