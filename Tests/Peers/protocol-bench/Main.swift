import Clock
import HTTP
import Platform
import SocketIO
import WebSocket

/// What the protocol layers cost for one relayed message, without system calls:
///
///     protocol-bench [MESSAGES]
@main struct ProtocolBench {
    static func main() {
        let words = CommandLine.arguments
        let count = words.count > 1 ? Int(words[1]) ?? 1_000_000 : 1_000_000
        var bench = Bench()
        for batch in [1, 16] {
            for _ in 0..<3 { bench.relay(count, perTurn: batch) }
        }
        bench.connect(20_000)
    }
}

struct Bench {
    private var server = SocketIO.Server()
    private let clock = MonotonicClock()
    private var sockets: [Socket] = []
    private var client = Endpoint(clientWithMessageLimit: 1 << 20, keys: MaskingKeys())
    private var dirty: [Int] = []
    private var sent = 0

    init() {
        for id in 0..<2 { open(id) }
    }

    private mutating func open(_ id: Int) {
        let now = clock.now
        server.open(id, remote: "127.0.0.1", at: now)
        receive(Self.handshake, id, now)
        var connect: [UInt8] = []
        client.send(text: "40{\"token\":\"t\"}".utf8, to: &connect)
        receive(connect, id, now)
        flush()
    }

    private static let handshake = Array(
        """
        GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:3333\r\n\
        Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nUser-Agent: bench\r\n\r\n
        """.utf8)

    private mutating func receive(_ bytes: [UInt8], _ id: Int, _ now: Instant) {
        server.receive(bytes[...], on: id, at: now)
        while let output = server.nextOutput() {
            switch output {
            case .connecting(let socket, _, _, _):
                server.accept(socket, sid: "s")
                sockets.append(socket)
            case .event(let event):
                let to = event.socket == sockets[0] ? sockets[1] : sockets[0]
                if event.name == "send_message" {
                    server.emit("receive_message", event.arguments.span, to: to)
                }
            default: break
            }
        }
    }

    private mutating func flush() {
        server.takeDirty(into: &dirty)
        for id in dirty {
            _ = server.flush(id) {
                sent += $0.count
                return $0.count
            }
        }
    }

    mutating func relay(_ count: Int, perTurn batch: Int) {
        let filler = String(repeating: "A", count: 228)
        let event =
            "42[\"send_message\",{\"recipientId\":\"0123456789abcdef01234567\",\"messageId\":"
            + "\"0123456789abcdef0123456789abcdef\",\"ciphertext\":\"\(filler)\"}]"
        var frames: [UInt8] = []
        for _ in 0..<batch { client.send(text: event.utf8, to: &frames) }
        let start = clock.now
        for _ in 0..<(count / batch) {
            receive(frames, 0, start)
            flush()
        }
        let nanoseconds = Double((clock.now - start) / .nanoseconds(1)) / Double(count)
        print("\(event.utf8.count) bytes, \(batch) a turn: \(Int(nanoseconds)) ns a message")
    }

    mutating func connect(_ count: Int) {
        let start = clock.now
        for id in 2..<(count + 2) { open(id) }
        let nanoseconds = Double((clock.now - start) / .nanoseconds(1)) / Double(count)
        print("\(Int(nanoseconds)) ns a connection, \(server.sessionCount) sessions")
    }
}
