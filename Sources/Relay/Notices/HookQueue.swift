public import Clock

/// What is to be told to one hook: notices that wait, that are being told, and that are to be
/// told again because the hook failed.
///
/// Each notice is told at least once, in the order they came as long as none fails, unless it
/// grows too old, the hook refuses it, or too many wait.
public struct HookQueue {
    public struct Limits: Equatable, Sendable {
        /// Notices that may wait; the oldest is dropped for one more.
        public var waiting = 10_000
        /// Notices that are told at once.
        public var running = 4
        /// How often one notice is tried.
        public var attempts = 10
        /// How long after the first failure the next try comes; then twice as long each time.
        public var firstDelay = Duration.seconds(1)
        public var longestDelay = Duration.seconds(600)

        public init() {}
    }

    /// A notice and its place among the tries.
    public struct Delivery: Equatable, Sendable {
        /// The same for each try, so that a hook can tell a notice that it had.
        public let id: String
        public let notice: Notice
        /// From 1.
        public internal(set) var attempt: Int
    }

    public enum Outcome: Equatable, Sendable {
        case told
        /// Trying again would not help.
        case refused
        case failed
        /// It failed, and asks for so much time.
        case busy(Duration)
    }

    public struct Counters: Equatable, Sendable {
        public var told = 0
        /// Tries that failed and were to be made again.
        public var retries = 0
        /// Notices that were tried so often that there is no sense in one more.
        public var givenUp = 0
        /// Notices that the hook does not want.
        public var refused = 0
        /// Notices that never will be told since too many others wait.
        public var dropped = 0
        /// Notices that said what one that waited already said.
        public var merged = 0
    }

    private struct Key: Hashable {
        let userID: String
        let event: String
        let rule: String?

        init(_ notice: Notice) {
            userID = notice.userID
            rule = notice.rule
            event = notice.event
        }
    }

    private let limits: Limits
    private var ready: [Delivery] = []
    private var firstReady = 0
    /// Those to be tried again, the earliest last.
    private var later: [(due: Instant, delivery: Delivery)] = []
    private var running: [String: Delivery] = [:]
    /// What waits for its first try, so that it need not wait twice.
    private var fresh: Set<Key> = []
    public private(set) var counters = Counters()

    public init(limits: Limits = Limits()) { self.limits = limits }

    public var waitingCount: Int { ready.count - firstReady + later.count }
    public var runningCount: Int { running.count }

    /// When `next` has something that it does not have now; nil where only `add` or `finish` can
    /// bring that about.
    public var deadline: Instant? { running.count < limits.running ? later.last?.due : nil }

    /// - Parameter id: made by the caller, different for each notice.
    public mutating func add(_ notice: Notice, id: String) {
        guard fresh.insert(Key(notice)).inserted else {
            counters.merged += 1
            return
        }
        if waitingCount >= limits.waiting { dropOldest() }
        ready.append(Delivery(id: id, notice: notice, attempt: 1))
    }

    /// What is to be told now; `finish` it.
    public mutating func next(at now: Instant) -> Delivery? {
        guard running.count < limits.running else { return nil }
        let delivery: Delivery
        if let last = later.last, last.due <= now {
            delivery = last.delivery
            later.removeLast()
        } else if let first = takeReady() {
            delivery = first
        } else {
            return nil
        }
        running[delivery.id] = delivery
        return delivery
    }

    /// - Parameter jitter: from 0 to 1, at random, so that many tries do not come at once.
    public mutating func finish(
        _ id: String, _ outcome: Outcome, at now: Instant, jitter: Double
    ) {
        guard var delivery = running.removeValue(forKey: id) else { return }
        var delay = Duration.zero
        switch outcome {
        case .told:
            counters.told += 1
            return
        case .refused:
            counters.refused += 1
            return
        case .failed: break
        case .busy(let time): delay = min(time, limits.longestDelay)
        }
        guard delivery.attempt < limits.attempts else {
            counters.givenUp += 1
            return
        }
        guard waitingCount < limits.waiting else {
            counters.dropped += 1
            return
        }
        counters.retries += 1
        delay = max(delay, backoff(after: delivery.attempt, jitter))
        delivery.attempt += 1
        insert(delivery, due: now + delay)
    }

    private func backoff(after attempt: Int, _ jitter: Double) -> Duration {
        let full = min(limits.firstDelay * (1 << min(attempt - 1, 20)), limits.longestDelay)
        return full / 2 + full / 2 * min(max(jitter, 0), 1)
    }

    private mutating func insert(_ delivery: Delivery, due: Instant) {
        var low = 0
        var high = later.count
        while low < high {
            let middle = (low + high) / 2
            if later[middle].due > due { low = middle + 1 } else { high = middle }
        }
        later.insert((due, delivery), at: low)
    }

    private mutating func takeReady() -> Delivery? {
        guard firstReady < ready.count else { return nil }
        let delivery = ready[firstReady]
        firstReady += 1
        if firstReady > 64, firstReady > ready.count / 2 {
            ready.removeFirst(firstReady)
            firstReady = 0
        }
        fresh.remove(Key(delivery.notice))
        return delivery
    }

    private mutating func dropOldest() {
        if takeReady() == nil { _ = later.popLast() }
        counters.dropped += 1
    }
}
