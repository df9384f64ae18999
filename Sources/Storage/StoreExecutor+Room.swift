internal import CSQLite
internal import Clock
internal import Platform
internal import Relay

// What becomes of the store when the disk is full. Rows that are to go and cannot be deleted yet
// are owed: their numbers are in a table of the connection's own, in memory, and nothing that reads
// or counts messages sees them. They are deleted with the next transaction that succeeds.

extension StoreExecutor {
    /// Pages that must have become free before a store that failed is said to work again.
    private static let regainedPageCount: Int64 = 64
    /// Bytes that must have become free on the disk instead, if it was what failed.
    private static let regainedByteCount = 512 << 10
    /// A disk with more room than this was not what failed.
    private static let fullByteCount = 16 << 20
    /// The log, at its longest, is a part of this.
    private static let scarceByteCount = 64 << 20
    /// The other thread moves a log that is not far behind within this.
    private static let longestWait = Duration.milliseconds(250)
    /// How long the log is not tried to be moved again after that failed.
    private static let roomInterval = Duration.seconds(1)

    /// What there was when the store failed.
    struct Trouble {
        var freePageCount: Int64
        var byteCount: Int
    }

    /// The table of what is owed.
    static let owedTable = "CREATE TEMP TABLE owed (id INTEGER PRIMARY KEY)"
    /// The condition, in SQL, of those messages that are not owed.
    static let isNotOwed = "id NOT IN (SELECT id FROM temp.owed)"

    /// Notes rows that are to go; nothing is written for it.
    func owe(_ rows: [Int64], of receiver: Int64) throws(SQLiteError) -> Removal {
        var (count, byteCount) = (0, 0)
        for row in rows {
            var found = false
            try statement(
                "SELECT length(sealed) FROM message WHERE id = ? AND receiver = ? AND "
                    + Self.isNotOwed
            ).run(.integer(row), .integer(receiver)) {
                found = true
                count += 1
                byteCount += Int($0.integer(0)) - Self.sealingByteCount
            }
            guard found else { continue }
            try statement("INSERT OR IGNORE INTO temp.owed (id) VALUES (?)").run(.integer(row))
            hasOwed = true
        }
        return Removal(receiver: receiver, count: count, byteCount: byteCount)
    }

    /// A removal that failed is owed from now on.
    ///
    /// - Returns: how much less waits; nil for what is no removal of messages.
    func owe(_ operation: StoreOperation) -> Removal? {
        switch operation {
        case .remove(let receiver, let rows): return try? owe(rows, of: receiver)
        case .removeByKey(let receiver, let key):
            var rows: [Int64] = []
            try? statements.findSeen.run(.blob(key.bytes)) { rows.append($0.integer(0)) }
            return try? owe(rows, of: receiver)
        default: return nil
        }
    }

    /// Deletes what is owed.
    func payOwed() {
        guard hasOwed else { return }
        let error = transact {
            () throws(SQLiteError) in
            try database.execute(
                "DELETE FROM message WHERE id IN (SELECT id FROM temp.owed);"
                    + "DELETE FROM temp.owed")
        }
        hasOwed = error != nil
        if error != nil { noteTrouble() }
    }

    /// The store failed: it is in trouble until it works again.
    func noteTrouble() {
        guard trouble == nil else { return }
        trouble = measured()
    }

    private func measured() -> Trouble {
        let pageCount = try? database.integer("PRAGMA freelist_count")
        return Trouble(
            freePageCount: (pageCount ?? nil) ?? 0,
            byteCount: availableByteCount(beside: options.database))
    }

    /// Moves the log into the database and cuts it off, which may give room back.
    ///
    /// - Parameter limit: how long to wait for whoever reads the database or moves the log already.
    @discardableResult
    func shrinkLog(waitingAtMost limit: Duration = .zero) -> Bool {
        let isBusy = try? database.waiting(atMost: limit) {
            () throws(SQLiteError) in try database.integer("PRAGMA wal_checkpoint(TRUNCATE)")
        }
        return isBusy == 0
    }

    /// Whether so little of the disk is left that the log has to stay short.
    var isDiskScarce: Bool {
        availableByteCount(beside: options.database) < Self.scarceByteCount
    }

    /// Whether what failed may succeed now that the log is cut off.
    func makesRoom(waiting: Bool = false) -> Bool {
        let now = MonotonicClock().now
        if let lastFailure = lastShrinkFailure, now - lastFailure < Self.roomInterval {
            return false
        }
        let hasShrunk = shrinkLog(waitingAtMost: waiting ? Self.longestWait : .zero)
        lastShrinkFailure = hasShrunk ? nil : now
        return hasShrunk
    }

    /// Does something that leaves more room than before, with what is held back for that.
    func withReserve(_ body: () -> Void) {
        reserve.release()
        shrinkLog()
        body()
        shrinkLog()
        reserve.hold()
    }

    /// A store that failed tries again to delete what it owes, and looks whether there is room.
    ///
    /// - Returns: whether it works again.
    func recover() -> Bool {
        guard let trouble else { return false }
        if hasOwed { payOwed() }
        if hasOwed || !reserve.isHeld { withReserve { payOwed() } }
        let now = measured()
        let hasRoom =
            now.freePageCount - trouble.freePageCount >= Self.regainedPageCount
            || trouble.byteCount < Self.fullByteCount
                && now.byteCount - trouble.byteCount >= Self.regainedByteCount
        guard !hasOwed, reserve.isHeld, hasRoom else { return false }
        self.trouble = nil
        return true
    }
}

extension StoreOperation {
    /// Whether it makes the database larger for long, so that what is held back is not for it.
    var adds: Bool {
        switch self {
        case .addAccount, .keep, .mail, .audit: true
        default: false
        }
    }
}
