internal import CFuzzer
internal import Clock
internal import EngineIO
internal import Glibc
internal import HTTP
internal import SocketIO
internal import WebSocket

/// A server with one client that says `bytes`: as packets over WebSocket or polling, the bytes of
/// its connection, or a server's answers to a client of ours. Nothing may trap, and in the end no
/// session may be left.
private struct Run {
    private var server: SocketIO.Server
    private var dirty: [Int] = []

    init() {
        var configuration = SocketIO.Configuration()
        configuration.namespaces = ["/custom"]
        configuration.engine.maxPayload = 4096
        server = SocketIO.Server(configuration)
        server.open(1, remote: "", at: .origin)
    }

    mutating func receive(_ bytes: [UInt8]) {
        server.receive(bytes[...], on: 1, at: .origin)
        while let output = server.nextOutput() { handle(output) }
        server.takeDirty(into: &dirty)
        for id in dirty { _ = server.flush(id) { $0.count } }
    }

    private mutating func handle(_ output: SocketIO.Server.Output) {
        switch output {
        case .request(let token, _, _): server.respond(to: token, Response(.notFound))
        case .connecting(let socket, _, _, _): server.accept(socket, sid: "s")
        case .event(let event):
            server.emit(
                event.name, event.arguments.span, attachments: event.attachments, to: event.socket)
            if let acknowledgement = event.acknowledgement {
                server.answer(acknowledgement, event.arguments.span)
            }
        case .acknowledged, .disconnected: return
        }
    }

    mutating func finish() {
        server.closed(1, at: .origin)
        while let output = server.nextOutput() { handle(output) }
        server.advance(to: Instant(milliseconds: 200_000))
        server.advance(to: Instant(milliseconds: 400_000))
        while let output = server.nextOutput() { handle(output) }
        guard server.sessionCount == 0 else { fatalError("a session is left") }
    }
}

private let handshake = Array(
    """
    GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\
    Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
    """.utf8)

/// The first byte says what the others are.
private func check(_ bytes: [UInt8]) {
    guard let kind = bytes.first else { return }
    let rest = Array(bytes.dropFirst())
    var run = Run()
    switch kind & 3 {
    case 0: run.receive(rest)
    case 1:
        run.receive(handshake)
        run.receive(rest)
    case 2:
        // Lines are packets, those that begin with # binary ones.
        run.receive(handshake)
        var client = Endpoint(clientWithMessageLimit: 4096, keys: MaskingKeys())
        var frames: [UInt8] = []
        client.send(text: "40".utf8, to: &frames)
        for line in rest.split(separator: 0x0a) {
            if line.first == 0x23 {
                client.send(binary: line, to: &frames)
            } else {
                client.send(text: line, to: &frames)
            }
        }
        run.receive(frames)
    default: checkClient(rest)
    }
    run.finish()
}

private func checkClient(_ bytes: [UInt8]) {
    var endpoint = Endpoint(serverWithMessageLimit: 4096)
    var frames: [UInt8] = []
    for line in bytes.split(separator: 0x0a) { endpoint.send(text: line, to: &frames) }
    let engine = EngineIO.ClientSession(host: "h", at: .origin, using: Fixed())
    var client = SocketIO.ClientSession(auth: [], over: engine, at: .origin)
    let answer = """
        HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Accept: \(fixedAccept)\r\n\r\n
        """
    client.receive((Array(answer.utf8) + frames)[...], at: .origin)
    while let output = client.nextOutput() {
        if case .connected = output { _ = client.emitAwaitingAnswer("a", []) }
    }
    client.transportClosed()
    while client.nextOutput() != nil {}
    guard client.isFinished else { fatalError("the client goes on") }
}

/// What a server answers to the key of 16 zero bytes.
private let fixedAccept = "ICX+Yqv66kxgM0FcWaLWlFLwTAI="

private struct Fixed: RandomNumberGenerator {
    mutating func next() -> UInt64 { 0 }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    check(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

@main struct Fuzz {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
            CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments, fuzzOne))
    }
}
