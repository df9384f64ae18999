import Metrics
import Testing

@testable import Relay

/// What a receiver says of a message while its sender is away.
@Suite struct ConfirmationTests {
    private static let delivered = #"["message:delivered",{"messageId":"m1","senderId":"alice"}]"#
    private static let read = #"["message:read",{"messageId":"m1","senderId":"alice"}]"#

    private func relay(keeping count: Int = 100) throws -> TestRelay {
        var limits = Relay.Limits()
        limits.keptMessagesPerUser = count
        let relay = try TestRelay(history: .zero, limits: limits)
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.disconnect(1)
        return relay
    }

    @Test(arguments: [false, true])
    func itWaitsForTheSender(isReliable: Bool) throws {
        let relay = try relay()
        for (number, text) in [(1, Self.delivered), (2, Self.read)] as [(UInt64, String)] {
            relay.send(2, text, acknowledgement: number)
            #expect(relay.acknowledgements[2]?[number] == #"{"success":true}"#)
        }
        #expect(relay.take(2) == [])
        relay.restart()
        relay.connect(1, "alice", reliable: isReliable)
        #expect(
            relay.take(1) == [
                #"["message:delivery-confirmed",{"messageId":"m1"}]"#,
                #"["message:read-confirmed",{"messageId":"m1"}]"#,
            ])
        #expect(try relay.realStore?.state(relay.wall).kept == [])
    }

    @Test func partsOfFilesAreToldApart() throws {
        let relay = try relay()
        for number in 0..<3 {
            relay.send(
                2,
                #"["message:delivered",{"messageId":"f","senderId":"alice","chunkNumber":\#(number)}]"#
            )
        }
        relay.connect(1, "alice")
        #expect(relay.take(1).count == 3)
    }

    @Test func halfOfAMailboxStaysFree() throws {
        let relay = try relay(keeping: 4)
        for number in 1...3 {
            relay.send(
                2, #"["message:read",{"messageId":"m\#(number)","senderId":"alice"}]"#,
                acknowledgement: UInt64(number))
        }
        #expect(relay.acknowledgements[2]?[2] == #"{"success":true}"#)
        let error = #"{"message":"Too many messages wait for this user","code":"queueFull"}"#
        #expect(relay.acknowledgements[2]?[3] == error)
        #expect(relay.take(2) == [#"["message:error",\#(error)]"#])
        #expect(relay.server.counters.notKept.counts == ["message:read-confirmed": 1])
    }

    @Test func unknownSendersAndAStoreThatFailsAreErrors() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.disconnect(1)
        relay.send(2, #"["message:read",{"messageId":"m1","senderId":"nobody"}]"#)
        #expect(relay.take(2).first?.contains(#""code":"unknownUser""#) == true)
        relay.store.failure = "noSpace"
        relay.send(2, Self.read, acknowledgement: 1)
        #expect(relay.take(2).first?.contains(#""code":"noSpace""#) == true)
        #expect(relay.acknowledgements[2]?[1]?.contains("success") == false)
    }

    /// While the sender is there, nothing of it is kept.
    @Test func whoIsThereHearsItAtOnce() throws {
        let relay = try relay()
        relay.connect(1, "alice", reliable: true)
        relay.send(2, Self.delivered)
        #expect(relay.take(1).count == 1)
        #expect(try relay.realStore?.state(relay.wall).kept == [])
    }
}
