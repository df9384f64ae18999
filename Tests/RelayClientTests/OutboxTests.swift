import Clock
import Support
import Testing

@testable import RelayClient

@Suite struct OutboxTests {
    private let now = Timestamp(milliseconds: 1000)

    private func message(_ id: String) throws -> OutgoingMessage {
        let line =
            #"{"type":"message","id":"\#(id)","iv":"","ciphertext":"","tag":"","seq":1}"#
        return try OutgoingMessage(envelope: Array(line.utf8), to: "bob")
    }

    private func outbox(_ ids: [String], goal: DeliveryStatus = .stored) throws -> Outbox {
        var outbox = Outbox(recipient: "bob", goal: goal)
        for (index, id) in ids.enumerated() { outbox.add(try message(id), line: index + 1) }
        return outbox
    }

    @Test func receiptsComeInTheOrderOfTheInput() throws {
        var outbox = try outbox(["a", "b"])
        #expect(outbox.next()?.message.id == "a")
        #expect(outbox.next()?.message.id == "b")
        #expect(outbox.next() == nil)
        #expect(outbox.answer("message:sent", #"{"messageId":"b"}"#, at: now) == true)
        #expect(outbox.nextOutcome() == nil)
        #expect(outbox.answer("message:sent", #"{"messageId":"a"}"#, at: now) == true)
        #expect(outbox.takeReceipts().map(\.id) == ["a", "b"])
        #expect(outbox.isEmpty)
    }

    @Test func whatHasNoAnswerIsSentAgainAfterALoss() throws {
        var outbox = try outbox(["a", "b", "c"])
        while outbox.next() != nil {}
        _ = outbox.answer("message:sent", #"{"messageId":"b"}"#, at: now)
        outbox.connectionLost()
        #expect(outbox.next()?.message.id == "a")
        #expect(outbox.next()?.message.id == "c")
        #expect(outbox.next() == nil)
    }

    @Test func noMoreIsUnderWayThanTheWindowHolds() throws {
        let ids = (0..<Outbox.windowCount + 10).map { "m\($0)" }
        var outbox = try outbox(ids)
        var count = 0
        while outbox.next() != nil { count += 1 }
        #expect(count == Outbox.windowCount)
        #expect(!outbox.hasRoom)
        _ = outbox.answer("message:sent", #"{"messageId":"m3"}"#, at: now)
        #expect(outbox.next()?.message.id == "m\(Outbox.windowCount)")
        #expect(outbox.next() == nil)
    }

    @Test func aRefusedMessageIsNotSentAndTheOthersGoOn() throws {
        var outbox = try outbox(["a", "b"])
        while outbox.next() != nil {}
        _ = outbox.answer(
            "message:error", #"{"message":"User not found","code":"unknownUser","messageId":"a"}"#,
            at: now)
        // A relay that names no message means the oldest.
        _ = outbox.answer("message:error", #"{"message":"Full"}"#, at: now)
        let receipts = outbox.takeReceipts()
        #expect(receipts.map(\.status) == [.notSent, .notSent])
        #expect(receipts.map(\.refusal?.code) == ["unknownUser", "refused"])
        #expect(receipts.map(\.line) == [1, 2])
    }

    @Test func aReceiptWaitsForWhatWasAskedFor() throws {
        var outbox = try outbox(["a"], goal: .delivered)
        _ = outbox.next()
        _ = outbox.answer("message:sent", #"{"messageId":"a"}"#, at: now)
        #expect(outbox.nextOutcome() == nil)
        #expect(outbox.answer("message:read-confirmed", #"{"messageId":"a"}"#, at: now) == true)
        #expect(outbox.takeReceipts().map(\.status) == [.read])
    }

    @Test func theSameEnvelopeTwiceHasTwoReceipts() throws {
        var outbox = try outbox(["a", "a"])
        while outbox.next() != nil {}
        _ = outbox.answer("message:sent", #"{"messageId":"a"}"#, at: now)
        #expect(outbox.takeReceipts().count == 1)
        _ = outbox.answer("message:sent", #"{"messageId":"a"}"#, at: now)
        #expect(outbox.takeReceipts().count == 1)
    }

    @Test func theSameEnvelopeTwiceIsDeliveredOnce() throws {
        var outbox = try outbox(["a", "a"], goal: .delivered)
        while outbox.next() != nil {}
        _ = outbox.answer("message:sent", #"{"messageId":"a"}"#, at: now)
        _ = outbox.answer("message:delivery-confirmed", #"{"messageId":"a"}"#, at: now)
        #expect(outbox.takeReceipts().map(\.status) == [.delivered, .delivered])
        #expect(outbox.answer("message:sent", #"{"messageId":"a"}"#, at: now) == false)
    }

    @Test func whatIsStoredIsAskedForAgainAfterALoss() throws {
        var outbox = try outbox(["a"], goal: .delivered)
        _ = outbox.next()
        _ = outbox.answer("message:sent", #"{"messageId":"a"}"#, at: now)
        outbox.connectionLost()
        #expect(outbox.next()?.message.id == "a")
        // It stays stored, whatever becomes of the question.
        _ = outbox.answer("message:error", #"{"message":"Full","messageId":"a"}"#, at: now)
        #expect(outbox.nextOutcome() == nil)
        #expect(outbox.abandon(at: now).map(\.status) == [.stored])
    }

    @Test func whoGivesUpTellsHowFarEachCame() throws {
        var outbox = try outbox(["a", "b"], goal: .delivered)
        _ = outbox.next()
        _ = outbox.answer("message:sent", #"{"messageId":"a"}"#, at: now)
        #expect(outbox.abandon(at: now).map(\.status) == [.stored, .notSent])
        #expect(outbox.isEmpty)
    }

    @Test func whatWentOutWithoutAnAnswerIsUnknown() throws {
        var outbox = try outbox(["a", "b", "c"])
        _ = outbox.next()
        #expect(outbox.abandon(at: now).map(\.status) == [.unknown, .notSent, .notSent])
    }

    @Test func aLostConnectionLeavesItUnknown() throws {
        var outbox = try outbox(["a", "b", "c"])
        _ = outbox.next()
        _ = outbox.next()
        outbox.connectionLost()
        // Too busy to take it now, the relay may have taken it before; without a user it has not.
        while outbox.next() != nil {}
        _ = outbox.answer(
            "message:error", #"{"message":"Busy","code":"rateLimited","messageId":"a"}"#, at: now)
        _ = outbox.answer(
            "message:error", #"{"message":"Who","code":"unknownUser","messageId":"b"}"#, at: now)
        _ = outbox.answer(
            "message:error", #"{"message":"Busy","code":"rateLimited","messageId":"c"}"#, at: now)
        #expect(outbox.takeReceipts().map(\.status) == [.unknown, .notSent, .notSent])
    }

    @Test func anAnswerAfterALossSettlesIt() throws {
        var outbox = try outbox(["a"])
        _ = outbox.next()
        outbox.connectionLost()
        _ = outbox.next()
        _ = outbox.answer("message:sent", #"{"messageId":"a"}"#, at: now)
        #expect(outbox.takeReceipts().map(\.status) == [.stored])
    }

    @Test func answersForOthersAreIgnored() throws {
        var outbox = try outbox(["a"])
        #expect(outbox.answer("message:sent", #"{"messageId":"x"}"#, at: now) == false)
        #expect(outbox.answer("message:sent", "garbage", at: now) == false)
        #expect(outbox.answer("message:delivery-confirmed", "[]", at: now) == false)
        #expect(outbox.answer("user:online", "{}", at: now) == false)
        #expect(outbox.nextOutcome() == nil)
    }

    @Test func anEventIsAnsweredByItsNumber() throws {
        var outbox = Outbox(recipient: "", goal: .stored)
        for line in 1...2 {
            outbox.add(try OutgoingMessage(event: "join_room", Array("{}".utf8)), line: line)
        }
        let (first, second) = (outbox.next()!.number, outbox.next()!.number)
        outbox.acknowledge(second, Array(#"{"message":"no","code":"badField"}"#.utf8)[...])
        outbox.acknowledge(first, Array("1,2".utf8)[...])
        #expect(outbox.nextOutcome() == .acknowledged(Array("1,2".utf8), line: 1))
        guard case .refused(let refusal, line: 2) = outbox.nextOutcome() else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.code == "badField")
    }

    /// Whatever the relay answers in whatever order, and however often the connection is lost, each
    /// message gets one receipt, in the order of the input.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func everyMessageGetsOneReceipt(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let ids = (0..<600).map { "m\($0)" }
        var unread = ids[...]
        var outbox = Outbox(recipient: "bob", goal: .stored)
        var underWay: [String] = []
        var stored: Set<String> = []
        var receipts: [String] = []
        while receipts.count < ids.count {
            while outbox.hasRoom, let id = unread.popFirst() {
                outbox.add(try message(id), line: 1)
                while let next = outbox.next() { underWay.append(next.message.id!) }
            }
            while let next = outbox.next() { underWay.append(next.message.id!) }
            if Int.random(in: 0..<20, using: &random) == 0 {
                // The relay has stored some of what was on its way, and its answers are lost.
                stored.formUnion(underWay.shuffled(using: &random).prefix(underWay.count / 2))
                underWay = []
                outbox.connectionLost()
            } else if !underWay.isEmpty {
                let id = underWay.remove(at: Int.random(in: underWay.indices, using: &random))
                stored.insert(id)
                #expect(outbox.answer("message:sent", #"{"messageId":"\#(id)"}"#, at: now) == true)
            }
            receipts += outbox.takeReceipts().map(\.id)
        }
        #expect(receipts == ids)
        #expect(stored.count == ids.count)
        #expect(outbox.isEmpty)
    }
}

extension Outbox {
    fileprivate mutating func answer(
        _ event: String, _ arguments: String, at now: Timestamp
    ) -> Bool {
        receive(event, Array(arguments.utf8)[...], at: now)
    }

    fileprivate mutating func takeReceipts() -> [Receipt] {
        var receipts: [Receipt] = []
        while case .receipt(let receipt)? = nextOutcome() { receipts.append(receipt) }
        return receipts
    }
}
