internal import Clock

/// Timers of many connections in a hashed wheel: starting and firing one costs the same however many
/// there are, and those of one tick fire together.
///
/// A timer is not taken back: its owner remembers the number it was started under, and ignores one
/// that fires under another.
public struct TimerWheel {
    public struct Timer {
        public let slot: Int
        public let number: UInt32
        /// In milliseconds since the origin.
        public let due: Int64
    }

    private struct Entry {
        var due: Int64
        var slot: Int32
        var number: UInt32
    }

    private static let bucketCount = 4096

    /// Milliseconds.
    private let tick: Int64
    private var buckets = [[Entry]](repeating: [], count: bucketCount)
    /// A bit for each bucket that holds something.
    private var occupied = [UInt64](repeating: 0, count: bucketCount / 64)
    private var count = 0
    /// The first tick that has not fired whole.
    private var cursor: Int64 = 0

    /// - Parameter longest: about how long the longest timer runs; the tick is its 4000th part.
    public init(longest: Duration) {
        tick = max(1, longest.milliseconds / 4000)
    }

    /// When to ask for timers again, in milliseconds since the origin; nil for never. Nothing may be
    /// due then, where a timer runs for longer than a turn of the wheel.
    public var next: Int64? { nextOccupied().map { $0 * tick } }

    /// Starts a timer, which fires with the first tick that is not before `due`.
    ///
    /// - Parameter now: in milliseconds since the origin, as `due` is.
    public mutating func start(slot: Int, number: UInt32, due: Int64, at now: Int64) {
        // A cursor that lags would take what lies a turn ahead for the next.
        cursor = max(cursor, min(nextOccupied() ?? .max, now / tick))
        let entry = Entry(due: due, slot: Int32(truncatingIfNeeded: slot), number: number)
        let bucket = Self.bucket(max(cursor, firstTick(from: due)))
        buckets[bucket].append(entry)
        occupied[bucket / 64] |= 1 << UInt64(bucket % 64)
        count += 1
    }

    /// Takes a timer that is due; nil once there is none.
    public mutating func fire(at now: Int64) -> Timer? {
        while let next = nextOccupied(), next * tick <= now {
            cursor = next
            let bucket = Self.bucket(next)
            if let at = buckets[bucket].lastIndex(where: { $0.due <= next * tick }) {
                return take(at, of: bucket)
            }
            // What is left there belongs to a later turn of the wheel.
            cursor = next + 1
        }
        return nil
    }

    private mutating func take(_ at: Int, of bucket: Int) -> Timer {
        let last = buckets[bucket].count - 1
        buckets[bucket].swapAt(at, last)
        let entry = buckets[bucket].removeLast()
        count -= 1
        if last == 0 {
            occupied[bucket / 64] &= ~(1 << UInt64(bucket % 64))
            buckets[bucket] = []
        }
        return Timer(slot: Int(entry.slot), number: entry.number, due: entry.due)
    }

    /// The first tick that is not before a time in milliseconds.
    private func firstTick(from due: Int64) -> Int64 { (due + tick - 1) / tick }

    private static func bucket(_ tick: Int64) -> Int {
        Int(truncatingIfNeeded: tick) & (bucketCount - 1)
    }

    /// The first tick from the cursor on whose bucket holds something.
    private func nextOccupied() -> Int64? {
        guard count > 0 else { return nil }
        let start = Self.bucket(cursor)
        // The first word comes a second time in the end, for the buckets before the cursor.
        for step in 0...occupied.count {
            let word = (start / 64 + step) % occupied.count
            var bits = occupied[word]
            if step == 0 { bits &= ~0 << UInt64(start % 64) }
            guard bits != 0 else { continue }
            let bucket = word * 64 + bits.trailingZeroBitCount
            return cursor + Int64((bucket - start) & (Self.bucketCount - 1))
        }
        return nil
    }
}
