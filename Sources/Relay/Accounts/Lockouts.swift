internal import Clock

/// Failures by name, of an account or a network address. So many are allowed at once, then one
/// after the other; whoever goes on failing is locked out, twice as long each time.
struct Lockouts {
    private struct Entry {
        var bucket: TokenBucket
        var lockCount = 0
        var lockedUntil = Instant.origin
    }

    private var entries: [String: Entry] = [:]
    private let capacity: Double
    private let secondsPerToken: Double
    private let firstLock: Double
    private let longestLock: Double
    private let maximumCount: Int

    /// - Parameters:
    ///   - capacity: failures allowed at once.
    ///   - firstLock: seconds of the first lock.
    ///   - maximumCount: names that are remembered.
    init(
        capacity: Double, secondsPerToken: Double, firstLock: Double, longestLock: Double,
        maximumCount: Int
    ) {
        self.capacity = capacity
        self.secondsPerToken = secondsPerToken
        self.firstLock = firstLock
        self.longestLock = longestLock
        self.maximumCount = maximumCount
    }

    init(_ limits: Limits, allowing capacity: Double) {
        self.init(
            capacity: capacity, secondsPerToken: limits.secondsPerFailure,
            firstLock: limits.firstLock.seconds, longestLock: limits.longestLock.seconds,
            maximumCount: limits.rememberedFailures)
    }

    private var rate: Double { 1 / secondsPerToken }

    /// Seconds until `name` may try again; 0 if it may now.
    func wait(_ name: String, at now: Instant) -> Double {
        guard var entry = entries[name] else { return 0 }
        if entry.lockedUntil > now { return (entry.lockedUntil - now).seconds }
        return entry.bucket.wait(capacity: capacity, rate: rate, at: now)
    }

    /// A try begins, which counts as a failure until it is given back: or a hundred tries at once
    /// were one.
    mutating func begin(_ name: String, at now: Instant) {
        let key = key(name, at: now)
        var entry = entries[key] ?? Entry(bucket: TokenBucket(full: capacity, at: now))
        _ = entry.bucket.take(capacity: capacity, rate: rate, at: now)
        entries[key] = entry
    }

    /// The try succeeded, or was none.
    mutating func giveBack(_ name: String) {
        let capacity = capacity
        entries[name]?.bucket.giveBack(capacity: capacity)
    }

    /// The try failed.
    ///
    /// - Returns: whether `name` is locked out from now on.
    mutating func fail(_ name: String, at now: Instant) -> Bool {
        guard var entry = entries[name], entry.lockedUntil <= now,
            entry.bucket.wait(capacity: capacity, rate: rate, at: now) > 0
        else { return false }
        if now.seconds(since: entry.lockedUntil) > longestLock { entry.lockCount = 0 }
        let seconds = min(firstLock * Double(1 << min(entry.lockCount, 20)), longestLock)
        entry.lockCount += 1
        entry.lockedUntil = now + .milliseconds(Int64(seconds * 1000))
        // One try when the lock ends, and no more for having waited.
        entry.bucket = TokenBucket(full: 1, at: entry.lockedUntil)
        entries[name] = entry
        return true
    }

    mutating func forget(_ name: String) { entries[name] = nil }

    /// Forgets those that may do all again.
    mutating func forgetFull(at now: Instant) {
        entries = entries.filter { element in
            var entry = element.value
            if entry.lockCount > 0, now.seconds(since: entry.lockedUntil) <= longestLock {
                return true
            }
            return !entry.bucket.isFull(capacity: capacity, rate: rate, at: now)
        }
    }

    /// When a flood of names fills the table, new ones share one allowance, which nobody locks.
    private mutating func key(_ name: String, at now: Instant) -> String {
        guard entries[name] == nil, entries.count >= maximumCount else { return name }
        forgetFull(at: now)
        return entries.count < maximumCount ? name : ""
    }
}

extension Instant {
    fileprivate func seconds(since earlier: Instant) -> Double { (self - earlier).seconds }
}
