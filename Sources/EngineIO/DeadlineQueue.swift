public import Clock

/// Timers that all run for the same time, so that the first started is the first due: starting and
/// firing cost the same however many there are.
///
/// A timer is not taken back: its owner remembers the number it was started under, and ignores one
/// that fires under another.
public struct DeadlineQueue {
    private struct Entry {
        var due: Int64
        var slot: Int32
        var number: UInt32
    }

    private let delay: Int64
    private var entries: [Entry] = []
    private var first = 0

    public init(delay: Duration) { self.delay = delay.milliseconds }

    /// When the next timer is due, in milliseconds since the origin.
    public var next: Int64? { first < entries.count ? entries[first].due : nil }

    public mutating func start(slot: Int, number: UInt32, at now: Int64) {
        let last = entries.last?.due ?? 0
        let slot = Int32(truncatingIfNeeded: slot)
        entries.append(Entry(due: max(last, now + delay), slot: slot, number: number))
    }

    /// Takes the next timer that is due.
    public mutating func fire(at now: Int64) -> (slot: Int, number: UInt32, due: Int64)? {
        guard first < entries.count, entries[first].due <= now else { return nil }
        let entry = entries[first]
        first += 1
        if first == entries.count {
            entries.removeAll(keepingCapacity: entries.capacity <= 1024)
            first = 0
        } else if first >= 1024, first * 2 > entries.count {
            entries.removeFirst(first)
            first = 0
        }
        return (Int(entry.slot), entry.number, entry.due)
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    public var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1000 &+ attoseconds / 1_000_000_000_000_000
    }
}

extension Instant {
    /// Whole milliseconds since the origin, rounded down.
    public var milliseconds: Int64 { sinceOrigin.milliseconds }

    public init(milliseconds: Int64) { self.init(sinceOrigin: .milliseconds(milliseconds)) }
}
