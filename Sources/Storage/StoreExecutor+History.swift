internal import Clock
internal import Crypto
internal import Relay

// A row of the history holds: nonce (12 bytes), then sealed with AES-256-GCM under the history's
// key of the hour: the sender's number (8) and the content. The header binds it to its place, its
// id and its time.

extension StoreExecutor {
    func add(_ entry: HistoryEntry) throws(SQLiteError) {
        guard let sealed = seal(entry) else {
            throw SQLiteError(keyFile: "no key for this hour")
        }
        try statement("INSERT INTO history (place, id, kind, at, sealed) VALUES (?, ?, ?, ?, ?)")
            .run(
                .blob(entry.place.bytes), .text(entry.id), .integer(entry.place.kind.rawValue),
                .integer(entry.at.milliseconds), .blob(sealed))
    }

    private func seal(_ entry: HistoryEntry) -> [UInt8]? {
        let hour = StoreKeys.historyBase + entry.at.hour
        guard let key = try? keys.makeKey(for: hour) else { return nil }
        let nonce = randomBytes(AEADKey.nonceByteCount)
        let header = Self.header(entry.place, entry.id, entry.at)
        return key.bytes.withBytes { key in
            nonce
                + AEADKey.seal(
                    .aes256GCM, key: key, Self.header(entry.sender) + entry.content, nonce: nonce,
                    header: header)
        }
    }

    /// The entry of a row; nil where its key is erased, or the row was tampered with.
    private func open(
        _ sealed: [UInt8], _ place: Place, _ id: String, _ at: Timestamp
    ) -> HistoryEntry? {
        let hour = StoreKeys.historyBase + at.hour
        guard sealed.count >= AEADKey.nonceByteCount, let key = keys.key(for: hour) else {
            return nil
        }
        let nonce = Array(sealed.prefix(AEADKey.nonceByteCount))
        let body = Array(sealed.dropFirst(AEADKey.nonceByteCount))
        let header = Self.header(place, id, at)
        let opened = key.bytes.withBytes { key in
            try? AEADKey.open(.aes256GCM, key: key, body, nonce: nonce, header: header)
        }
        guard let opened, opened.count >= 8 else { return nil }
        let sender = opened.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return HistoryEntry(
            place: place, id: id, at: at, sender: Int64(bitPattern: sender),
            content: Array(opened.dropFirst(8)))
    }

    private static func header(_ place: Place, _ id: String, _ at: Timestamp) -> [UInt8] {
        place.bytes + header(place.kind.rawValue, at.milliseconds) + Array(id.utf8)
    }

    // MARK: Reading

    /// The condition, in SQL, of those messages that whoever sees a place since a time may see.
    static let isSeen = "history.at >= ?"

    func perform(_ operation: HistoryOperation) throws(SQLiteError) -> HistoryResult {
        switch operation {
        case .read(let place, let page):
            switch page.start {
            case .before(let id): return try read(place, page, before: id)
            case .after(let id):
                return try read(place, page, after: try number(of: id, in: place) ?? 0)
            case .first: return try read(place, page, after: 0)
            }
        }
    }

    /// The number of a message; nil where it is gone, and so are all before it.
    func number(of id: String, in place: Place) throws(SQLiteError) -> Int64? {
        var number: Int64?
        try statement("SELECT number FROM history WHERE id = ? AND place = ?")
            .run(.text(id), .blob(place.bytes)) { number = $0.integer(0) }
        return number
    }

    private func read(
        _ place: Place, _ page: HistoryPage, after number: Int64
    ) throws(SQLiteError) -> HistoryResult {
        let rows = try statement(
            "SELECT id, at, sealed FROM history WHERE place = ? AND number > ?"
                + " AND \(Self.isSeen) ORDER BY number LIMIT ?")
        let (entries, isWhole) = try entries(of: rows, place, page, number)
        return .entries(entries, isLast: isWhole)
    }

    private func read(
        _ place: Place, _ page: HistoryPage, before id: String
    ) throws(SQLiteError) -> HistoryResult {
        guard let number = try number(of: id, in: place) else {
            return .entries([], isLast: false)
        }
        let rows = try statement(
            "SELECT id, at, sealed FROM history WHERE place = ? AND number < ?"
                + " AND \(Self.isSeen) ORDER BY number DESC LIMIT ?")
        let (entries, _) = try entries(of: rows, place, page, number)
        return .entries(entries.reversed(), isLast: false)
    }

    private func entries(
        of rows: Statement, _ place: Place, _ page: HistoryPage, _ number: Int64
    ) throws(SQLiteError) -> (entries: [HistoryEntry], isWhole: Bool) {
        var entries: [HistoryEntry] = []
        var room = page.byteCount
        var isWhole = true
        // One more than wanted, which tells whether there are more.
        try rows.run(
            .blob(place.bytes), .integer(number), .integer(page.since.milliseconds),
            .integer(Int64(page.count) + 1)
        ) {
            guard entries.count < page.count, room > 0 else {
                isWhole = false
                return
            }
            let (id, at) = ($0.text(0) ?? "", Timestamp(milliseconds: $0.integer(1)))
            let sealed = $0.blob(2)
            room -= sealed.count
            if let entry = open(sealed, place, id, at) { entries.append(entry) }
        }
        return (entries, isWhole)
    }

    /// One message of a place, if it is there and was sent since a time.
    func entry(
        _ id: String, in place: Place, since: Timestamp
    ) throws(SQLiteError) -> (number: Int64, entry: HistoryEntry)? {
        var found: (Int64, HistoryEntry)?
        try statement(
            "SELECT number, at, sealed FROM history WHERE id = ? AND place = ? AND \(Self.isSeen)"
        ).run(.text(id), .blob(place.bytes), .integer(since.milliseconds)) {
            let at = Timestamp(milliseconds: $0.integer(1))
            guard let entry = open($0.blob(2), place, id, at) else { return }
            found = ($0.integer(0), entry)
        }
        return found
    }

    /// Removes what one account sent to a place, with its receipts.
    func removeEntries(of sender: Int64, in place: Place) throws(SQLiteError) {
        var numbers: [Int64] = []
        try statement("SELECT number, id, at, sealed FROM history WHERE place = ?")
            .run(.blob(place.bytes)) {
                let at = Timestamp(milliseconds: $0.integer(2))
                let entry = open($0.blob(3), place, $0.text(1) ?? "", at)
                if entry?.sender == sender { numbers.append($0.integer(0)) }
            }
        for number in numbers {
            try statement("DELETE FROM receipt WHERE message = ?").run(.integer(number))
            try statement("DELETE FROM history WHERE number = ?").run(.integer(number))
        }
    }

    /// Removes what is older than it may be, with its receipts.
    func expireHistory(_ now: Timestamp) throws(SQLiteError) {
        let limits: [(Place.Kind, Duration)] = [
            (.thread, options.history), (.group, options.groupHistory),
        ]
        for (kind, time) in limits {
            let oldest = (now + (.zero - time)).milliseconds
            let old = "SELECT number FROM history WHERE kind = ? AND at <= ?"
            try statement("DELETE FROM receipt WHERE message IN (\(old))")
                .run(.integer(kind.rawValue), .integer(oldest))
            try statement("DELETE FROM history WHERE kind = ? AND at <= ?")
                .run(.integer(kind.rawValue), .integer(oldest))
        }
        try erasing { () throws(SQLiteError) in
            try statement("DELETE FROM group_key WHERE until IS NOT NULL AND until <= ?")
                .run(.integer(now.milliseconds))
        }
    }
}
