internal import CSQLite
internal import Clock
internal import Relay

extension StoreExecutor {
    /// Carries out one operation, within a transaction.
    func perform(_ operation: StoreOperation) throws(SQLiteError) -> StoreResult {
        // What is held back for deletions is not for what adds.
        if operation.adds, trouble != nil, !reserve.isHeld { throw .full }
        switch operation {
        case .addAccount(let account, let hash): return try add(account, hash)
        case .passwordHash(let account): return .passwordHash(try passwordHash(of: account))
        case .setPasswordHash(let account, let hash):
            try erasing { () throws(SQLiteError) in
                try statements.setPasswordHash.run(.text(hash), .integer(account))
            }
        case .addRefreshToken(let token): try add(token)
        case .rotateRefreshToken(let digest, let next, let expiresAt, let now, let grace):
            return try rotate(digest, next, expiresAt, now, grace)
        case .revoke(let session, let until): try revoke(session, until: until)
        case .keep(let receiver, let key, let event, let remembers, let now):
            return try keep(receiver, key, event, remembers, now)
        case .read(let receiver, let after, let count, let byteCount):
            return try read(receiver, after, count, byteCount)
        case .remove(let receiver, let rows): return .removed([try remove(receiver, rows)])
        case .removeByKey(let receiver, let key):
            var rows: [Int64] = []
            try statements.findSeen.run(.blob(key.bytes)) { rows.append($0.integer(0)) }
            return .removed([try remove(receiver, rows)])
        case .calls(let operation): return try perform(operation)
        case .audit(let lines, let count, let from, let to):
            try statements.audit.run(
                .integer(from.milliseconds), .integer(to.milliseconds), .integer(Int64(count)),
                .blob(lines))
        case .inspection(let operation): return try perform(operation)
        case .accounts(let operation): return try perform(operation)
        case .cleanUp(let now): return .removed(try cleanUp(now))
        case .mail(let mail): return .mail(try perform(mail))
        case .history(let operation): return .history(try perform(operation))
        case .groups(let operation): return try perform(operation)
        case .devices(let operation): return try perform(operation)
        }
        return .done
    }

    // MARK: Accounts and tokens

    private func passwordHash(of account: Int64) throws(SQLiteError) -> String? {
        var hash: String?
        try statements.passwordHash.run(.integer(account)) { hash = $0.text(0) }
        return hash
    }

    private func add(_ account: Account, _ hash: String?) throws(SQLiteError) -> StoreResult {
        do throws(SQLiteError) {
            try statements.addAccount.run(
                .integer(account.number), .text(account.id), .text(account.name),
                account.email.map { .text($0) }, hash.map { .text($0) })
            return .done
        } catch {
            // The statement alone failed; the transaction goes on.
            if error.code == SQLITE_CONSTRAINT { return .accountExists }
            throw error
        }
    }

    private func add(_ token: RefreshToken) throws(SQLiteError) {
        try statements.addToken.run(
            .blob(token.digest), .text(token.session), .integer(token.account),
            .integer(token.expiresAt.seconds))
    }

    private func rotate(
        _ digest: [UInt8], _ next: [UInt8], _ expiresAt: Timestamp, _ now: Timestamp,
        _ grace: Duration
    ) throws(SQLiteError) -> StoreResult {
        guard let found = try token(digest), found.expires > now.seconds else {
            return .unknownToken
        }
        if found.useCount > 0 {
            guard try isLost(found, now, grace) else {
                try revoke(found.session, until: now + RelayServer.tokenLifetime)
                return .reused(account: found.account, session: found.session)
            }
            try statements.removeToken.run(.blob(found.successor))
        }
        try statements.useToken.run(.integer(now.milliseconds), .blob(next), .blob(digest))
        try add(
            RefreshToken(
                digest: next, session: found.session, account: found.account,
                expiresAt: expiresAt))
        return .rotated(account: found.account, session: found.session)
    }

    private struct StoredToken {
        let session: String
        let account: Int64
        let expires: Int64
        let useCount: Int64
        /// In milliseconds, of the last use.
        let usedAt: Int64
        let successor: [UInt8]
    }

    private func token(_ digest: [UInt8]) throws(SQLiteError) -> StoredToken? {
        var found: StoredToken?
        try statements.findToken.run(.blob(digest)) {
            found = StoredToken(
                session: $0.text(0) ?? "", account: $0.integer(1), expires: $0.integer(2),
                useCount: $0.integer(3), usedAt: $0.integer(4), successor: $0.blob(5))
        }
        return found
    }

    /// Whether what a token was traded for seems never to have arrived: it was used once, a short
    /// while ago, and its successor never.
    private func isLost(
        _ found: StoredToken, _ now: Timestamp, _ grace: Duration
    ) throws(SQLiteError) -> Bool {
        let age = now - Timestamp(milliseconds: found.usedAt)
        guard found.useCount == 1, age >= .zero, age < grace,
            let successor = try token(found.successor)
        else { return false }
        return successor.useCount == 0
    }

    func revoke(_ session: String, until: Timestamp) throws(SQLiteError) {
        try statements.removeTokens.run(.text(session))
        try statements.revoke.run(.text(session), .integer(until.milliseconds))
    }

    // MARK: Messages

    func keep(
        _ receiver: Int64, _ key: MessageKey, _ event: [UInt8], _ remembers: Bool,
        _ now: Timestamp
    ) throws(SQLiteError) -> StoreResult {
        let row = nextMessage
        if remembers {
            try statements.remember.run(
                .blob(key.bytes), .integer(now.seconds), .integer(row))
            if database.changeCount == 0 {
                return .duplicate(isDelivered: try !isWaiting(key))
            }
        }
        guard let sealed = seal(key, event, receiver: receiver, row: row, hour: now.hour) else {
            throw SQLiteError(keyFile: "no key for this hour")
        }
        nextMessage += 1
        try statements.keep.run(
            .integer(row), .integer(receiver), .integer(now.seconds), .integer(now.hour),
            .blob(sealed))
        return .kept(row: row)
    }

    /// Whether a message that is remembered is also there.
    private func isWaiting(_ key: MessageKey) throws(SQLiteError) -> Bool {
        var isWaiting = false
        try statements.findWaiting.run(.blob(key.bytes)) { _ in isWaiting = true }
        return isWaiting
    }

    private func read(
        _ receiver: Int64, _ after: Int64, _ count: Int, _ byteCount: Int
    ) throws(SQLiteError) -> StoreResult {
        var messages: [KeptMessage] = []
        var room = byteCount
        var found = 0
        var unreadable: [Int64] = []
        try statements.read.run(.integer(receiver), .integer(after), .integer(Int64(count))) {
            let (row, hour, sealed) = ($0.integer(0), $0.integer(1), $0.blob(2))
            guard room > 0 else { return }
            found += 1
            room -= sealed.count
            if let message = open(sealed, receiver: receiver, row: row, hour: hour) {
                messages.append(message)
            } else {
                unreadable.append(row)
            }
        }
        // Their key is erased, or somebody changed them: nobody will ever read them.
        if !unreadable.isEmpty { asides.append(.lost(try owe(unreadable, of: receiver))) }
        return .messages(messages, isLast: found < count && room > 0)
    }

    func remove(_ receiver: Int64, _ rows: [Int64]) throws(SQLiteError) -> Removal {
        var (count, byteCount) = (0, 0)
        for row in rows {
            try statements.remove.run(.integer(row), .integer(receiver)) {
                count += 1
                byteCount += Int($0.integer(0)) - Self.sealingByteCount
            }
        }
        return Removal(receiver: receiver, count: count, byteCount: byteCount)
    }

    // MARK: Forgetting

    /// Removes messages, tombstones, tokens and log lines that are older than they may be, and
    /// erases the keys of hours whose messages are all gone.
    private func cleanUp(_ now: Timestamp) throws(SQLiteError) -> [Removal] {
        let oldest = (now + (.zero - options.retention)).seconds
        let oldestEntry = now + (.zero - options.groupHistory)
        try eraseKeys(endedBefore: oldest, history: oldestEntry.seconds)
        let removals = try expireMessages(atOrBefore: oldest)
        try expireHistory(now)
        try database.execute(
            """
            DELETE FROM seen WHERE at <= \(oldest);
            DELETE FROM revoked WHERE until <= \(now.milliseconds);
            DELETE FROM refresh_token WHERE expires <= \(now.seconds);
            DELETE FROM audit WHERE last <= \((now + (.zero - options.logRetention)).milliseconds)
            """)
        try expireCalls(before: now + (.zero - options.logRetention))
        return removals
    }

    /// Ids rise with time, so the first message that is young enough ends the old ones, and no
    /// index on time is needed.
    private func expireMessages(atOrBefore oldest: Int64) throws(SQLiteError) -> [Removal] {
        let end =
            try database.integer("SELECT id FROM message WHERE at > \(oldest) ORDER BY id LIMIT 1")
            ?? nextMessage
        var removals: [Removal] = []
        let gone = try database.prepare(
            """
            SELECT receiver, count(*), sum(length(sealed)) FROM message WHERE id < \(end)
            AND \(Self.isNotOwed) GROUP BY receiver
            """)
        try gone.run {
            let count = Int($0.integer(1))
            removals.append(
                Removal(
                    receiver: $0.integer(0), count: count,
                    byteCount: Int($0.integer(2)) - count * Self.sealingByteCount))
        }
        if !removals.isEmpty {
            try database.execute(
                "DELETE FROM message WHERE id < \(end) AND \(Self.isNotOwed)")
        }
        return removals
    }

    // MARK: Starting

    /// A disk that is full keeps nobody from what is stored.
    private func tidy(_ now: Timestamp) throws(SQLiteError) {
        let attempt = { [self] in
            transact {
                () throws(SQLiteError) in
                if options.forgetsOnOpen { _ = try cleanUp(now) }
                try closeCalls(at: now)
            }
        }
        guard var error = attempt() else { return }
        if makesRoom() {
            guard let again = attempt() else { return }
            error = again
        }
        guard error.word == "storeFull" else { throw error }
        noteTrouble()
    }

    func loadState(now: Timestamp) throws(StorageError) -> StoredState {
        var state = StoredState()
        do throws(SQLiteError) {
            try tidy(now)
            try loadAccountStates(into: &state)
            try database.prepare(
                "SELECT number, id, name, email FROM account WHERE state < 2 ORDER BY number"
            )
            .run {
                state.accounts.append(
                    Account(
                        number: $0.integer(0), id: $0.text(1) ?? "", name: $0.text(2) ?? "",
                        email: $0.text(3)))
            }
            try database.prepare("SELECT session, until FROM revoked").run {
                state.revoked[$0.text(0) ?? ""] = Timestamp(milliseconds: $0.integer(1))
            }
            try database.prepare(
                "SELECT receiver, count(*), sum(length(sealed)) FROM message GROUP BY receiver"
            ).run {
                let count = Int($0.integer(1))
                state.kept.append(
                    Removal(
                        receiver: $0.integer(0), count: count,
                        byteCount: Int($0.integer(2)) - count * Self.sealingByteCount))
            }
            state.unreadableCount = try keys.unreadableCount(in: database)
            state.groups = try loadGroups()
            state.threads = try loadThreads()
            state.devices = try loadDevices()
        } catch { throw error.opening(options.database) }
        return state
    }
}
