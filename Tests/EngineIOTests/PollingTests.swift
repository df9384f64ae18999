import Clock
import HTTP
import SessionSupport
import Support
import Testing

@testable import EngineIO

@Suite struct PollingTests {
    @Test func handshake() {
        var harness = Harness()
        harness.open(1)
        harness.receive(Harness.get(Harness.path + "polling"), on: 1)
        let response = harness.responses(1)[0]
        let body = String(decoding: response.body, as: UTF8.self)
        #expect(response.fields["Content-Type"] == "text/plain; charset=UTF-8")
        #expect(body.hasPrefix("0{\"sid\":\""))
        #expect(
            body.hasSuffix(
                "\"upgrades\":[\"websocket\"],\"pingInterval\":25000,\"pingTimeout\":20000,"
                    + "\"maxPayload\":1000}"))
        #expect(harness.log == ["opened 192.0.2.1"])
    }

    @Test func sessionNamesAreLongAndDiffer() {
        var generator: any RandomNumberGenerator = SplitMix64(seed: 1)
        let names = (0..<1000).map { _ in SessionID(using: &generator) }
        #expect(Set(names).count == 1000)
        #expect(names.allSatisfy { $0.text.utf8.count == 20 && SessionID($0.text) == $0 })
    }

    /// What is refused, with the reference implementation's numbers and words.
    @Test(arguments: [
        ("GET", "?EIO=4", "400 {\"code\":0,\"message\":\"Transport unknown\"}"),
        ("GET", "?EIO=4&transport=abc", "400 {\"code\":0,\"message\":\"Transport unknown\"}"),
        ("GET", "?EIO=4&transport=__proto__", "400 {\"code\":0,\"message\":\"Transport unknown\"}"),
        (
            "GET", "?EIO=4&transport=polling&sid=abc",
            "400 {\"code\":1,\"message\":\"Session ID unknown\"}"
        ),
        (
            "GET", "?EIO=4&transport=polling&sid=",
            "400 {\"code\":1,\"message\":\"Session ID unknown\"}"
        ),
        (
            "PUT", "?EIO=4&transport=polling",
            "400 {\"code\":2,\"message\":\"Bad handshake method\"}"
        ),
        ("GET", "?EIO=4&transport=websocket", "400 {\"code\":3,\"message\":\"Bad request\"}"),
        (
            "GET", "?EIO=4&transport=polling&sid=a&sid=b",
            "400 {\"code\":3,\"message\":\"Bad request\"}"
        ),
        (
            "GET", "?transport=polling&EIO=3",
            "400 {\"code\":5,\"message\":\"Unsupported protocol version\"}"
        ),
        (
            "GET", "?transport=polling",
            "400 {\"code\":5,\"message\":\"Unsupported protocol version\"}"
        ),
        (
            "GET", "?%ZZ",
            #"400 {"message":"the HTTP request target is malformed","code":"badHTTP"}"#
        ),
    ])
    func refusals(method: String, query: String, answer: String) {
        var harness = Harness()
        let request = "\(method) /socket.io/\(query) HTTP/1.1\r\nHost: h\r\n\r\n"
        #expect(harness.exchange(Array(request.utf8), on: 1) == answer)
        #expect(harness.log.isEmpty)
    }

    @Test func packetsBothWays() {
        var harness = Harness()
        let target = harness.openPolling()
        #expect(harness.post(target, "4a\u{1e}4b\u{1e}bAQIDBA==\u{1e}4é", on: 2) == "200 ok")
        #expect(harness.get(target, on: 1) == "200 4a\u{1e}4b\u{1e}bAQIDBA==\u{1e}4é")
        #expect(harness.get(target, on: 1) == "")
        #expect(harness.post(target, "4later", on: 2) == "200 ok")
        #expect(harness.answers(1) == "200 4later")
    }

    @Test func cutsDoNotMatter() {
        var harness = Harness()
        let target = harness.openPolling()
        let bytes = Harness.post(target, Array("4a\u{1e}4b".utf8)) + Harness.get(target)
        harness.open(2)
        for byte in bytes { harness.receive([byte], on: 2) }
        #expect(harness.answers(2) == "200 ok|200 4a\u{1e}4b")
    }

    @Test(
        arguments: [
            Array("abc".utf8), Array("4a\u{1e}".utf8), Array("\u{1e}4a".utf8), Array("b!!!".utf8),
            Array("bAQJ=".utf8), Array("0{}".utf8), Array("2".utf8), Array("5".utf8),
            Array("4a\u{1e}\u{1e}4b".utf8), [0x34, 0xFF], [0x34, 0xED, 0xA0, 0x80], Array("7".utf8),
        ] as [[UInt8]])
    func badBodiesEndTheSession(body: [UInt8]) {
        var harness = Harness()
        let target = harness.openPolling()
        #expect(harness.get(target, on: 1) == "")
        #expect(
            harness.exchange(Harness.post(target, body), on: 2)
                == "400 {\"code\":3,\"message\":\"Bad request\"}")
        #expect(harness.log.last == "parse error")
        harness.turn()
        #expect(harness.answers(1).hasSuffix("1"))
        #expect(harness.get(target, on: 3).hasPrefix("400 {\"code\":1"))
    }

    @Test func aSecondGetEndsTheSession() {
        var harness = Harness()
        let target = harness.openPolling()
        #expect(harness.get(target, on: 1) == "")
        #expect(harness.get(target, on: 2) == "400 {\"code\":3,\"message\":\"Bad request\"}")
        #expect(harness.answers(1) == "200 1")
        #expect(harness.get(target, on: 1).hasPrefix("400 {\"code\":1"))
    }

    @Test func aSecondPostEndsTheSession() {
        var harness = Harness()
        let target = harness.openPolling()
        #expect(
            harness.exchange(Array(Harness.post(target, [0x34, 0x61]).dropLast()), on: 2) == "")
        #expect(harness.post(target, "4b", on: 3) == "400 {\"code\":3,\"message\":\"Bad request\"}")
        #expect(harness.log.last == "transport error")
        #expect(harness.exchange([0x61], on: 2).hasPrefix("400"))
    }

    @Test func anAbortedPostHarmsNothing() {
        var harness = Harness()
        let target = harness.openPolling()
        #expect(
            harness.exchange(Array(Harness.post(target, [0x34, 0x61]).dropLast()), on: 2) == "")
        harness.close(2)
        #expect(harness.post(target, "4b", on: 3) == "200 ok")
    }

    @Test func anAbortedGetEndsTheSession() {
        var harness = Harness()
        let target = harness.openPolling()
        #expect(harness.get(target, on: 1) == "")
        harness.close(1)
        #expect(harness.log.last == "transport error")
        #expect(harness.get(target, on: 2).hasPrefix("400 {\"code\":1"))
    }

    @Test func theClientCloses() {
        var harness = Harness()
        let target = harness.openPolling()
        #expect(harness.get(target, on: 1) == "")
        #expect(harness.post(target, "1", on: 2) == "200 ok")
        #expect(harness.answers(1) == "200 6")
        #expect(harness.log.last == "transport close")
        #expect(harness.server.sessionCount == 0)
    }

    @Test func theServerClosesAfterWhatItSaid() {
        var harness = Harness()
        let target = harness.openPolling()
        _ = harness.post(target, "4a", on: 2)
        harness.server.close(harness.sessions[0])
        harness.turn()
        #expect(harness.get(target, on: 1) == "200 4a\u{1e}1")
        #expect(harness.server.sessionCount == 0)
        #expect(harness.log.count == 1)
    }

    /// The body is refused by its stated length, before any of it is buffered.
    @Test func largeBodies() {
        var harness = Harness()
        let target = harness.openPolling()
        let head = "POST \(target) HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n"
        #expect(
            harness.exchange(Array(head.utf8), on: 2)
                == #"413 {"message":"the HTTP body is too large","code":"badHTTP"}"#)
        #expect(harness.finished == [2])
        let chunked = "POST \(target) HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunks = String(repeating: "1\r\na\r\n", count: 1001)
        #expect(harness.exchange(Array((chunked + chunks).utf8), on: 3).hasPrefix("413"))
        let unknown =
            "POST \(Harness.path)polling&sid=x HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n"
        #expect(harness.exchange(Array(unknown.utf8), on: 4).hasPrefix("400 {\"code\":1"))
        #expect(harness.finished.contains(4))
    }

    @Test func heartbeat() {
        var harness = Harness()
        let target = harness.openPolling()
        for _ in 0..<3 {
            #expect(harness.get(target, on: 1) == "")
            harness.pass(.milliseconds(25_250))
            #expect(harness.answers(1) == "200 2")
            #expect(harness.post(target, "3", on: 2) == "200 ok")
        }
        harness.pass(.seconds(46))
        #expect(harness.log.last == "ping timeout")
        #expect(harness.get(target, on: 5).hasPrefix("400 {\"code\":1"))
    }

    @Test func packetsPileUpToALimit() {
        var harness = Harness()
        _ = harness.openPolling()
        let session = harness.sessions[0]
        for _ in 0..<6 {
            harness.server.sendText(to: session, byteCount: 900) {
                $0.append(contentsOf: [UInt8](repeating: 0x61, count: 900))
            }
        }
        #expect(!harness.server.isDrained(session))
        harness.turn()
        #expect(harness.log.count == 1)
        harness.server.sendText(to: session, byteCount: 1) { $0.append(0x61) }
        harness.turn()
        #expect(harness.log.last == "slow consumer")
    }
}
