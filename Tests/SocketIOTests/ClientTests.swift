import Clock
import EngineIO
import SessionSupport
import SocketIO
import Support
import Testing

/// A client session joined to the echo server of the harness.
struct Pair {
    var harness = Harness()
    var client: SocketIO.ClientSession
    var log: [String] = []

    init(auth: String = "{\"token\":\"t\"}", namespace: String = "/") {
        let engine = EngineIO.ClientSession(
            host: "h", at: .origin, using: SplitMix64(seed: 9))
        client = SocketIO.ClientSession(
            auth: Array(auth.utf8), namespace: namespace, over: engine, at: .origin)
        harness.open(1)
    }

    /// Carries bytes both ways until nothing moves; `piece` bytes at a time towards the client.
    mutating func settle(piece: Int = .max) {
        while true {
            while let output = client.nextOutput() { note(output) }
            let outgoing = client.takeOutgoing()
            if !outgoing.isEmpty { harness.receive(outgoing, on: 1) }
            var incoming = (harness.sent[1] ?? [])[...]
            harness.sent[1] = []
            if outgoing.isEmpty, incoming.isEmpty { return }
            while !incoming.isEmpty {
                client.receive(Array(incoming.prefix(piece))[...], at: harness.now)
                incoming = incoming.dropFirst(piece)
                while let output = client.nextOutput() { note(output) }
            }
        }
    }

    private mutating func note(_ output: SocketIO.ClientSession.Output) {
        switch output {
        case .connected(let sid): log.append("connected \(sid)")
        case .event(let name, let arguments, let id, let attachments):
            let text = String(decoding: arguments, as: UTF8.self)
            log.append("event \(name) \(text) \(id.map(String.init) ?? "-") \(attachments.count)")
            if let id { client.answer(id, Array("\"yes\"".utf8)[...]) }
        case .acknowledged(let id, let arguments, let attachments):
            let text = String(decoding: arguments, as: UTF8.self)
            log.append("acknowledged \(id) \(text) \(attachments.count)")
        case .ended(let error): log.append("ended \(error.message)")
        }
    }
}

@Suite struct ClientTests {
    @Test(arguments: [Int.max, 1, 7]) func talksToOurServer(piece: Int) {
        var pair = Pair()
        pair.settle(piece: piece)
        pair.client.emit("hello", Array("1,\"é\"".utf8)[...])
        let id = pair.client.emitAwaitingAnswer("ask", Array("{\"a\":[]}".utf8)[...])
        pair.client.emit(
            "file", Array("{\"_placeholder\":true,\"num\":0}".utf8)[...], attachments: [[1, 2]])
        pair.settle(piece: piece)
        #expect(id == 0)
        #expect(
            pair.log == [
                "connected S0", "event hello-back 1,\"é\" - 0", "acknowledged 0 {\"a\":[]} 0",
                "event file-back {\"_placeholder\":true,\"num\":0} - 1",
            ])
        pair.client.close()
        pair.settle()
        #expect(pair.client.isFinished)
        #expect(pair.harness.log.last == "disconnected client namespace disconnect")
    }

    @Test func namespaces() {
        var pair = Pair(auth: "", namespace: "/custom")
        pair.settle()
        pair.client.emit("a", [])
        pair.settle()
        #expect(pair.log == ["connected S0", "event a-back  - 0"])
    }

    @Test func isToldOfARefusal() {
        var pair = Pair(auth: "{\"bad\":true}")
        pair.settle()
        #expect(pair.log == ["ended the relay refused the connection: no"])
        #expect(pair.client.isFinished)
        pair = Pair(namespace: "/none")
        pair.settle()
        #expect(pair.log == ["ended the relay refused the connection: Invalid namespace"])
    }

    @Test func staysAliveByHeartbeats() {
        var pair = Pair()
        pair.settle()
        for _ in 0..<10 {
            pair.harness.pass(.seconds(25) + .milliseconds(300))
            pair.settle()
            pair.client.advance(to: pair.harness.now)
        }
        #expect(pair.log == ["connected S0"])
        #expect(pair.harness.log.count == 1)
    }

    @Test func givesUpWithoutHeartbeats() {
        var pair = Pair()
        pair.settle()
        #expect(pair.client.deadline == .origin + .seconds(45))
        pair.client.advance(to: .origin + .seconds(45))
        pair.settle()
        #expect(pair.log.last == "ended the relay stopped sending heartbeats")
        #expect(pair.harness.log.last == "disconnected transport close")
    }

    @Test func giveUpOnASilentServer() {
        var pair = Pair()
        pair.client.advance(to: .origin + .seconds(20))
        while let output = pair.client.nextOutput() {
            guard case .ended(.engine(.pingTimeout)) = output else {
                Issue.record("not ended")
                return
            }
        }
        #expect(pair.client.isFinished)
    }

    @Test func isToldOfTheServersEnd() {
        var pair = Pair()
        pair.settle()
        pair.client.transportClosed()
        pair.settle()
        #expect(pair.log.last == "ended the connection to the relay ended")
    }

    @Test func badServers() {
        for answer in [
            "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "junk\r\n\r\n",
        ] {
            var pair = Pair()
            _ = pair.client.takeOutgoing()
            pair.client.receive(Array(answer.utf8)[...], at: .origin)
            guard case .ended = pair.client.nextOutput() else {
                Issue.record("not ended by \(answer)")
                continue
            }
            #expect(pair.client.nextOutput() == nil)
        }
    }

    @Test(arguments: 0..<32 as Range<UInt64>) func survivesDamage(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var pair = Pair()
        pair.harness.receive(pair.client.takeOutgoing(), on: 1)
        var bytes = pair.harness.sent[1] ?? []
        for _ in 0..<3 {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8(
                truncatingIfNeeded: random.next())
        }
        pair.harness.sent[1] = bytes
        pair.settle(piece: 3)
        pair.client.transportClosed()
        pair.settle()
        #expect(pair.client.isFinished)
    }
}
