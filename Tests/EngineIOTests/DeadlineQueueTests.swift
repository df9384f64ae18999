import EngineIO
import Testing

@Suite struct DeadlineQueueTests {
    @Test func firesInOrder() {
        var queue = DeadlineQueue(delay: .milliseconds(10))
        queue.start(slot: 1, number: 1, at: 0)
        queue.start(slot: 2, number: 2, at: 5)
        #expect(queue.next == 10)
        #expect(queue.fire(at: 9) == nil)
        #expect(queue.fire(at: 15)?.slot == 1)
        #expect(queue.fire(at: 15)?.slot == 2)
        #expect(queue.next == nil)
    }
}
