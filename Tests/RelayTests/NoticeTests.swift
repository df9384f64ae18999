import Clock
import Testing

@testable import Relay

@Suite struct NoticeTests {
    private let message =
        #"["send_message",{"recipientId":"bob","ciphertext":"Yw==","iv":"","tag":"","seq":1}]"#

    @Test func theHooksHearOfMessagesForWhoIsAway() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.send(1, message)
        #expect(relay.notices == [])
        relay.disconnect(2)
        relay.send(1, message)
        #expect(
            relay.notices == [Notice(userID: "bob", event: "send_message", time: relay.wall)])
    }

    /// A message that could not be kept is no reason to wake anybody.
    @Test func theHooksHearNothingOfWhatIsNotKept() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.disconnect(2)
        relay.store.failure = "storeFull"
        relay.send(1, message)
        #expect(relay.notices == [])
    }

    @Test(arguments: ["recipientId", "recipient_id"], [true, false])
    func notifyTellsTheHooksAndStoresNothing(field: String, isOnline: Bool) throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        if !isOnline { relay.disconnect(2) }
        relay.send(1, #"["notify",{"\#(field)":"bob@example.com","text":"secret"}]"#)
        #expect(relay.take(1) == [#"["notify:sent",{"recipientId":"bob@example.com"}]"#])
        #expect(relay.take(2) == [])
        #expect(relay.notices == [Notice(userID: "bob", event: "notify", time: relay.wall)])
        #expect(relay.store.kept.isEmpty)
    }

    /// One user cannot flood another with notices, and takes nobody else's allowance.
    @Test func notifyHasALimitForEachSender() throws {
        var limits = Relay.Limits()
        limits.notificationsPerUser = 3
        limits.secondsPerNotification = 10
        let relay = try TestRelay(limits: limits)
        for (socket, user) in [(1, "alice"), (2, "alice"), (3, "carol"), (4, "bob")] {
            relay.connect(socket, user)
        }
        relay.disconnect(4)
        func isRefused(_ socket: SocketNumber) -> Bool {
            relay.send(socket, #"["notify",{"recipientId":"bob"}]"#)
            return relay.take(socket).last?.contains(#""code":"rateLimited""#) == true
        }
        #expect([1, 2, 1, 1, 2].map(isRefused) == [false, false, false, true, true])
        #expect(!isRefused(3))
        #expect(relay.notices.count == 4)
        relay.advance(.seconds(11))
        #expect([1, 2].map(isRefused) == [false, true])
        #expect(relay.notices.count == 5)
    }

    @Test(arguments: [
        (#"{}"#, "missingField"), (#"{"recipientId":7}"#, "badField"),
        (#"{"recipientId":"nobody"}"#, "unknownUser"), (#""bob""#, "malformed"),
    ])
    func notifyIsRefused(fields: String, code: String) throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.send(1, #"["notify",\#(fields)]"#)
        #expect(relay.take(1).first?.contains(#""code":"\#(code)""#) == true)
        #expect(relay.notices == [])
    }
}
