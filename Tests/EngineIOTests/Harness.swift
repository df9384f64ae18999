import EngineIO
import HTTP
import SessionSupport
import Support

/// An Engine.IO server that says back every message.
struct Harness: ServerHarness {
    var server: EngineIO.Server
    var wires = Wires()
    var log: [String] = []
    /// The sessions that were opened, in order.
    var sessions: [Session] = []
    /// Requests that wait for the test to answer them.
    var requests: [RequestToken] = []

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

    mutating func handle(_ output: EngineIO.Server.Output) {
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

    /// Opens a polling session and gives its target.
    mutating func openPolling(on id: Int = 1) -> String {
        let answer = get(Self.path + "polling", on: id)
        return Self.path + "polling&sid=" + answer.dropFirst(13).prefix(20)
    }

    /// What is answered to a request at once, as status and body; "" for nothing.
    mutating func exchange(_ request: [UInt8], on id: Int) -> String {
        if !server.isOpen(id) { open(id) }
        receive(request, on: id)
        return answers(id)
    }

    mutating func get(_ target: String, on id: Int) -> String {
        exchange(Self.get(target), on: id)
    }

    mutating func post(_ target: String, _ body: String, on id: Int) -> String {
        exchange(Self.post(target, body), on: id)
    }

    /// Opens a WebSocket connection, for the session of a polling target or a new one.
    @discardableResult
    mutating func openWebSocket(_ id: Int, _ target: String = Self.path) -> Status? {
        let target = target.replacing("transport=polling", with: "transport=websocket")
        return openWebSocket(id, target: target == Self.path ? target + "websocket" : target)
    }
}
