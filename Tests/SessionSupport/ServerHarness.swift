public import Clock
internal import EngineIO
public import HTTP
internal import Support
internal import WebSocket

/// The connections of a server in a test, as arrays, in a time of its own.
public struct Wires {
    public var now = Instant.origin
    /// What each connection was sent and nobody has taken yet.
    public var sent: [Int: [UInt8]] = [:]
    public var finished: Set<Int> = []
    /// How many bytes a connection takes at a time.
    public var window = Int.max
    /// The address that all clients come from; nil for one each.
    public var address: String?
    /// The WebSocket clients at the other ends.
    var clients: [Int: Endpoint] = [:]

    public init() {}
}

/// A server that is driven by a test.
public protocol ServerHarness {
    associatedtype Server: SessionServer

    var server: Server { get set }
    var wires: Wires { get set }
    mutating func handle(_ output: Server.Output)
}

// MARK: The driver's side

extension ServerHarness {
    public var now: Instant {
        get { wires.now }
        set { wires.now = newValue }
    }
    public var sent: [Int: [UInt8]] {
        get { wires.sent }
        set { wires.sent = newValue }
    }
    public var finished: Set<Int> { wires.finished }
    public var window: Int {
        get { wires.window }
        set { wires.window = newValue }
    }

    public mutating func open(_ id: Int) {
        server.open(id, remote: wires.address ?? "192.0.2.\(id)", at: now)
    }

    /// Feeds bytes and handles all that comes of them.
    public mutating func receive(_ bytes: [UInt8], on id: Int) {
        server.receive(bytes[...], on: id, at: now)
        turn()
    }

    public mutating func close(_ id: Int) {
        server.closed(id, at: now)
        turn()
    }

    /// Jumps from deadline to deadline up to the moment that is `duration` away.
    public mutating func pass(_ duration: Duration) {
        let end = now + duration
        while let deadline = server.deadline, deadline <= end {
            now = max(now, deadline)
            server.advance(to: now)
            turn()
        }
        now = end
    }

    public mutating func turn() {
        while let output = server.nextOutput() { handle(output) }
        var dirty: [Int] = []
        server.takeDirty(into: &dirty)
        for id in dirty { flush(id) }
    }

    public mutating func flush(_ id: Int) {
        let window = window
        var taken: [UInt8] = []
        let flushed = unsafe server.flush(id) { bytes in
            taken = unsafe Array(bytes.prefix(window))
            return taken.count
        }
        wires.sent[id, default: []] += taken
        if case .finished = flushed { wires.finished.insert(id) }
    }
}

// MARK: A client's side

extension ServerHarness {
    public static var path: String { "/socket.io/?EIO=4&transport=" }

    public static func get(_ target: String, _ fields: String = "") -> [UInt8] {
        Array("GET \(target) HTTP/1.1\r\nHost: h\r\n\(fields)\r\n".utf8)
    }

    public static func post(_ target: String, _ body: [UInt8]) -> [UInt8] {
        Array("POST \(target) HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.count)\r\n\r\n".utf8)
            + body
    }

    public static func post(_ target: String, _ body: String) -> [UInt8] {
        post(target, Array(body.utf8))
    }

    public static var upgradeFields: String {
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    }

    /// The responses that a connection was sent and nobody has taken yet.
    public mutating func responses(_ id: Int) -> [Response] {
        var parser = ResponseParser(limits: Limits(bodyByteCount: 1 << 20))
        var input = (sent[id] ?? [])[...]
        var responses: [Response] = []
        while let response = try? parser.next(&input) {
            responses.append(response)
            if response.status == .switchingProtocols { break }
        }
        wires.sent[id] = Array(input)
        return responses
    }

    public static func text(_ responses: [Response]) -> String {
        responses.map { "\($0.status.rawValue) \(String(decoding: $0.body, as: UTF8.self))" }
            .joined(separator: "|")
    }

    public mutating func answers(_ id: Int) -> String { Self.text(responses(id)) }

    /// Asks for a WebSocket connection; `messages` then reads what comes.
    @discardableResult
    public mutating func openWebSocket(_ id: Int, target: String) -> Status? {
        open(id)
        receive(Self.get(target, Self.upgradeFields), on: id)
        wires.clients[id] = Endpoint(
            clientWithMessageLimit: 1 << 20, keys: MaskingKeys(SplitMix64(seed: 2)))
        return responses(id).first?.status
    }

    /// Sends text messages, all in one piece or byte by byte.
    public mutating func say(_ texts: String..., on id: Int, singly: Bool = false) {
        var bytes: [UInt8] = []
        for text in texts { wires.clients[id]?.send(text: text.utf8, to: &bytes) }
        if singly {
            for byte in bytes { receive([byte], on: id) }
        } else {
            receive(bytes, on: id)
        }
    }

    public mutating func say(binary: [UInt8], on id: Int) {
        var bytes: [UInt8] = []
        wires.clients[id]?.send(binary: binary, to: &bytes)
        receive(bytes, on: id)
    }

    /// The messages that came on a WebSocket connection; binary ones in brackets.
    public mutating func messages(_ id: Int) -> [String] {
        var input = (sent[id] ?? [])[...]
        wires.sent[id] = []
        var (scratch, output, messages) = ([UInt8](), [UInt8](), [String]())
        while let event = wires.clients[id]?.next(&input, scratch: &scratch, output: &output) {
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
