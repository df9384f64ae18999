internal import Clock
internal import Relay

extension StoreExecutor {
    func perform(_ operation: GroupOperation) throws(SQLiteError) -> StoreResult {
        switch operation {
        case .add(let group, let keys): try add(group, keys)
        case .change(let change): try perform(change)
        case .remove(let group, let place): try remove(group, place)
        case .keys(let group, let account):
            var keys: [SealedGroupKey] = []
            try statement(
                "SELECT epoch, sealed FROM group_key WHERE number = ? AND account = ?"
                    + " ORDER BY epoch DESC"
            ).run(.integer(group), .integer(account)) {
                keys.append(SealedGroupKey(epoch: $0.integer(0), sealed: $0.text(1) ?? ""))
            }
            return .groups(.keys(keys))
        case .markRead(let place, let receipt, let since):
            return .groups(try mark(receipt, in: place, since: since))
        case .receipts(let place, let message, let since, let after, let count):
            return .groups(try receipts(place, message, since, after, count))
        }
        return .done
    }

    private func add(_ group: StoredGroup, _ keys: [Int64: String]) throws(SQLiteError) {
        try statement(
            "INSERT INTO chat_group (number, id, name, creator, created, epoch, rotation)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)"
        ).run(
            .integer(group.number), .text(group.id), .text(group.name), .integer(group.creator),
            .integer(group.created.milliseconds), .integer(group.epoch),
            .integer(group.rotationIsDue ? 1 : 0))
        for member in group.members {
            try setMember(group.number, member.account, member.isAdmin, member.joined)
        }
        try add(keys, group.number, epoch: group.epoch)
    }

    private func setMember(
        _ group: Int64, _ account: Int64, _ isAdmin: Bool, _ joined: Timestamp
    ) throws(SQLiteError) {
        try statement(
            "INSERT INTO group_member (number, account, admin, joined) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT DO UPDATE SET admin = excluded.admin"
        ).run(
            .integer(group), .integer(account), .integer(isAdmin ? 1 : 0),
            .integer(joined.milliseconds))
    }

    private func add(
        _ keys: [Int64: String], _ group: Int64, epoch: Int64
    ) throws(SQLiteError) {
        for (account, sealed) in keys {
            try statement(
                "INSERT INTO group_key (number, account, epoch, sealed) VALUES (?, ?, ?, ?)"
            ).run(.integer(group), .integer(account), .integer(epoch), .text(sealed))
        }
    }

    private func perform(_ change: GroupChange) throws(SQLiteError) {
        let group = Statement.Value.integer(change.group)
        try statement("UPDATE chat_group SET epoch = ?, rotation = ? WHERE number = ?").run(
            .integer(change.epoch), .integer(change.rotationIsDue ? 1 : 0), group)
        try erasing { () throws(SQLiteError) in
            for account in change.removed {
                try statement("DELETE FROM group_member WHERE number = ? AND account = ?")
                    .run(group, .integer(account))
                try statement("DELETE FROM group_key WHERE number = ? AND account = ?")
                    .run(group, .integer(account))
            }
        }
        for account in change.added { try setMember(change.group, account, false, change.at) }
        for (account, isAdmin) in change.admins {
            try setMember(change.group, account, isAdmin, change.at)
        }
        guard !change.keys.isEmpty else { return }
        // An older key goes once no message under it is left.
        let until = (change.at + options.groupHistory).milliseconds
        // The longer row is written anew, and an old one may leave a page of it behind.
        try erasing { () throws(SQLiteError) in
            try statement("UPDATE group_key SET until = ? WHERE number = ? AND until IS NULL")
                .run(.integer(until), group)
        }
        try add(change.keys, change.group, epoch: change.epoch)
    }

    func remove(_ group: Int64, _ place: Place) throws(SQLiteError) {
        try statement(
            "DELETE FROM receipt WHERE message IN (SELECT number FROM history WHERE place = ?)"
        ).run(.blob(place.bytes))
        try statement("DELETE FROM history WHERE place = ?").run(.blob(place.bytes))
        try erasing { () throws(SQLiteError) in
            for table in ["chat_group", "group_member", "group_key"] {
                try statement("DELETE FROM \(table) WHERE number = ?").run(.integer(group))
            }
        }
    }

    // MARK: Receipts

    private func mark(
        _ receipt: Receipt, in place: Place, since: Timestamp
    ) throws(SQLiteError) -> GroupResult {
        guard let (number, entry) = try entry(receipt.message, in: place, since: since) else {
            return .unknownMessage
        }
        try statement("INSERT OR IGNORE INTO receipt (message, account, at) VALUES (?, ?, ?)")
            .run(
                .integer(number), .integer(receipt.account), .integer(receipt.at.milliseconds))
        guard database.changeCount == 0 else {
            return .marked(sender: entry.sender, sent: entry.at, at: receipt.at, isNew: true)
        }
        var at = receipt.at
        try statement("SELECT at FROM receipt WHERE message = ? AND account = ?")
            .run(.integer(number), .integer(receipt.account)) {
                at = Timestamp(milliseconds: $0.integer(0))
            }
        return .marked(sender: entry.sender, sent: entry.at, at: at, isNew: false)
    }

    private func receipts(
        _ place: Place, _ message: String?, _ since: Timestamp, _ after: Int64, _ count: Int
    ) throws(SQLiteError) -> GroupResult {
        var receipts: [Receipt] = []
        var (last, next): (Int64, Int64?) = (after, nil)
        let rows = try statement(
            """
            SELECT receipt.number, history.id, account, receipt.at FROM receipt
            JOIN history ON history.number = message
            WHERE place = ? AND \(Self.isSeen) AND (?3 IS NULL OR history.id = ?3)
            AND receipt.number > ? ORDER BY receipt.number LIMIT ?
            """)
        try rows.run(
            .blob(place.bytes), .integer(since.milliseconds), message.map { .text($0) },
            .integer(after), .integer(Int64(count) + 1)
        ) {
            guard receipts.count < count else {
                next = last
                return
            }
            last = $0.integer(0)
            receipts.append(
                Receipt(
                    message: $0.text(1) ?? "", account: $0.integer(2),
                    at: Timestamp(milliseconds: $0.integer(3))))
        }
        return .receipts(receipts, next: next)
    }

    // MARK: Starting

    func loadGroups() throws(SQLiteError) -> [StoredGroup] {
        var groups: [StoredGroup] = []
        var indexes: [Int64: Int] = [:]
        try database.prepare(
            "SELECT number, id, name, creator, created, epoch, rotation FROM chat_group"
        ).run {
            indexes[$0.integer(0)] = groups.count
            groups.append(
                StoredGroup(
                    number: $0.integer(0), id: $0.text(1) ?? "", name: $0.text(2) ?? "",
                    creator: $0.integer(3), created: Timestamp(milliseconds: $0.integer(4)),
                    epoch: $0.integer(5), rotationIsDue: $0.integer(6) != 0, members: []))
        }
        try database.prepare("SELECT number, account, admin, joined FROM group_member").run {
            guard let index = indexes[$0.integer(0)] else { return }
            groups[index].members.append(
                StoredGroup.Member(
                    account: $0.integer(1), isAdmin: $0.integer(2) != 0,
                    joined: Timestamp(milliseconds: $0.integer(3))))
        }
        return groups
    }
}
