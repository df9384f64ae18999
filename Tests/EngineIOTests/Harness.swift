import Clock
import EngineIO
import HTTP
import Support
import WebSocket

/// An Engine.IO server whose connections are arrays, in a time of its own. It says back every
/// message.
struct Harness {
    var server: EngineIO.Server
    var now = Instant.origin
    /// What each connection was sent and nobody has taken yet.
    var sent: [Int: [UInt8]] = [:]
    var finished: Set<Int> = []
    var log: [String] = []
    /// The sessions that were opened, in order.
    var sessions: [Session] = []
    /// Requests that wait for the test to answer them.
    var requests: [RequestToken] = []
    /// How many bytes a connection takes at a time.
    var window = Int.max
    private var clients: [Int: Endpoint] = [:]
    private var dirty: [Int] = []

    static var configuration: Configuration {
        var configuration = Configuration()
        configuration.maxPayload = 1000
        configuration.maximumBufferedByteCount = 5000
        configuration.origins = .listed(["https://chat.example"])
        return configuration
    }

    init(_ configuration: Configuration = Self.configuration) {
        server = EngineIO.Server(configuration, using: SplitMix64(seed: 11))
    }

    // MARK: The driver's side

    /// The address that all connections come from; nil for one each.
    var address: String?

    mutating func open(_ id: Int) {
        server.open(id, remote: address ?? "192.0.2.\(id)", at: now)
    }

    mutating func receive(_ bytes: [UInt8], on id: Int) {
        server.receive(bytes[...], on: id, at: now)
        turn()
    }

    mutating func close(_ id: Int) {
        server.closed(id, at: now)
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
        let window = window
        var taken: [UInt8] = []
        let flushed = unsafe server.flush(id) { bytes in
            taken = unsafe Array(bytes.prefix(window))
            return taken.count
        }
        sent[id, default: []] += taken
        if case .finished = flushed { finished.insert(id) }
    }

    private mutating func handle(_ output: EngineIO.Server.Output) {
        switch output {
        case .request(let token, let request, _):
            log.append("request \(request.target.path)")
            requests.append(token)
        case .opened(let session, let remote):
            log.append("opened \(remote)")
            sessions.append(session)
        case .text(let session, let text):
            server.sendText(to: session, byteCount: text.count) { $0.append(contentsOf: text) }
        case .binary(let session, let bytes): server.sendBinary(to: session, bytes)
        case .closed(_, let reason): log.append(reason.rawValue)
        }
    }

    // MARK: A client's side

    static let path = "/socket.io/?EIO=4&transport="

    static func get(_ target: String, _ fields: String = "") -> [UInt8] {
        Array("GET \(target) HTTP/1.1\r\nHost: h\r\n\(fields)\r\n".utf8)
    }

    static func post(_ target: String, _ body: [UInt8]) -> [UInt8] {
        Array("POST \(target) HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.count)\r\n\r\n".utf8)
            + body
    }

    static let upgradeFields =
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

    /// The responses that a connection was sent and nobody has taken yet.
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

    static func text(_ responses: [Response]) -> String {
        responses.map { "\($0.status.rawValue) \(String(decoding: $0.body, as: UTF8.self))" }
            .joined(separator: "|")
    }

    mutating func answers(_ id: Int) -> String { Self.text(responses(id)) }

    /// What is answered to a request at once, as status and body; "" for nothing.
    mutating func exchange(_ request: [UInt8], on id: Int) -> String {
        if server.isOpen(id) == false { open(id) }
        receive(request, on: id)
        return answers(id)
    }

    /// Opens a polling session and gives its target.
    mutating func openPolling(on id: Int = 1) -> String {
        let answer = exchange(Self.get(Self.path + "polling"), on: id)
        return Self.path + "polling&sid=" + answer.dropFirst(13).prefix(20)
    }

    mutating func get(_ target: String, on id: Int) -> String {
        exchange(Self.get(target), on: id)
    }

    mutating func post(_ target: String, _ body: String, on id: Int) -> String {
        exchange(Self.post(target, Array(body.utf8)), on: id)
    }

    /// Opens a WebSocket connection, for the session of a polling target or a new one.
    @discardableResult
    mutating func openWebSocket(_ id: Int, _ target: String = Self.path) -> Status? {
        open(id)
        let target = target.replacing("transport=polling", with: "transport=websocket")
        let isNew = target == Self.path
        receive(Self.get(isNew ? target + "websocket" : target, Self.upgradeFields), on: id)
        clients[id] = Endpoint(
            clientWithMessageLimit: 1 << 20, keys: MaskingKeys(SplitMix64(seed: 2)))
        return responses(id).first?.status
    }

    mutating func say(_ texts: String..., on id: Int) {
        var bytes: [UInt8] = []
        for text in texts { clients[id]?.send(text: text.utf8, to: &bytes) }
        receive(bytes, on: id)
    }

    mutating func say(binary: [UInt8], on id: Int) {
        var bytes: [UInt8] = []
        clients[id]?.send(binary: binary, to: &bytes)
        receive(bytes, on: id)
    }

    /// The messages that came on a WebSocket connection.
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
