internal import Wire

/// How often a network address was turned away, by the limit that it had reached.
public struct AddressRefusals: Equatable, Sendable {
    /// Connections that were closed at once.
    public var connections: UInt64 = 0
    public var sessions: UInt64 = 0
    public var handshakes: UInt64 = 0
}

/// What each network address has open, and how fast it opens sessions.
///
/// An IPv6 network of 64 bits counts as one address, since that is what one subscriber gets. The
/// two addresses of this machine itself are not counted: a proxy in front of the server connects
/// from them for everybody.
struct AddressBook {
    private struct Entry {
        var connections = 0
        var sessions = 0
        /// Sessions that may still be opened at once, as of `filledAt`.
        var handshakes: Double
        var filledAt: Int64
    }

    private var entries: [String: Entry] = [:]
    private let limits: AddressLimits
    private(set) var refusals = AddressRefusals()
    /// How many entries make it worth looking for those that can go.
    private var sweepCount = fewEntries
    private static let fewEntries = 1024
    private var sweptAt: Int64 = 0
    /// Milliseconds between two looks at them all, unless they double in number.
    private static let sweepInterval: Int64 = 10_000

    init(_ limits: AddressLimits) { self.limits = limits }

    /// How many addresses it remembers.
    var count: Int { entries.count }

    /// Counts a connection in.
    ///
    /// - Returns: false where the address has too many.
    mutating func addConnection(_ address: String, at now: Int64) -> Bool {
        guard let key = Self.key(address) else { return true }
        sweep(at: now)
        var entry = entries[key] ?? Entry(handshakes: limits.handshakeBurst, filledAt: now)
        guard entry.connections < limits.connections else {
            refusals.connections += 1
            return false
        }
        entry.connections += 1
        entries[key] = entry
        return true
    }

    mutating func removeConnection(_ address: String, at now: Int64) {
        guard let key = Self.key(address), var entry = entries[key] else { return }
        entry.connections -= 1
        put(entry, key, at: now)
    }

    /// Counts a session in.
    ///
    /// - Returns: false where the address has too many, or opens them too fast.
    mutating func addSession(_ address: String, at now: Int64) -> Bool {
        guard let key = Self.key(address) else { return true }
        var entry = entries[key] ?? Entry(handshakes: limits.handshakeBurst, filledAt: now)
        refill(&entry, at: now)
        guard entry.sessions < limits.sessions, entry.handshakes >= 1 else {
            entries[key] = entry
            count(isFull: entry.sessions >= limits.sessions)
            return false
        }
        entry.sessions += 1
        entry.handshakes -= 1
        entries[key] = entry
        return true
    }

    private mutating func count(isFull: Bool) {
        if isFull { refusals.sessions += 1 } else { refusals.handshakes += 1 }
    }

    mutating func removeSession(_ address: String, at now: Int64) {
        guard let key = Self.key(address), var entry = entries[key] else { return }
        entry.sessions -= 1
        put(entry, key, at: now)
    }

    /// Forgets addresses that have nothing open and their whole allowance again, once there are
    /// many.
    private mutating func sweep(at now: Int64) {
        let isDue = entries.count >= Self.fewEntries && now >= sweptAt + Self.sweepInterval
        guard isDue || entries.count >= sweepCount else { return }
        sweptAt = now
        defer { sweepCount = max(Self.fewEntries, entries.count * 2) }
        for (key, entry) in entries where entry.connections == 0 && entry.sessions == 0 {
            put(entry, key, at: now)
        }
    }

    private mutating func put(_ entry: Entry, _ key: String, at now: Int64) {
        var entry = entry
        refill(&entry, at: now)
        let isFresh =
            entry.connections <= 0 && entry.sessions <= 0
            && entry.handshakes >= limits.handshakeBurst
        entries[key] = isFresh ? nil : entry
    }

    private func refill(_ entry: inout Entry, at now: Int64) {
        let gained = Double(max(0, now - entry.filledAt)) / 1000 * limits.handshakesPerSecond
        entry.handshakes = min(limits.handshakeBurst, entry.handshakes + gained)
        entry.filledAt = max(now, entry.filledAt)
    }

    /// What an address counts as; nil for one that is not counted.
    static func key(_ address: String) -> String? {
        address.isEmpty || isOwnAddress(address) ? nil : networkName(of: address)
    }
}
