internal import Clock
internal import Glibc
internal import Platform

/// Work for another thread, in order.
final class WorkQueue<Element: Sendable>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var elements: [Element] = []
    private var isClosed = false
    private let limit: Int

    /// - Parameter limit: how much work may wait.
    init(limit: Int = .max) {
        self.limit = limit
        pthread_mutex_init(mutex, nil)
        // Time-outs are by the clock that nobody sets.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(condition)
        mutex.deallocate()
        condition.deallocate()
    }

    /// - Returns: false where too much waits already, or the queue is closed.
    @discardableResult
    func add(_ more: [Element]) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !isClosed, elements.count + more.count <= limit else { return false }
        elements += more
        pthread_cond_signal(condition)
        return true
    }

    /// Lets the worker finish what is there, and then end.
    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// All that waits; waits for the first, or so long. Nil once the queue is closed and empty.
    func takeAll(within time: Duration? = nil) -> [Element]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let deadline = time.map(Self.deadline)
        while elements.isEmpty {
            if isClosed { return nil }
            guard var deadline else {
                pthread_cond_wait(condition, mutex)
                continue
            }
            if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { break }
        }
        return swapOut()
    }

    private static func deadline(after time: Duration) -> timespec {
        let (seconds, attoseconds) = (MonotonicClock().now + time).sinceOrigin.components
        return timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    }

    /// All that waits now.
    func takeWaiting() -> [Element] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return swapOut()
    }

    /// The next one; waits for it. Nil once the queue is closed and empty.
    func takeOne() -> Element? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while elements.isEmpty {
            if isClosed { return nil }
            pthread_cond_wait(condition, mutex)
        }
        return elements.removeFirst()
    }

    private func swapOut() -> [Element] {
        var taken: [Element] = []
        swap(&taken, &elements)
        return taken
    }
}
