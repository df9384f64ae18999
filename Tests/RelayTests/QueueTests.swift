import Clock
import JSON
import Testing

@testable import Relay

private func message(
    to user: String, _ sequence: Int, id: String? = nil, ciphertext: String = "Yw=="
) -> String {
    let id = id.map { #","messageId":"\#($0)""# } ?? ""
    return
        #"["send_message",{"recipientId":"\#(user)","ciphertext":"\#(ciphertext)","iv":"aQ==","tag":"dA==","seq":\#(sequence)\#(id)}]"#
}

extension TestRelay {
    /// The sequence numbers of the messages that a connection was sent since last asked.
    fileprivate func sequences(_ socket: SocketNumber) throws -> [Int64] {
        try take(socket).compactMap { event in
            let array = try JSON(parsing: event).array ?? []
            return array.first == "receive_message" ? array.last?["seq"]?.integer : nil
        }
    }

    /// Bob is away; mallory is at connection 1, alice at 3.
    fileprivate static func whileBobIsAway(_ limits: Relay.Limits) throws -> TestRelay {
        let relay = try TestRelay(limits: limits)
        relay.comeAndGo(2, "bob")
        relay.connect(1, "mallory")
        relay.connect(3, "alice")
        return relay
    }

    /// Messages of alice, who is at connection 1, wait for bob, who is at connection 2 and gets no
    /// more than four before he answers.
    fileprivate static func withFewUnacknowledged(messageCount: Int) throws -> TestRelay {
        var limits = Relay.Limits()
        limits.messagesPerRead = 3
        limits.unacknowledgedMessages = 4
        let relay = try TestRelay(limits: limits)
        relay.comeAndGo(2, "bob")
        relay.connect(1, "alice")
        for sequence in 1...messageCount {
            relay.send(1, message(to: "bob", sequence, id: "m\(sequence)"))
        }
        relay.connect(2, "bob", reliable: true)
        _ = relay.take(1)
        return relay
    }

    /// Bob says something of a message of alice.
    fileprivate func answer(_ event: String, _ sequence: Int64, socket: SocketNumber = 2) {
        send(socket, #"["\#(event)",{"messageId":"m\#(sequence)","senderId":"alice"}]"#)
    }

    fileprivate func comeAndGo(_ socket: SocketNumber, _ user: String) {
        connect(socket, user)
        disconnect(socket)
    }

    /// How many of 20 messages to bob are kept.
    fileprivate func keptOfTwenty(_ socket: SocketNumber, ciphertext: String = "Yw==") -> Int {
        for sequence in 1...20 {
            send(socket, message(to: "bob", sequence, ciphertext: ciphertext))
        }
        return take(socket).count { $0.hasPrefix(#"["message:sent""#) }
    }
}

@Suite struct QueueTests {
    @Test func whatIsSentWhileAwayArrivesInOrderAndIsGone() throws {
        var limits = Relay.Limits()
        limits.messagesPerRead = 3
        let relay = try TestRelay(limits: limits)
        relay.comeAndGo(2, "bob")
        relay.connect(1, "alice")
        for sequence in 1...10 { relay.send(1, message(to: "bob", sequence)) }
        #expect(relay.take(1).count == 10)
        #expect(relay.store.kept.count == 10)
        relay.connect(2, "bob")
        #expect(try relay.sequences(2) == Array(1...10))
        #expect(relay.store.kept.isEmpty)
        #expect(relay.server.directory[0].keptMessages == 0)
        #expect(relay.server.directory[0].keptBytes == 0)
    }

    @Test func aRestartLosesNothing() throws {
        let relay = try TestRelay()
        relay.comeAndGo(2, "bob")
        relay.connect(1, "alice")
        relay.send(1, message(to: "bob", 1))
        relay.restart()
        relay.connect(2, "bob")
        #expect(try relay.sequences(2) == [1])
        #expect(relay.store.kept.isEmpty)
    }

    @Test func betweenStockClientsNothingTouchesTheStore() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.send(1, message(to: "bob", 1))
        #expect(relay.store.known.isEmpty && relay.store.kept.isEmpty)
        #expect(try relay.sequences(2) == [1])
    }

    @Test(arguments: [(true, false), (false, true), (true, true)])
    func reliableClientsAreServedThroughTheStore(sender: Bool, receiver: Bool) throws {
        let relay = try TestRelay()
        relay.writes = false
        relay.connect(1, "alice", reliable: sender)
        relay.connect(2, "bob", reliable: receiver)
        relay.send(1, message(to: "bob", 1, id: "m1"))
        #expect(relay.take(1).count == 1)
        #expect(try relay.sequences(2) == [1])
        #expect(relay.store.kept.count == 1)
        relay.disconnect(2)
        relay.connect(2, "bob", reliable: receiver)
        #expect(try relay.sequences(2) == [1])
        if receiver {
            relay.send(2, #"["message:delivered",{"messageId":"m1","senderId":"alice"}]"#)
        } else {
            relay.server.written([relay.store.kept[0].message.row], on: 2)
            relay.run()
        }
        #expect(relay.store.kept.isEmpty)
        relay.disconnect(2)
        relay.connect(2, "bob", reliable: receiver)
        #expect(try relay.sequences(2) == [])
    }

    /// An acknowledgement from a journal, before the message has come again.
    @Test func anEarlierConnectionsMessageCanBeAcknowledged() throws {
        let relay = try TestRelay()
        relay.connect(2, "bob", reliable: true)
        relay.connect(1, "alice", reliable: true)
        for sequence in 1...3 { relay.send(1, message(to: "bob", sequence, id: "m\(sequence)")) }
        relay.restart()
        relay.connect(1, "alice")
        relay.connect(2, "bob", reliable: true)
        relay.restart()
        relay.server.connect(
            2, socketID: "s",
            auth: Array(#"{"token":"\#(relay.token("bob"))","reliable":true}"#.utf8)[...],
            address: "")
        relay.send(2, #"["message:delivered",{"messageId":"m2","senderId":"alice"}]"#)
        // Alice, who is away, is to hear of it.
        let kept = relay.store.kept.map { String(decoding: $0.message.event, as: UTF8.self) }
        #expect(kept.count { $0.contains("receive_message") } == 2)
        #expect(kept.count { $0.contains("message:delivery-confirmed") } == 1)
    }

    @Test func aRepeatedIDIsStoredOnceAndAnsweredAgain() throws {
        let relay = try TestRelay()
        relay.connect(2, "bob", reliable: true)
        relay.connect(1, "alice", reliable: true)
        for _ in 0..<3 { relay.send(1, message(to: "bob", 1, id: "m1")) }
        let answers = relay.take(1)
        #expect(answers.count == 3 && Set(answers).count == 1)
        #expect(answers[0].hasPrefix(#"["message:sent""#))
        #expect(try relay.sequences(2) == [1])
        relay.send(2, #"["message:delivered",{"messageId":"m1","senderId":"alice"}]"#)
        #expect(relay.take(1) == [#"["message:delivery-confirmed",{"messageId":"m1"}]"#])
        relay.send(1, message(to: "bob", 1, id: "m1"))
        // Who asks again, since the answer was lost, hears all of it again.
        let confirmation = #"["message:delivery-confirmed",{"messageId":"m1"}]"#
        #expect(relay.take(1) == [answers[0], confirmation])
        #expect(try relay.sequences(2) == [])
        // The same envelope for somebody else is another message.
        relay.connect(3, "carol")
        relay.send(1, message(to: "carol", 1, id: "m1"))
        #expect(try relay.sequences(3) == [1])
    }

    @Test func aFullStoreIsNeverASentMessage() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice", reliable: true)
        relay.connect(2, "bob")
        _ = relay.take(1)
        relay.store.failure = "storeFull"
        relay.send(1, message(to: "bob", 1, id: "m1"), acknowledgement: 3)
        #expect(
            relay.take(1) == [
                #"["message:error",{"message":"The message could not be stored","code":"storeFull","messageId":"m1","recipientId":"bob"}]"#
            ])
        #expect(relay.acknowledgements[1]?[3]?.contains("storeFull") == true)
        #expect(try relay.sequences(2) == [])
        relay.store.failure = nil
        relay.send(1, message(to: "bob", 1, id: "m1"))
        #expect(try relay.sequences(2) == [1])
    }

    @Test func theQueueOfAUserIsBounded() throws {
        var limits = Relay.Limits()
        limits.keptMessagesPerUser = 3
        let relay = try TestRelay(limits: limits)
        relay.comeAndGo(2, "bob")
        relay.connect(1, "alice")
        for sequence in 1...4 { relay.send(1, message(to: "bob", sequence)) }
        let answers = relay.take(1)
        #expect(answers[2].hasPrefix(#"["message:sent""#))
        #expect(answers[3].contains(#""code":"queueFull""#))
        relay.comeAndGo(2, "bob")
        relay.send(1, message(to: "bob", 5))
        #expect(relay.take(1).last?.hasPrefix(#"["message:sent""#) == true)
    }

    /// A stranger fills at most its share of what is left of a mailbox that is half full.
    @Test func nobodyFillsAMailboxAlone() throws {
        var limits = Relay.Limits()
        limits.keptMessagesPerUser = 8
        limits.keptMessagesPerSender = 2
        let relay = try TestRelay.whileBobIsAway(limits)
        #expect(relay.keptOfTwenty(1) == 6)
        #expect(relay.keptOfTwenty(3) == 2)
        #expect(relay.store.kept.count == 8)
        // Once bob has fetched them, nobody's past counts.
        relay.comeAndGo(2, "bob")
        #expect(relay.keptOfTwenty(1) == 6)
    }

    @Test func nobodyFillsAMailboxAloneWithFewLargeMessages() throws {
        var limits = Relay.Limits()
        limits.keptBytesPerUser = 8000
        limits.keptBytesPerSender = 1500
        let relay = try TestRelay.whileBobIsAway(limits)
        let large = String(repeating: "A", count: 800)
        let first = relay.keptOfTwenty(1, ciphertext: large)
        #expect((4...6).contains(first))
        #expect(relay.keptOfTwenty(3, ciphertext: large) == 1)
    }

    /// Messages that come while a connection is still being sent older ones follow them.
    @Test func newMessagesDoNotOvertakeOldOnes() throws {
        var limits = Relay.Limits()
        limits.messagesPerRead = 2
        let relay = try TestRelay(limits: limits)
        relay.comeAndGo(2, "bob")
        relay.connect(1, "alice")
        for sequence in 1...5 { relay.send(1, message(to: "bob", sequence)) }
        relay.server.connect(
            2, socketID: "s", auth: Array(#"{"token":"\#(relay.token("bob"))"}"#.utf8)[...],
            address: "")
        relay.receive(1, message(to: "bob", 6))
        relay.run()
        relay.send(1, message(to: "bob", 7))
        #expect(try relay.sequences(2) == Array(1...7))
        #expect(relay.store.kept.isEmpty)
    }

    @Test func aReliableClientIsNotFloodedBeforeItAcknowledges() throws {
        let relay = try TestRelay.withFewUnacknowledged(messageCount: 9)
        var received = try relay.sequences(2)
        #expect(received == [1, 2, 3, 4])
        var next = 0
        while next < received.count {
            relay.answer("message:delivered", received[next])
            next += 1
            received += try relay.sequences(2)
        }
        #expect(received == Array(1...9))
        #expect(relay.store.kept.isEmpty)
    }

    /// What a client leaves makes room for what is behind it, is not delivered, and comes again on
    /// the next connection. It may still be acknowledged.
    @Test func whatAClientLeavesKeepsNothingBehindItBack() throws {
        let relay = try TestRelay.withFewUnacknowledged(messageCount: 9)
        var received: [Int64] = []
        while case let new = try relay.sequences(2), !new.isEmpty {
            received += new
            for sequence in new { relay.answer("message:left", sequence) }
        }
        #expect(received == Array(1...9))
        #expect(relay.take(1).isEmpty)
        #expect(relay.store.kept.count == 9)
        relay.answer("message:delivered", 9)
        #expect(relay.take(1) == [#"["message:delivery-confirmed",{"messageId":"m9"}]"#])
        relay.disconnect(2)
        relay.connect(2, "bob", reliable: true)
        #expect(try relay.sequences(2) == [1, 2, 3, 4])
        for sequence in 1...4 { relay.answer("message:delivered", Int64(sequence)) }
        #expect(try relay.sequences(2) == [5, 6, 7, 8])
        #expect(relay.store.kept.count == 4)
    }

    /// What comes meanwhile waits for its turn, and what a client leaves once it has all costs the
    /// relay nothing.
    @Test func whatIsLeftStaysInItsOrder() throws {
        let relay = try TestRelay.withFewUnacknowledged(messageCount: 5)
        #expect(try relay.sequences(2) == [1, 2, 3, 4])
        relay.send(1, message(to: "bob", 6, id: "m6"))
        for sequence in 1...4 { relay.answer("message:left", Int64(sequence)) }
        #expect(try relay.sequences(2) == [5, 6])
        for sequence in 7...20 as ClosedRange<Int64> {
            relay.send(1, message(to: "bob", Int(sequence), id: "m\(sequence)"))
            relay.answer("message:left", sequence)
        }
        #expect(try relay.sequences(2) == Array(7...20))
        #expect(relay.server.peers[2]?.unacknowledged.count == 2)
    }

    /// Only what was sent and not answered yet makes room, and only for its own reader.
    @Test func leavingWhatIsNotThereDoesNothing() throws {
        let relay = try TestRelay.withFewUnacknowledged(messageCount: 9)
        relay.connect(3, "mallory")
        #expect(try relay.sequences(2) == [1, 2, 3, 4])
        for _ in 0..<20 {
            for sequence in [1, 7, 99] as [Int64] { relay.answer("message:left", sequence) }
            for sequence in 1...4 as ClosedRange<Int64> {
                relay.answer("message:left", sequence, socket: 3)
            }
        }
        #expect(try relay.sequences(2) == [])
        relay.answer("message:left", 2)
        #expect(try relay.sequences(2) == [5, 6])
        #expect(relay.store.kept.count == 9)
        relay.disconnect(2)
        relay.connect(2, "bob")
        relay.answer("message:left", 1)
        #expect(try relay.sequences(2) == Array(1...9))
        #expect(relay.store.kept.isEmpty)
    }

    /// Written to a stock client's socket is not enough while another device acknowledges.
    @Test func aReliableDeviceDecidesWhenAMessageIsDelivered() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.connect(3, "bob", reliable: true)
        relay.send(1, message(to: "bob", 1, id: "m1"))
        #expect(try relay.sequences(2) == [1])
        #expect(try relay.sequences(3) == [1])
        #expect(relay.store.kept.count == 1)
        relay.send(3, #"["message:delivered",{"messageId":"m1","senderId":"alice"}]"#)
        #expect(relay.store.kept.isEmpty)
    }

    /// What a connection had not read when it broke is kept, and follows on the next one.
    @Test func messagesOfABrokenConnectionAreKept() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.send(1, message(to: "bob", 1))
        relay.giveBack(1, on: 2)
        #expect(relay.store.kept.count == 1)
        relay.connect(3, "bob")
        #expect(try relay.sequences(3) == [1])
        #expect(relay.store.kept.isEmpty)
    }

    /// What one of two connections had is neither sent to it again nor kept, when the other breaks
    /// with it.
    @Test func anotherConnectionHadWhatABrokenOneLost() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        for socket in 2...3 { relay.connect(socket, "bob") }
        relay.send(1, message(to: "bob", 1))
        relay.giveBack(1, on: 2)
        #expect(try relay.sequences(3) == [1])
        #expect(relay.store.kept.isEmpty)
        // The other one breaks as well: now nobody has it.
        relay.giveBack(1, on: 3)
        #expect(relay.store.kept.count == 1)
        relay.connect(4, "bob")
        #expect(try relay.sequences(4) == [1])
    }

    /// It came after the message, and before the old connection's end was noticed.
    @Test func whoeverCameInBetweenGetsWhatWasLostAndNothingTwice() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.send(1, message(to: "bob", 1))
        relay.connect(3, "bob")
        relay.send(1, message(to: "bob", 2))
        relay.giveBack(2, on: 2)
        #expect(try relay.sequences(3) == [2, 1])
        #expect(relay.store.kept.isEmpty)
    }

    /// A message for a connection by its socket id was nobody else's.
    @Test func whatWasForOneConnectionGoesToTheOthersWhenItBreaks() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        for socket in 2...3 { relay.connect(socket, "bob") }
        relay.send(1, message(to: try #require(relay.socketIDs[3]), 1))
        #expect(try relay.sequences(2) == [])
        relay.giveBack(1, on: 3)
        #expect(try relay.sequences(2) == [1])
        #expect(relay.store.kept.isEmpty)
    }

    /// What a slow connection had no room for comes later to it alone.
    @Test func aSlowConnectionsShareIsNotSentToTheOthersAgain() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        for socket in 2...3 { relay.connect(socket, "bob") }
        relay.send(1, message(to: "bob", 1))
        _ = relay.take(2)
        relay.writes = false
        relay.giveBack(1, on: 2, isGone: false)
        #expect(try relay.sequences(3) == [1])
        relay.server.congested(3)
        relay.run()
        #expect(try relay.sequences(3) == [])
        #expect(try relay.sequences(2) == [1])
    }

    /// A connection that reads too slowly is spared: what comes for it waits in the store.
    @Test func aCongestedConnectionGetsTheRestLater() throws {
        let relay = try TestRelay()
        relay.connect(1, "alice")
        relay.connect(2, "bob")
        relay.send(1, message(to: "bob", 1))
        relay.server.congested(2)
        _ = relay.server.takeEffects()
        for sequence in 2...4 { relay.send(1, message(to: "bob", sequence)) }
        #expect(try relay.sequences(2) == [1])
        #expect(relay.store.kept.count == 3)
        relay.server.drained(2)
        relay.run()
        #expect(try relay.sequences(2) == [2, 3, 4])
        relay.send(1, message(to: "bob", 5))
        #expect(try relay.sequences(2) == [5])
        #expect(relay.store.kept.isEmpty)
    }
}
