import Clock
import HTTP
import SessionSupport
import SocketIO
import Testing

@Suite struct ServerTests {
    /// A server with one client that is in the main namespace, on connection 1.
    static func connected() -> Harness {
        var harness = Harness()
        harness.openWebSocket(1)
        harness.say("40", on: 1)
        _ = harness.messages(1)
        harness.log = []
        return harness
    }

    @Test func connectsOverWebSocket() {
        var harness = Harness()
        harness.openWebSocket(1)
        let open = harness.messages(1)
        #expect(open.count == 1)
        #expect(open[0].hasPrefix("0{\"sid\":\""))
        #expect(
            open[0].hasSuffix(
                "\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":10000}"
            ))
        harness.say("40{\"token\":\"123\"}", on: 1)
        #expect(harness.messages(1) == ["40{\"sid\":\"S0\"}"])
        harness.say("40/custom,", on: 1)
        #expect(harness.messages(1) == ["40/custom,{\"sid\":\"S1\"}"])
        #expect(harness.log == ["connecting / {\"token\":\"123\"}", "connecting /custom "])
    }

    @Test func refusesByMessage() {
        var harness = Harness()
        harness.openWebSocket(1)
        _ = harness.messages(1)
        harness.say("40/random", "40{\"bad\":1}", on: 1)
        #expect(
            harness.messages(1) == [
                "44/random,{\"message\":\"Invalid namespace\"}",
                "44{\"message\":\"no\",\"data\":{\"code\":7}}",
            ])
        #expect(harness.log == ["connecting / {\"bad\":1}"])
    }

    static let conversation: [(said: [String], heard: [String])] = [
        (
            ["42[\"message\",1,\"2\",{\"3\":[true]}]"],
            ["42[\"message-back\",1,\"2\",{\"3\":[true]}]"]
        ),
        (["42[\"message\"]"], ["42[\"message-back\"]"]),
        (["42456[\"m\",1,\"2\",{\"3\":[false]}]"], ["43456[1,\"2\",{\"3\":[false]}]"]),
        (["427[ \"m\" , 1 ]"], ["437[1]"]),
        (
            ["40/custom,", "42/custom,3[\"\\u006d\"]"],
            ["40/custom,{\"sid\":\"S1\"}", "43/custom,3[]"]
        ),
        (["41/custom,", "42[5,1]"], ["42[\"5-back\",1]"]),
    ]

    @Test(arguments: [false, true]) func echoes(singly: Bool) {
        var harness = Self.connected()
        for step in Self.conversation {
            for text in step.said { harness.say(text, on: 1, singly: singly) }
            #expect(harness.messages(1) == step.heard)
        }
    }

    @Test func severalPacketsInOneRead() {
        var harness = Self.connected()
        harness.say("42[\"a\"]", "421[\"b\"]", "3", "42[\"c\",0]", on: 1)
        #expect(harness.messages(1) == ["42[\"a-back\"]", "431[]", "42[\"c-back\",0]"])
    }

    @Test func attachments() {
        var harness = Self.connected()
        harness.say(
            "452-789[\"m\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
            on: 1)
        harness.say(binary: [1, 2, 3], on: 1)
        #expect(harness.messages(1).isEmpty)
        harness.say(binary: [4, 5], on: 1)
        #expect(
            harness.messages(1) == [
                "462-789[{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
                "[1, 2, 3]", "[4, 5]",
            ])
    }
}

extension ServerTests {
    @Test func overPolling() {
        var harness = Harness()
        let sid = harness.poll(on: 1)
        let target = "/socket.io/?EIO=4&transport=polling&sid=\(sid)"
        #expect(harness.exchange(Harness.post(target, "40{\"token\":\"t\"}"), on: 1) == "200 ok")
        #expect(harness.exchange(Harness.get(target), on: 1) == "200 40{\"sid\":\"S0\"}")
        let packets = "421[\"a\",1]\u{1e}451-2[\"b\",{\"_placeholder\":true,\"num\":0}]\u{1e}bAQI="
        #expect(harness.exchange(Harness.post(target, packets), on: 1) == "200 ok")
        #expect(
            harness.exchange(Harness.get(target), on: 1)
                == "200 431[1]\u{1e}461-2[{\"_placeholder\":true,\"num\":0}]\u{1e}bAQI=")
    }

    @Test func asksForAnswers() {
        var harness = Self.connected()
        harness.openWebSocket(2)
        harness.say("40/custom,", on: 2)
        _ = harness.messages(2)
        guard let socket = harness.sockets.last else { return }
        let first = harness.server.emitAwaitingAnswer("q", Array("1".utf8).span, to: socket)
        let second = harness.server.emitAwaitingAnswer("q", Span(), to: socket)
        #expect([first, second] == [0, 1])
        harness.turn()
        #expect(harness.messages(2) == ["42/custom,0[\"q\",1]", "42/custom,1[\"q\"]"])
        harness.say("43/custom,1[\"yes\"]", "43/custom,7[]", on: 2)
        #expect(harness.log.last == "acknowledged 1 \"yes\"")
    }

    @Test func disconnects() {
        var harness = Self.connected()
        #expect(harness.areAlone() == [true])
        harness.say("40/custom,", on: 1)
        _ = harness.messages(1)
        harness.log = []
        #expect(harness.areAlone() == [false, false])
        harness.server.disconnect(harness.sockets[1])
        harness.turn()
        #expect(harness.areAlone() == [true, false])
        #expect(harness.messages(1) == ["41/custom,"])
        let wasSent = harness.server.emit("a", Span(), to: harness.sockets[1])
        #expect(!wasSent)
        harness.say("42[\"still\"]", on: 1)
        #expect(harness.messages(1) == ["42[\"still-back\"]"])
        harness.server.disconnect(harness.sockets[0], closingTransport: true)
        harness.turn()
        #expect(harness.messages(1) == ["41", "close 1000"])
        #expect(harness.log == ["event still "])
    }

    /// A name or handle that is gone does not reach whoever has its place now.
    @Test func handlesAreNotReused() {
        var harness = Self.connected()
        let old = harness.sockets[0]
        harness.close(1)
        #expect(harness.log == ["disconnected transport close"])
        harness.openWebSocket(1)
        harness.say("40", on: 1)
        _ = harness.messages(1)
        #expect(harness.sockets[1].slot == old.slot)
        let wasSent = [old, harness.sockets[1]].map { harness.server.emit("a", Span(), to: $0) }
        #expect(wasSent == [false, true])
        harness.turn()
        #expect(harness.messages(1) == ["42[\"a\"]"])
    }

    @Test func eventsOfTheSameReadAfterAnEnd() {
        var harness = Self.connected()
        harness.say("42[\"a\"]", "41", on: 1)
        #expect(harness.log == ["event a ", "disconnected client namespace disconnect"])
    }

    @Test func namesAreEscaped() {
        var harness = Self.connected()
        harness.server.emit("a\"b\\\n", Span(), to: harness.sockets[0])
        harness.turn()
        #expect(harness.messages(1) == ["42[\"a\\\"b\\\\\\n\"]"])
    }

    @Test func otherRequests() {
        var harness = Harness()
        harness.open(1)
        #expect(harness.exchange(Harness.get("/healthz"), on: 1) == "200 hi /healthz")
    }

    @Test func aSlowReader() {
        var harness = Self.connected()
        harness.window = 10
        let text = "\"" + String(repeating: "a", count: 9000) + "\""
        for _ in 0..<4 { harness.say("42[\"a\",\(text)]", on: 1) }
        #expect(harness.log.last == "disconnected slow consumer")
    }
}
