internal import Clock

/// An allowance that refills steadily: `capacity` at once, `rate` a second in the long run.
struct TokenBucket {
    fileprivate var level: Double
    private var filledAt: Instant

    init(full capacity: Double, at now: Instant) {
        level = capacity
        filledAt = now
    }

    /// Takes `amount` if it is there.
    mutating func take(
        _ amount: Double = 1, capacity: Double, rate: Double, at now: Instant
    ) -> Bool {
        refill(capacity: capacity, rate: rate, at: now)
        guard level >= amount else { return false }
        level -= amount
        return true
    }

    /// Seconds until there is one again.
    mutating func wait(capacity: Double, rate: Double, at now: Instant) -> Double {
        refill(capacity: capacity, rate: rate, at: now)
        return level >= 1 ? 0 : (1 - level) / rate
    }

    mutating func isFull(capacity: Double, rate: Double, at now: Instant) -> Bool {
        refill(capacity: capacity, rate: rate, at: now)
        return level >= capacity
    }

    fileprivate mutating func refill(capacity: Double, rate: Double, at now: Instant) {
        guard now > filledAt else { return }
        level = min(capacity, level + (now - filledAt).seconds * rate)
        filledAt = now
    }
}

extension Duration {
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}

/// Buckets by name, of those that are not full; a bounded number.
struct TokenBuckets {
    private var buckets: [String: TokenBucket] = [:]
    let capacity: Double
    let rate: Double
    let maximumCount: Int

    init(capacity: Double, secondsPerToken: Double, maximumCount: Int) {
        self.capacity = capacity
        rate = 1 / secondsPerToken
        self.maximumCount = maximumCount
    }

    /// - Parameter secondsPerToken: after which there is one more.
    init(_ limits: Limits, _ capacity: Double, every secondsPerToken: Double) {
        self.init(
            capacity: capacity, secondsPerToken: secondsPerToken,
            maximumCount: limits.rememberedFailures)
    }

    /// Seconds until `name` has something left; 0 if it has.
    mutating func wait(_ name: String, at now: Instant) -> Double {
        buckets[name]?.wait(capacity: capacity, rate: rate, at: now) ?? 0
    }

    mutating func take(_ name: String, at now: Instant) {
        if buckets[name] == nil, buckets.count >= maximumCount { forgetFull(at: now) }
        // When a flood from many addresses fills the table, new names share one bucket.
        let key = buckets[name] == nil && buckets.count >= maximumCount ? "" : name
        var bucket = buckets[key] ?? TokenBucket(full: capacity, at: now)
        _ = bucket.take(capacity: capacity, rate: rate, at: now)
        buckets[key] = bucket
    }

    /// Undoes a `take`.
    mutating func giveBack(_ name: String) { buckets[name]?.giveBack(capacity: capacity) }

    mutating func forgetFull(at now: Instant) {
        buckets = buckets.filter { element in
            var bucket = element.value
            return !bucket.isFull(capacity: capacity, rate: rate, at: now)
        }
    }
}

extension TokenBucket {
    /// Takes one though it may not be there.
    ///
    /// - Returns: seconds until the debt is paid; 0 where there is none.
    mutating func spend(capacity: Double, rate: Double, at now: Instant) -> Double {
        refill(capacity: capacity, rate: rate, at: now)
        level -= 1
        return level >= 0 ? 0 : -level / rate
    }
}

extension TokenBucket {
    mutating func giveBack(capacity: Double) { level = min(capacity, level + 1) }
}
