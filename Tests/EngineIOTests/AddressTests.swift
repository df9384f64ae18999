import Clock
import HTTP
import SessionSupport
import Testing

@testable import EngineIO

/// One address cannot have everything, and takes nothing from the others.
@Suite struct AddressTests {
    private static func harness(
        _ address: String = "203.0.113.9", _ change: (inout AddressLimits) -> Void
    ) -> Harness {
        var configuration = Harness.configuration
        change(&configuration.addresses)
        var harness = Harness(configuration)
        harness.wires.address = address
        return harness
    }

    @Test func connections() {
        var harness = Self.harness { $0.connections = 3 }
        for id in 1...5 { harness.open(id) }
        harness.turn()
        #expect(harness.finished == [4, 5])
        harness.wires.address = "203.0.113.10"
        #expect(harness.get("/a", on: 6) == "")
        // A place that is free again is given again.
        harness.close(1)
        harness.wires.address = "203.0.113.9"
        harness.open(7)
        harness.open(8)
        harness.turn()
        #expect(harness.finished == [4, 5, 8])
    }

    /// A proxy's connections are everybody's, and its sessions are its clients'.
    @Test func proxies() throws {
        var configuration = Harness.configuration
        (configuration.addresses.connections, configuration.addresses.sessions) = (1, 1)
        configuration.proxies = Proxies(
            contains: { $0 == "203.0.113.9" },
            client: { fields, remote in fields["X-Client"] ?? remote })
        var harness = Harness(configuration)
        harness.wires.address = "203.0.113.9"
        for (id, client, opens) in [(1, "a", true), (2, "a", false), (3, "b", true)] {
            harness.open(id)
            let request = Harness.get(Harness.path + "polling", "X-Client: \(client)\r\n")
            let answer = harness.exchange(request, on: id)
            #expect(answer.contains("pingInterval") == opens, "\(id)")
            #expect(answer.contains("Too many sessions") != opens, "\(id)")
        }
        #expect(harness.finished == [])
    }

    /// CVE-2020-36048 of another server: sessions by polling that nobody ever fetches from.
    @Test func sessions() {
        var harness = Self.harness { $0.sessions = 2 }
        _ = harness.openPolling(on: 1)
        _ = harness.openPolling(on: 1)
        let refusal = harness.get(Harness.path + "polling", on: 1)
        #expect(refusal == #"429 {"code":4,"message":"Too many sessions"}"#)
        #expect(harness.openWebSocket(2) == .tooManyRequests)
        #expect(harness.server.sessionCount == 2)
        harness.wires.address = "203.0.113.10"
        #expect(harness.openWebSocket(3) == .switchingProtocols)
        harness.pass(.seconds(46))
        harness.wires.address = "203.0.113.9"
        #expect(harness.openWebSocket(4) == .switchingProtocols)
    }

    @Test func handshakes() {
        var harness = Self.harness {
            $0.handshakeBurst = 5
            $0.handshakesPerSecond = 2
        }
        func take(_ isTaken: Bool) {
            let answer = harness.get(Harness.path + "polling", on: 1)
            #expect(answer.hasPrefix(isTaken ? "200" : "429"))
        }
        for _ in 0..<5 { take(true) }
        take(false)
        harness.pass(.milliseconds(600))
        take(true)
        take(false)
        harness.pass(.seconds(20))
        for _ in 0..<5 { take(true) }
        take(false)
    }

    /// A handshake that fails gives its place back.
    @Test func failedHandshakes() {
        var harness = Self.harness { $0.sessions = 1 }
        for id in 1...3 {
            let fields = "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            let answer = harness.exchange(
                Harness.get(Harness.path + "websocket", fields), on: id)
            #expect(answer.hasPrefix("400"))
        }
        #expect(harness.openWebSocket(4) == .switchingProtocols)
    }

    @Test func theProxyOnThisMachineIsNotCounted() {
        for address in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            var harness = Self.harness(address) {
                $0.connections = 1
                $0.sessions = 1
                $0.handshakeBurst = 1
            }
            for id in 1...5 { #expect(harness.openWebSocket(id) == .switchingProtocols) }
        }
    }

    @Test func refusalsAreCountedByLimit() {
        var limits = AddressLimits()
        (limits.connections, limits.sessions, limits.handshakeBurst) = (1, 2, 3)
        limits.handshakesPerSecond = 1
        var book = AddressBook(limits)
        let address = "192.0.2.1"
        for _ in 0..<3 { _ = book.addConnection(address, at: 0) }
        for _ in 0..<3 { _ = book.addSession(address, at: 0) }
        for _ in 0..<2 { book.removeSession(address, at: 0) }
        for _ in 0..<2 { _ = book.addSession(address, at: 0) }
        var expected = AddressRefusals()
        (expected.connections, expected.sessions, expected.handshakes) = (2, 1, 1)
        #expect(book.refusals == expected)
    }

    @Test func forgetsAddresses() {
        var book = AddressBook(AddressLimits())
        for number in 0..<5000 {
            let address = "2001:db8:\(String(number, radix: 16)):1::1"
            let isTaken = book.addConnection(address, at: 0) && book.addSession(address, at: 0)
            #expect(isTaken)
            book.removeSession(address, at: 1)
            book.removeConnection(address, at: 1)
        }
        #expect(book.count <= 5000)
        for number in 0..<3000 {
            let isTaken = book.addConnection("198.51.100.\(number)", at: 60_000)
            #expect(isTaken)
        }
        #expect(book.count <= 3000 + 1024)
    }

    /// Nobody who was not let in can have the server hold much for it.
    @Test func largeMessagesAreForThoseLetIn() {
        var configuration = Harness.configuration
        configuration.untrustedPayload = 100
        let text = "4" + String(repeating: "x", count: 500)

        var harness = Harness(configuration)
        harness.openWebSocket(1)
        harness.say(text, on: 1)
        #expect(harness.messages(1).last == "close 1009")
        let target = harness.openPolling(on: 2)
        #expect(harness.post(target, text, on: 2).hasPrefix("413"))

        harness = Harness(configuration)
        harness.openWebSocket(1)
        harness.server.trust(harness.sessions[0])
        harness.say(text, on: 1)
        #expect(harness.messages(1).last == text)
        let other = harness.openPolling(on: 2)
        harness.server.trust(harness.sessions[1])
        #expect(harness.post(other, text, on: 2) == "200 ok")
        #expect(harness.openWebSocket(3, other) == .switchingProtocols)
        harness.say("2probe", on: 3)
        harness.say("5", text, on: 3)
        #expect(harness.messages(3).last == text)
    }
}
