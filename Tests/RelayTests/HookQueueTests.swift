import Clock
import Crypto
import HTTP
import JSON
import Testing

@testable import Relay

/// A queue that expectations can change.
private final class TestQueue {
    private var queue: HookQueue

    init(_ limits: HookQueue.Limits) { queue = HookQueue(limits: limits) }

    var counters: HookQueue.Counters { queue.counters }
    var deadline: Instant? { queue.deadline }
    var waitingCount: Int { queue.waitingCount }
    var runningCount: Int { queue.runningCount }
    func add(_ notice: Notice, id: String) { queue.add(notice, id: id) }
    func next(at now: Instant) -> HookQueue.Delivery? { queue.next(at: now) }

    func finish(_ id: String, _ outcome: HookQueue.Outcome, at now: Instant, jitter: Double) {
        queue.finish(id, outcome, at: now, jitter: jitter)
    }
}

@Suite struct HookQueueTests {
    private let queue = TestQueue(Self.limits)
    private let start = Instant.origin

    private static let limits: HookQueue.Limits = {
        var limits = HookQueue.Limits()
        limits.waiting = 3
        limits.running = 2
        limits.attempts = 3
        return limits
    }()

    private static func notice(_ user: String, _ event: String = "send_message") -> Notice {
        Notice(userID: user, event: event, time: Timestamp(milliseconds: 1_700_000_000_000))
    }

    @Test func noticesAreToldInOrderAndSoManyAtOnce() {
        for user in ["a", "b", "c"] { queue.add(Self.notice(user), id: "id-\(user)") }
        #expect(queue.next(at: start)?.notice.userID == "a")
        #expect(queue.next(at: start)?.notice.userID == "b")
        #expect(queue.next(at: start) == nil)
        queue.finish("id-a", .told, at: start, jitter: 0)
        #expect(queue.next(at: start)?.notice.userID == "c")
        #expect(queue.counters == HookQueue.Counters(told: 1))
    }

    @Test func whatWaitsAlreadyIsNotSaidTwice() {
        queue.add(Self.notice("a"), id: "1")
        queue.add(Self.notice("a"), id: "2")
        queue.add(Self.notice("a", "call_initiate"), id: "3")
        #expect(queue.waitingCount == 2)
        #expect(queue.next(at: start)?.id == "1")
        // That one is on its way, so a later message is news.
        queue.add(Self.notice("a"), id: "4")
        #expect(queue.waitingCount == 2)
        #expect(queue.counters.merged == 1)
    }

    @Test func failuresAreTriedAgainLaterAndLater() throws {
        queue.add(Self.notice("a"), id: "1")
        var now = start
        var waits: [Duration] = []
        for attempt in 1...3 {
            let delivery = try #require(queue.next(at: now))
            #expect(delivery.id == "1" && delivery.attempt == attempt)
            queue.finish("1", .failed, at: now, jitter: 1)
            guard let due = queue.deadline else { break }
            #expect(queue.next(at: now) == nil)
            waits.append(due - now)
            now = due
        }
        #expect(waits == [.seconds(1), .seconds(2)])
        #expect(queue.counters == HookQueue.Counters(retries: 2, givenUp: 1))
        #expect(queue.waitingCount + queue.runningCount == 0)
    }

    @Test func aHookThatAsksForTimeGetsIt() throws {
        queue.add(Self.notice("a"), id: "1")
        _ = queue.next(at: start)
        queue.finish("1", .busy(.seconds(60)), at: start, jitter: 0)
        #expect(queue.deadline == start + .seconds(60))
        _ = queue.next(at: start + .seconds(60))
        queue.finish("1", .refused, at: start + .seconds(60), jitter: 0)
        #expect(queue.deadline == nil)
        #expect(queue.counters == HookQueue.Counters(retries: 1, refused: 1))
    }

    @Test func whatFailsWhileTooManyWaitIsDropped() {
        queue.add(Self.notice("a"), id: "1")
        _ = queue.next(at: start)
        for user in ["b", "c", "d"] { queue.add(Self.notice(user), id: user) }
        queue.finish("1", .failed, at: start, jitter: 0)
        #expect(queue.counters == HookQueue.Counters(dropped: 1))
        #expect(queue.waitingCount == 3)
    }

    @Test func theOldestIsDroppedWhereTooManyWait() {
        for user in ["a", "b", "c", "d"] { queue.add(Self.notice(user), id: user) }
        #expect(queue.waitingCount == 3)
        #expect(queue.next(at: start)?.id == "b")
        #expect(queue.counters.dropped == 1)
    }

    @Test func aPostSaysWhoWhatAndWhenAndNothingElse() throws {
        queue.add(Self.notice("u1"), id: "notice_1")
        let delivery = try #require(queue.next(at: start))
        var key = Array("secret".utf8)
        let request = delivery.request(
            to: try HTTP.Target("/hook"), secret: SharedSecret(SecretBytes(moving: &key)),
            at: Timestamp(milliseconds: 1_700_000_001_000))
        let body = try JSON(parsing: request.body)
        #expect(
            body.members?.map(\.name).sorted() == ["event", "id", "time", "type", "userId"])
        #expect(body["userId"]?.string == "u1")
        #expect(request.fields["webhook-id"] == "notice_1")
        #expect(request.fields["webhook-timestamp"] == "1700000001")
        #expect(request.fields["webhook-signature"]?.hasPrefix("v1,") == true)
    }

    @Test(arguments: [
        (200, HookQueue.Outcome.told), (204, .told), (301, .failed), (410, .refused),
        (429, .busy(.seconds(7))), (500, .failed), (503, .busy(.seconds(7))),
    ])
    func answersHaveAMeaning(status: Int, outcome: HookQueue.Outcome) {
        var response = Response(Status(rawValue: status))
        response.fields.append("Retry-After", "7")
        #expect(HookQueue.Outcome(response) == outcome)
    }
}
