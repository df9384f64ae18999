import Clock
import HTTP
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
