import Clock
import HTTP
import SessionSupport
import Support
import Testing

@testable import EngineIO

@Suite struct WebSocketTransportTests {
    @Test func messages() {
        var harness = Harness()
        #expect(harness.openWebSocket(1) == .switchingProtocols)
        #expect(harness.messages(1)[0].contains("\"upgrades\":[],"))
        harness.say("4hello", "4", on: 1)
        harness.say(binary: [1, 2], on: 1)
        #expect(harness.messages(1) == ["4hello", "4", "[1, 2]"])
    }

    @Test(arguments: ["", "abc", "0", "2", "2probe", "5", "8"])
    func badPacketsEndTheSession(text: String) {
        var harness = Harness()
        harness.openWebSocket(1)
        harness.openWebSocket(2)
        _ = harness.messages(1)
        harness.say(text, on: 1)
        #expect(harness.messages(1) == ["close 1002"])
        #expect(harness.log.last == "parse error")
        #expect(harness.finished == [1])
        _ = harness.messages(2)
        harness.say("4x", on: 2)
        #expect(harness.messages(2) == ["4x"])
    }

    /// CVE-2022-21676 of another server: frames that are none, after a good handshake.
    @Test(
        arguments: [
            [0xF1, 0x80, 0, 0, 0, 0], [0x83, 0x80, 0, 0, 0, 0], [0x81, 0x01, 0x34],
            Array("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8),
            [0x81, 0xFF] + [UInt8](repeating: 0xFF, count: 12),
        ] as [[UInt8]])
    func garbageAfterTheHandshake(bytes: [UInt8]) {
        var harness = Harness()
        harness.open(1)
        let handshake = Harness.get(Harness.path + "websocket", Harness.upgradeFields)
        harness.receive(handshake + bytes, on: 1)
        #expect(harness.log == ["opened 192.0.2.1", "transport error"])
        #expect(harness.finished == [1])
        #expect(harness.server.sessionCount == 0)
    }

    @Test func largeMessages() {
        var harness = Harness()
        harness.openWebSocket(1)
        _ = harness.messages(1)
        harness.say("4" + String(repeating: "a", count: 1000), on: 1)
        #expect(harness.messages(1) == ["close 1009"])
        #expect(harness.log.last == "transport error")
    }

    @Test func closing() {
        var harness = Harness()
        harness.openWebSocket(1)
        _ = harness.messages(1)
        harness.say("1", on: 1)
        #expect(harness.log.last == "transport close")
        #expect(harness.messages(1) == ["close 1000"])
        harness.openWebSocket(2)
        harness.close(2)
        #expect(harness.log.last == "transport close")
        harness.openWebSocket(3)
        _ = harness.messages(3)
        harness.server.close(harness.sessions[2])
        harness.turn()
        #expect(harness.messages(3) == ["close 1000"])
        #expect(harness.log.last == "opened 192.0.2.3")
    }

    /// A peer that does not answer the closing handshake is not waited for.
    @Test func closingWithoutAnswer() {
        var harness = Harness()
        harness.openWebSocket(1)
        harness.server.close(harness.sessions[0])
        harness.turn()
        #expect(harness.finished.isEmpty)
        harness.pass(.seconds(7))
        #expect(harness.finished == [1])
    }

    @Test func heartbeat() {
        var harness = Harness()
        harness.openWebSocket(1)
        _ = harness.messages(1)
        for _ in 0..<3 {
            harness.pass(.milliseconds(25_250))
            #expect(harness.messages(1) == ["2"])
            harness.say("3", on: 1)
        }
        harness.pass(.milliseconds(45_250))
        #expect(harness.log.last == "ping timeout")
        #expect(harness.messages(1) == ["2", "close 1000"])
    }

    /// Two hundred sessions opened within a second are pinged over a quarter of an interval, some at a
    /// time, and over twice that when all have answered.
    @Test func heartbeatsAreSpread() {
        var harness = Harness()
        for id in 1...200 {
            harness.now = .origin + .milliseconds(5 * id)
            harness.openWebSocket(id)
            _ = harness.messages(id)
        }
        for end in [Duration.seconds(27), .seconds(52)] {
            var pings: [Int] = []
            while let deadline = harness.server.deadline, deadline < .origin + end {
                harness.now = deadline
                harness.server.advance(to: deadline)
                harness.turn()
                let pinged = (1...200).filter { harness.messages($0) == ["2"] }
                for id in pinged { harness.say("3", on: id) }
                pings.append(pinged.count)
            }
            #expect(pings.reduce(0, +) == 200)
            #expect(pings.max() ?? 0 < 10)
            #expect(pings.count <= 600)
        }
        #expect(harness.server.sessionCount == 200)
    }

    @Test func aStalledReaderIsCutOff() {
        var harness = Harness()
        harness.openWebSocket(1)
        harness.window = 0
        let message = "4" + String(repeating: "a", count: 900)
        for _ in 0..<5 { harness.say(message, on: 1) }
        #expect(harness.server.bufferedByteCount(harness.sessions[0]) == 5 * 905)
        #expect(harness.log.count == 1)
        harness.pass(.milliseconds(9_500))
        #expect(harness.log.last == "slow consumer")
        #expect(harness.finished == [1])
    }

    @Test func tooMuchWaiting() {
        var harness = Harness()
        harness.openWebSocket(1)
        harness.window = 0
        let message = "4" + String(repeating: "a", count: 900)
        for _ in 0..<7 { harness.say(message, on: 1) }
        #expect(harness.log.last == "slow consumer")
        #expect(harness.finished == [1])
    }

    @Test func idleConnectionsHoldNoBuffer() throws {
        var harness = Harness()
        harness.openWebSocket(1)
        harness.say("4hello", on: 1)
        let connection = try #require(harness.server.connection(1))
        #expect(connection.output.capacity == 0)
        #expect(connection.http == nil)
    }

    @Test(arguments: 0..<64 as Range<UInt64>) func survivesDamage(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var harness = Harness()
        let target = harness.openPolling()
        var bytes = Harness.get(Harness.path + "websocket", Harness.upgradeFields)
        if seed % 2 == 0 { bytes = Harness.post(target, Array("4a\u{1e}bAQID".utf8)) }
        bytes += random.bytes(40)
        for _ in 0..<3 {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
                1 << Int.random(in: 0..<8, using: &random)
        }
        harness.open(2)
        for piece in stride(from: 0, to: bytes.count, by: 7) {
            harness.receive(Array(bytes[piece..<min(piece + 7, bytes.count)]), on: 2)
        }
        harness.close(2)
        harness.pass(.seconds(60))
        #expect(harness.server.sessionCount == 0)
    }
}
