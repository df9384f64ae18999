import Clock
import SessionSupport
import SocketIO
import Support
import Testing

/// Each of these ends the transport of the client that sent it, with a protocol error, and touches
/// nobody else.
@Suite struct HostilePacketTests {
    static func expectsEnd(
        _ texts: [String], in harness: consuming Harness = ServerTests.connected()
    ) {
        var harness = harness
        harness.openWebSocket(2)
        harness.say("40", on: 2)
        _ = harness.messages(2)
        for text in texts { harness.say(text, on: 1) }
        #expect(harness.messages(1) == ["close 1002"])
        #expect(harness.log.last == "disconnected parse error")
        #expect(!harness.log.contains { $0.hasPrefix("event") })
        #expect(harness.finished == [1])
        harness.say("42[\"a\"]", on: 2)
        #expect(harness.messages(2) == ["42[\"a-back\"]"])
        #expect(harness.server.sessionCount == 1)
    }

    @Test(arguments: [
        "4", "47", "49", "4abc", "4-1", "44", "44{\"message\":\"x\"}",
        "42", "42{}", "42[]", "42[{}]", "42[null]", "42[true]", "42[[\"a\"]]", "42[\"\"]",
        "42\"a\"",
        "42[\"a\"", "42[\"a\"]x", "42[\"a\",]", "42[,\"a\"]", "42[\"a\" 1]", "42[\"a\",NaN]",
        "42[\"a\",01]", "42[\"a\",\"\\x\"]", "42[\"a\",\"\\ud80\"]", "42[\"\\udc00\"]",
        "42[-1]", "42[1.5]x", "42abc[\"a\"]", "42-1[\"a\"]", "421.5[\"a\"]",
        "429007199254740992[\"a\"]", "4210000000000000000000000000000[\"a\"]",
        "43[]", "431{}", "431", "431[1,]", "41x", "41{}", "40", "40[]", "401", "401{}",
        "42/nope,[\"a\"]", "42/custom,[\"a\"]", "42/,x[\"a\"]", "42/nope", "43/nope,1[]",
    ])
    func malformed(text: String) { Self.expectsEnd([text]) }

    /// CVE-2023-32695 and CVE-2024-38355 of other servers: names that mean something of their own.
    @Test(arguments: [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
        "dis\\u0063onnect",
    ])
    func reservedNames(name: String) {
        Self.expectsEnd(["42[\"\(name)\"]"])
        Self.expectsEnd(["421[\"\(name)\",1]"])
    }

    /// CVE-2022-2421 of another server: a placeholder's number is checked.
    @Test(arguments: [
        "-1", "1", "0.0", "0.5", "\"0\"", "null", "true", "[0]", "{}", "1e0",
        "18446744073709551616",
        "0,\"more\":1",
    ])
    func placeholders(number: String) {
        Self.expectsEnd(["451-[\"a\",{\"_placeholder\":true,\"num\":\(number)}]"])
    }

    @Test(arguments: [
        "451-[\"a\"]", "451-[\"a\",{\"_placeholder\":true}]",
        "451-[\"a\",{\"_placeholder\":1,\"num\":0}]",
        "452-[\"a\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":0}]",
        "451-[\"a\",[{\"b\":{\"_placeholder\":true,\"num\":1}}]]",
        "450-[\"a\",{\"_placeholder\":true,\"num\":0}]", "451-{}", "451-",
        "45[\"a\"]", "45-[\"a\"]", "45x-[\"a\"]", "451[\"a\"]", "46-1[]",
    ])
    func attachmentsThatDoNotAddUp(text: String) { Self.expectsEnd([text]) }

    /// CVE-2026-33151 of another server: nobody can announce attachments without end.
    @Test(arguments: ["11", "99", "459999999", "99999999999999999999"])
    func tooManyAttachments(count: String) {
        Self.expectsEnd(["45\(count)-[\"a\",{\"_placeholder\":true,\"num\":0}]"])
    }

    @Test func tenAttachmentsAreTaken() {
        var harness = ServerTests.connected()
        let placeholders = (0..<10).map { ",{\"_placeholder\":true,\"num\":\($0)}" }.joined()
        harness.say("4510-1[\"a\"\(placeholders)]", on: 1)
        for byte in UInt8(0)..<10 { harness.say(binary: [byte], on: 1) }
        #expect(harness.messages(1).count == 11)
        harness.say("450-2[\"a\"]", on: 1)
        #expect(harness.messages(1) == ["432[]"])
    }

    @Test func textWhileAttachmentsAreDue() {
        Self.expectsEnd(["451-[\"a\",{\"_placeholder\":true,\"num\":0}]", "42[\"b\"]"])
    }

    @Test func binaryThatNobodyAnnounced() {
        var harness = ServerTests.connected()
        harness.say(binary: [1], on: 1)
        #expect(harness.messages(1) == ["close 1002"])
    }

    @Test func attachmentsThatNeverCome() {
        var harness = ServerTests.connected()
        harness.say("451-[\"a\",{\"_placeholder\":true,\"num\":0}]", on: 1)
        harness.pass(.seconds(26))
        harness.say("3", on: 1)
        harness.pass(.seconds(20))
        #expect(harness.log == ["disconnected transport close"])
    }

    @Test func attachmentsThatAreTooLarge() {
        var configuration = Harness.configuration
        configuration.attachmentByteCount = 1000
        var harness = Harness(configuration)
        harness.openWebSocket(1)
        harness.say("40", on: 1)
        let two = "{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}"
        harness.say("452-[\"a\",\(two)]", on: 1)
        harness.say(binary: [UInt8](repeating: 1, count: 600), on: 1)
        harness.say(binary: [UInt8](repeating: 1, count: 600), on: 1)
        #expect(harness.log.last == "disconnected parse error")
    }

    @Test func deepNesting() {
        let deep = String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000)
        Self.expectsEnd(["42[\"a\",\(deep)]"])
        Self.expectsEnd(["451-[\"a\",\(deep)]"])
    }

    @Test func eventsBeforeConnect() {
        var harness = Harness()
        harness.openWebSocket(1)
        _ = harness.messages(1)
        harness.say("42[\"a\"]", on: 1)
        #expect(harness.messages(1) == ["close 1002"])
        #expect(harness.log.isEmpty)
    }

    @Test func noConnectAtAll() {
        var harness = Harness()
        harness.openWebSocket(1)
        _ = harness.poll(on: 2)
        harness.openWebSocket(3)
        harness.say("40/random", on: 3)
        harness.pass(.seconds(46))
        #expect(harness.server.sessionCount == 0)
        #expect(harness.finished.isSuperset(of: [1, 3]) || harness.messages(1).count > 1)
    }

    @Test(arguments: [
        "40{\"token\":\"1\"", "40{\"a\":1}}", "40nope", "40\"a\"", "40/custom,[]",
        "40/" + String(repeating: "a", count: 300) + ",",
    ])
    func badConnects(text: String) {
        var harness = Harness()
        harness.openWebSocket(1)
        _ = harness.messages(1)
        harness.say(text, on: 1)
        #expect(harness.messages(1) == ["close 1002"])
        #expect(harness.log.isEmpty)
    }

    @Test func overPolling() {
        var harness = Harness()
        let sid = harness.poll(on: 1)
        let target = "/socket.io/?EIO=4&transport=polling&sid=\(sid)"
        #expect(
            harness.exchange(
                Harness.post(target, "40\u{1e}42[\"a\"]\u{1e}42{}\u{1e}42[\"b\"]"), on: 1)
                == "400 {\"code\":3,\"message\":\"Bad request\"}")
        #expect(harness.log == ["connecting / ", "event a ", "disconnected parse error"])
        #expect(harness.exchange(Harness.get(target), on: 1).hasPrefix("400 {\"code\":1"))
    }

    @Test(arguments: 0..<64 as Range<UInt64>) func survivesDamage(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let texts = [
            "42[\"message\",1,\"2\",{\"3\":[true]}]", "40/custom,{\"a\":1}", "4212[\"m\",null]",
            "452-/custom,9[\"b\",{\"_placeholder\":true,\"num\":1},{\"_placeholder\":true,\"num\":0}]",
        ]
        for text in texts {
            for _ in 0..<20 {
                var bytes = Array(text.utf8)
                let at = Int.random(in: 1..<bytes.count, using: &random)
                bytes[at] = UInt8.random(in: 0x20...0x7e, using: &random)
                var harness = ServerTests.connected()
                harness.say(String(decoding: bytes, as: UTF8.self), on: 1)
                harness.say(binary: [1], on: 1)
                harness.close(1)
                #expect(harness.server.sessionCount == 0)
                #expect(harness.log.last?.hasPrefix("disconnected") == true)
            }
        }
    }
}
