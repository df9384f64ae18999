internal import Clock

/// The calls that are under way, as far as events told.
struct CallBook {
    struct Parties: Hashable {
        let caller: Int
        let receiver: Int

        /// The same two the other way round.
        var reversed: Parties { Parties(caller: receiver, receiver: caller) }
    }

    struct Call {
        var record: CallRecord
        /// When it counts as missed, unless somebody took it.
        let ringsUntil: Instant
        /// When the receiver took it: said so, or sent a session description without a word.
        var takenAt: Timestamp?
        /// The connection of the receiver that took it.
        var takenBy: SocketNumber?
    }

    private var open: [Parties: Call] = [:]
    private var byUser: [Int: Set<Parties>] = [:]
    private var lastID: Int64 = 0

    subscript(_ parties: Parties) -> Call? { open[parties] }

    /// How many a user began.
    func count(from user: Int) -> Int { byUser[user]?.count { $0.caller == user } ?? 0 }

    func calls(of user: Int) -> Set<Parties> { byUser[user] ?? [] }

    /// Those that rang for too long.
    func unanswered(at now: Instant) -> [Parties] {
        open.filter { $0.value.ringsUntil <= now && $0.value.takenAt == nil }.map(\.key)
    }

    /// An id for a call that begins now.
    mutating func takeID(at time: Timestamp, random: UInt32) -> Int64 {
        let low = Int64(random) & ((1 << CallRecord.randomBitCount) - 1)
        lastID = max(lastID + 1, CallRecord.lowestID(at: time) + low)
        return lastID
    }

    /// Adds a call, or puts a changed one in its place.
    mutating func put(_ call: Call, _ parties: Parties) {
        open[parties] = call
        byUser[parties.caller, default: []].insert(parties)
        byUser[parties.receiver, default: []].insert(parties)
    }

    mutating func remove(_ parties: Parties) -> Call? {
        for user in [parties.caller, parties.receiver] {
            byUser[user]?.remove(parties)
            if byUser[user]?.isEmpty == true { byUser[user] = nil }
        }
        return open.removeValue(forKey: parties)
    }
}
