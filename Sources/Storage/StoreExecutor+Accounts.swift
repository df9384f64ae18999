internal import Clock
internal import Crypto
internal import Failures
internal import Platform
internal import Relay

extension StoreExecutor {
    func perform(_ operation: AccountOperation) throws(SQLiteError) -> StoreResult {
        switch operation {
        case .proposeSecondFactor(let account, let secret, let digests):
            return .accounts(.changed(try propose(account, secret, digests)))
        case .secondFactor(let account): return .accounts(.secondFactor(try factor(of: account)))
        case .useStep(let account, let step, let switchesOn):
            return .accounts(.changed(try use(step, of: account, switchesOn)))
        case .useRecoveryCode(let account, let digest):
            try database.prepare("DELETE FROM recovery_code WHERE account = ? AND digest = ?")
                .run(.integer(account), .blob(digest))
            return .accounts(.changed(database.changeCount > 0))
        case .removeSecondFactor(let account):
            try removeFactor(of: account)
            return .accounts(.changed(true))
        case .setDisabled(let account, true, let now):
            return .accounts(.ended(sessions: try disable(account, at: now)))
        case .setDisabled(let account, false, _):
            try database.prepare("UPDATE account SET state = 0 WHERE number = ? AND state < 2")
                .run(.integer(account))
            return .accounts(.ended(sessions: []))
        case .remove(let account, let until):
            return .accounts(.ended(sessions: try remove(account, until)))
        case .list: return .accounts(.list(try facts()))
        }
    }

    // MARK: Second factors

    /// - Returns: false where there is one that is on.
    private func propose(
        _ account: Int64, _ secret: SharedSecret, _ digests: [[UInt8]]
    ) throws(SQLiteError) -> Bool {
        let sealed = try sealAccountSecret(secret, of: account)
        try database.prepare(
            """
            INSERT INTO second_factor (account, sealed, is_on, last_step) VALUES (?, ?, 0, 0)
            ON CONFLICT (account) DO UPDATE SET sealed = excluded.sealed, last_step = 0
            WHERE is_on = 0
            """
        ).run(.integer(account), .blob(sealed))
        guard database.changeCount > 0 else { return false }
        try removeRecoveryCodes(of: account)
        let add = try database.prepare("INSERT INTO recovery_code (account, digest) VALUES (?, ?)")
        for digest in digests { try add.run(.integer(account), .blob(digest)) }
        return true
    }

    private func factor(of account: Int64) throws(SQLiteError) -> SecondFactor? {
        var found: (sealed: [UInt8], isOn: Bool)?
        try database.prepare("SELECT sealed, is_on FROM second_factor WHERE account = ?")
            .run(.integer(account)) { found = ($0.blob(0), $0.integer(1) != 0) }
        guard let found else { return nil }
        return SecondFactor(
            secret: openAccountSecret(found.sealed, of: account), isOn: found.isOn)
    }

    /// A step's code works once, and none that is older than one that was used.
    private func use(
        _ step: Int64, of account: Int64, _ switchesOn: Bool
    ) throws(SQLiteError) -> Bool {
        try database.prepare(
            """
            UPDATE second_factor SET last_step = ?1, is_on = max(is_on, ?3)
            WHERE account = ?2 AND last_step < ?1 AND (is_on = 1 OR ?3 = 1)
            """
        ).run(.integer(step), .integer(account), .integer(switchesOn ? 1 : 0))
        return database.changeCount > 0
    }

    private func removeFactor(of account: Int64) throws(SQLiteError) {
        try erasing { () throws(SQLiteError) in
            try database.prepare("DELETE FROM second_factor WHERE account = ?")
                .run(.integer(account))
            try removeRecoveryCodes(of: account)
        }
    }

    private func removeRecoveryCodes(of account: Int64) throws(SQLiteError) {
        try database.prepare("DELETE FROM recovery_code WHERE account = ?").run(.integer(account))
    }

    // MARK: Accounts

    private func disable(_ account: Int64, at now: Timestamp) throws(SQLiteError) -> [String] {
        try database.prepare(
            "UPDATE account SET state = 1, tokens_ended = ? WHERE number = ? AND state < 2"
        ).run(.integer(now.seconds), .integer(account))
        return try endSessions(of: account, now + RelayServer.tokenLifetime)
    }

    /// Ends every login that the store knows of.
    private func endSessions(
        of account: Int64, _ until: Timestamp
    ) throws(SQLiteError) -> [String] {
        var sessions: [String] = []
        try database.prepare("SELECT DISTINCT session FROM refresh_token WHERE account = ?")
            .run(.integer(account)) { sessions.append($0.text(0) ?? "") }
        for session in sessions { try revoke(session, until: until) }
        return sessions
    }

    /// The row stays, without a name, so that neither the number nor the id is given out again.
    private func remove(_ account: Int64, _ until: Timestamp) throws(SQLiteError) -> [String] {
        let sessions = try endSessions(of: account, until)
        try removeFactor(of: account)
        try clearAway(account)
        try database.prepare("DELETE FROM message WHERE receiver = ?").run(.integer(account))
        try database.prepare("DELETE FROM call WHERE caller = ?1 OR receiver = ?1")
            .run(.integer(account))
        try erasing { () throws(SQLiteError) in
            try database.prepare(
                "UPDATE account SET state = 2, name = '', email = NULL, password = NULL,"
                    + " tokens_ended = NULL WHERE number = ?"
            ).run(.integer(account))
        }
        return sessions
    }

    private func facts() throws(SQLiteError) -> [AccountFacts] {
        var facts: [AccountFacts] = []
        try database.prepare(
            """
            SELECT number, substr(password, 1, 3), ifnull(is_on, 0)
            FROM account LEFT JOIN second_factor ON account = number WHERE state < 2
            """
        ).run {
            let password: AccountFacts.Password =
                switch $0.text(1) {
                case nil: .none
                case "$2a", "$2b", "$2y": .bcrypt
                default: .argon2id
                }
            facts.append(
                AccountFacts(
                    account: $0.integer(0), password: password,
                    hasSecondFactor: $0.integer(2) != 0))
        }
        return facts
    }

    func loadAccountStates(into state: inout StoredState) throws(SQLiteError) {
        try database.prepare("SELECT number, id, state FROM account WHERE state > 0").run {
            if $0.integer(2) == 1 {
                state.disabled.append($0.integer(0))
            } else {
                state.removed.append($0.text(1) ?? "")
            }
        }
        try database.prepare(
            "SELECT number, tokens_ended FROM account WHERE tokens_ended IS NOT NULL"
        ).run { state.tokensEnded[$0.integer(0)] = Timestamp(seconds: $0.integer(1)) }
        state.lastAccount = try database.integer("SELECT max(number) FROM account") ?? 0
        let imported = try database.integer(
            "SELECT count(*) FROM account WHERE password >= '$2' AND password < '$3'")
        state.importedHashCount = Int(imported ?? 0)
    }

    // MARK: Sealing: nonce (12 bytes), then AES-256-GCM, bound to the account

    /// The slot of the one key in its file.
    private static let keySlot: Int64 = 0

    private func accountKey() throws(SQLiteError) -> SharedSecret {
        do {
            let keys = try accountKeys ?? StoreKeys(options.accountKeyFile)
            accountKeys = keys
            return try keys.makeKey(for: Self.keySlot)
        } catch {
            let reason = (error as? any Failure)?.message ?? "no key"
            throw SQLiteError(keyFile: reason)
        }
    }

    private func sealAccountSecret(
        _ secret: SharedSecret, of account: Int64
    ) throws(SQLiteError) -> [UInt8] {
        let key = try accountKey()
        let nonce = randomBytes(AEADKey.nonceByteCount)
        return key.bytes.withBytes { key in
            secret.bytes.withBytes { secret in
                var plain = Array(secret)
                defer { wipe(&plain) }
                return nonce
                    + AEADKey.seal(
                        .aes256GCM, key: key, plain, nonce: nonce, header: Self.header(account))
            }
        }
    }

    /// Nil where the key is lost, or the row was tampered with.
    private func openAccountSecret(_ sealed: [UInt8], of account: Int64) -> SharedSecret? {
        guard sealed.count > AEADKey.nonceByteCount, let key = try? accountKey() else { return nil }
        let nonce = Array(sealed.prefix(AEADKey.nonceByteCount))
        let body = Array(sealed.dropFirst(AEADKey.nonceByteCount))
        let opened = key.bytes.withBytes { key in
            try? AEADKey.open(
                .aes256GCM, key: key, body, nonce: nonce, header: Self.header(account))
        }
        guard var opened else { return nil }
        return SharedSecret(SecretBytes(moving: &opened))
    }

    private static func header(_ account: Int64) -> [UInt8] {
        Array("second factor of \(account)".utf8)
    }
}
