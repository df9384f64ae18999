internal import Relay

// What a removed account has in common with others, as `RelayServer.clearAway` does it in memory.

extension StoreExecutor {
    func clearAway(_ account: Int64) throws(SQLiteError) {
        try leaveGroups(account)
        try leaveThreads(account)
        try removePairs(of: account)
        try removeDevices(of: account)
        try database.prepare("DELETE FROM receipt WHERE account = ?").run(.integer(account))
    }

    private func leaveGroups(_ account: Int64) throws(SQLiteError) {
        var groups: [(number: Int64, place: Place)] = []
        try database.prepare(
            "SELECT number, id FROM chat_group JOIN group_member USING (number) WHERE account = ?"
        ).run(.integer(account)) { groups.append(($0.integer(0), .group($0.text(1) ?? ""))) }
        try database.prepare("DELETE FROM group_member WHERE account = ?").run(.integer(account))
        try erasing { () throws(SQLiteError) in
            try database.prepare("DELETE FROM group_key WHERE account = ?").run(.integer(account))
        }
        for group in groups {
            let number = Statement.Value.integer(group.number)
            var members: Int64 = 0
            try database.prepare("SELECT count(*) FROM group_member WHERE number = ?")
                .run(number) { members = $0.integer(0) }
            guard members > 0 else {
                try remove(group.number, group.place)
                continue
            }
            try removeEntries(of: account, in: group.place)
            try database.prepare("UPDATE chat_group SET rotation = 1 WHERE number = ?").run(number)
            // Without an admin, whoever has been a member for longest becomes one.
            try database.prepare(
                """
                UPDATE group_member SET admin = 1 WHERE number = ?1
                AND NOT EXISTS (SELECT 1 FROM group_member WHERE number = ?1 AND admin = 1)
                AND account = (SELECT account FROM group_member WHERE number = ?1
                    ORDER BY joined, account LIMIT 1)
                """
            ).run(number)
        }
    }

    private func leaveThreads(_ account: Int64) throws(SQLiteError) {
        var threads: [String] = []
        try database.prepare("SELECT id FROM thread WHERE account = ?")
            .run(.integer(account)) { threads.append($0.text(0) ?? "") }
        try database.prepare("DELETE FROM thread WHERE account = ?").run(.integer(account))
        for id in threads {
            var members: Int64 = 0
            try database.prepare("SELECT count(*) FROM thread WHERE id = ?")
                .run(.text(id)) { members = $0.integer(0) }
            if members > 0 {
                try removeEntries(of: account, in: .thread(id))
            } else {
                try removeHistory(of: .thread(id))
            }
        }
    }

    /// Removes the threads of the account and one other, which have no rows of their own.
    private func removePairs(of account: Int64) throws(SQLiteError) {
        var places: Set<[UInt8]> = []
        try database.prepare("SELECT DISTINCT place FROM history WHERE kind = ?")
            .run(.integer(Place.Kind.thread.rawValue)) { places.insert($0.blob(0)) }
        guard !places.isEmpty else { return }
        var (own, all): (String?, [String]) = (nil, [])
        try database.prepare("SELECT number, id FROM account").run {
            let id = $0.text(1) ?? ""
            all.append(id)
            if $0.integer(0) == account { own = id }
        }
        guard let own else { return }
        for other in all {
            let place = Place.pair(own, other)
            if places.contains(place.bytes) { try removeHistory(of: place) }
        }
    }

    private func removeHistory(of place: Place) throws(SQLiteError) {
        try database.prepare("DELETE FROM history WHERE place = ?").run(.blob(place.bytes))
    }
}
