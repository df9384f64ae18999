import Clock
import HTTP
import SessionSupport
import Testing

@testable import EngineIO

@Suite struct UpgradeTests {
    @Test func upgradesWithProbe() {
        var harness = Harness()
        let target = harness.openPolling()
        #expect(harness.get(target, on: 1) == "")
        #expect(harness.openWebSocket(2, target) == .switchingProtocols)
        harness.say("2probe", on: 2)
        #expect(harness.messages(2) == ["3probe"])
        #expect(harness.answers(1) == "200 6")
        #expect(harness.get(target, on: 1) == "200 6")
        harness.say("5", "4hello", on: 2)
        #expect(harness.messages(2) == ["4hello"])
        #expect(harness.get(target, on: 1) == "400 {\"code\":3,\"message\":\"Bad request\"}")
        #expect(harness.post(target, "4x", on: 3) == "400 {\"code\":3,\"message\":\"Bad request\"}")
        #expect(harness.openWebSocket(4, target) == .switchingProtocols)
        #expect(harness.messages(4) == ["close 1008"])
        harness.say("4still", on: 2)
        #expect(harness.messages(2) == ["4still"])
        #expect(harness.log == ["opened 192.0.2.1"])
    }

    /// RFC 6455 section 4.4.
    @Test func anotherVersionIsToldOfOurs() throws {
        var harness = Harness()
        harness.open(1)
        let fields = Harness.upgradeFields.replacing("Version: 13", with: "Version: 8")
        harness.receive(Harness.get(Harness.path + "websocket", fields), on: 1)
        let response = try #require(harness.responses(1).first)
        #expect(response.status == .upgradeRequired)
        #expect(response.fields["Sec-WebSocket-Version"] == "13")
    }

    @Test func whatWaitsGoesAlong() {
        var harness = Harness()
        let target = harness.openPolling()
        harness.openWebSocket(2, target)
        harness.say("2probe", on: 2)
        #expect(harness.post(target, "4a\u{1e}bAQI=", on: 1) == "200 ok")
        harness.say("5", on: 2)
        #expect(harness.messages(2) == ["3probe", "4a", "[1, 2]"])
    }

    @Test(arguments: ["4hello", "5", "2", "3probe", "", "x"])
    func aBadProbeLeavesPollingAlone(text: String) {
        var harness = Harness()
        let target = harness.openPolling()
        harness.openWebSocket(2, target)
        harness.say(text, on: 2)
        #expect(harness.messages(2) == ["close 1002"])
        #expect(harness.post(target, "4a", on: 1) == "200 ok")
        #expect(harness.get(target, on: 1) == "200 4a")
        harness.openWebSocket(3, target)
        harness.say("2probe", "5", "4b", on: 3)
        #expect(harness.messages(3) == ["3probe", "4b"])
    }

    @Test func theProbeTimesOut() {
        var harness = Harness()
        let target = harness.openPolling()
        harness.openWebSocket(2, target)
        harness.say("2probe", on: 2)
        harness.pass(.seconds(12))
        #expect(harness.finished.contains(2))
        #expect(harness.post(target, "4a", on: 1) == "200 ok")
        #expect(harness.get(target, on: 1) == "200 4a")
    }

    @Test func twoProbes() {
        var harness = Harness()
        let target = harness.openPolling()
        harness.openWebSocket(2, target)
        harness.openWebSocket(3, target)
        #expect(harness.messages(3) == ["close 1008"])
        harness.say("2probe", "5", on: 2)
        #expect(harness.messages(2) == ["3probe"])
    }

    /// CVE-2022-41940 of another server: a reset in the middle of an upgrade, after every byte.
    @Test func resetsAtEveryByte() {
        var harness = Harness()
        let target = harness.openPolling()
        let request = Harness.get(
            target.replacing("polling&", with: "websocket&"), Harness.upgradeFields)
        let frames: [UInt8] =
            [0x81, 0x86, 0, 0, 0, 0] + Array("2probe".utf8)
        let bytes = request + frames
        for count in 0...bytes.count {
            harness.open(2)
            harness.receive(Array(bytes.prefix(count)), on: 2)
            harness.close(2)
        }
        #expect(harness.log == ["opened 192.0.2.1"])
        #expect(harness.post(target, "4a", on: 1) == "200 ok")
        #expect(harness.get(target, on: 1) == "200 4a")
    }

    @Test func theSessionEndsUnderTheProbe() {
        var harness = Harness()
        let target = harness.openPolling()
        harness.openWebSocket(2, target)
        #expect(harness.post(target, "1", on: 1) == "200 ok")
        #expect(harness.messages(2) == ["close 1000"])
        harness.say("2probe", on: 2)
        #expect(harness.messages(2).isEmpty)
    }
}
