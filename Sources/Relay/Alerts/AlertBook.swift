internal import Clock

/// Whom an alert is about.
enum AlertSubject: Hashable {
    case user(Int)
    case address(String)
    /// A connection by its serial number.
    case connection(UInt64)
    /// An e-mail address, whether it has an account or not.
    case email(String)
}

/// What the rules have counted in their windows; a bounded number of them.
struct AlertBook {
    private struct Key: Hashable {
        let rule: AlertRule
        let subject: AlertSubject
    }

    private struct Window {
        let start: Instant
        var count = 0
        /// Digests of what was seen, where a rule counts different things.
        var seen: Set<Int> = []
    }

    /// Windows that are kept at once. In a flood beyond that, new names are not counted.
    static let maximumCount = 20_000
    private var windows: [Key: Window] = [:]

    var count: Int { windows.count }

    /// Counts one.
    ///
    /// - Parameter thing: where different things count, this one.
    /// - Returns: whether this reaches the threshold.
    mutating func count(
        _ rule: AlertRule, _ subject: AlertSubject, _ thing: Int? = nil, threshold: Int,
        at now: Instant
    ) -> Bool {
        guard threshold > 0 else { return false }
        let key = Key(rule: rule, subject: subject)
        if windows[key] == nil, windows.count >= Self.maximumCount {
            sweep(at: now)
            guard windows.count < Self.maximumCount else { return false }
        }
        var window = windows.removeValue(forKey: key) ?? Window(start: now)
        if now - window.start >= rule.window { window = Window(start: now) }
        defer { windows[key] = window }
        guard window.count < threshold else { return false }
        if let thing, !window.seen.insert(thing).inserted { return false }
        window.count += 1
        if window.count == threshold { window.seen = [] }
        return window.count == threshold
    }

    /// Forgets windows that are over.
    mutating func sweep(at now: Instant) {
        windows = windows.filter { now - $0.value.start < $0.key.rule.window }
    }
}

/// To how many different users one user wrote in a minute, nearly: each sets one bit of some
/// thousand. On the way of every message, so it is a comparison and an addition.
final class TargetWindow {
    private static let bitCount = 1024
    private var start: Instant
    private var bits: [UInt64]
    private var count = 0
    /// Most users go on writing to the same one.
    private var last = -1

    init(at now: Instant) {
        start = now
        bits = Array(repeating: 0, count: Self.bitCount / 64)
    }

    /// - Returns: whether this target reaches the threshold.
    func note(_ target: Int, threshold: Int, at now: Instant) -> Bool {
        if now - start >= AlertRule.manyTargets.window {
            start = now
            count = 0
            last = -1
            bits = Array(repeating: 0, count: Self.bitCount / 64)
        }
        if target == last { return false }
        last = target
        // Neighbours differ already; more would be for nothing.
        let bit = target & (Self.bitCount - 1)
        let mask = UInt64(1) << UInt64(bit & 63)
        guard bits[bit >> 6] & mask == 0 else { return false }
        bits[bit >> 6] |= mask
        count += 1
        return count == min(threshold, Self.bitCount * 3 / 4)
    }
}
