/// The tables, as steps from one version to the next. A step that was released never changes.
enum Schema {
    /// The version that this program makes and understands.
    static var version: Int64 { Int64(steps.count) }

    private static let steps = [first, secondFactors, groupsAndDevices, endsOfTokens]

    /// Rows of `message` are appended and never changed, with one small index: keyed by receiver
    /// they would be six times as slow to write. Their ids rise for ever within a process.
    private static let first =
        """
        CREATE TABLE account (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            email TEXT UNIQUE,
            password TEXT
        );
        CREATE TABLE refresh_token (
            digest BLOB PRIMARY KEY,
            session TEXT NOT NULL,
            account INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            used INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX refresh_token_session ON refresh_token (session);
        CREATE TABLE revoked (
            session TEXT PRIMARY KEY,
            until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE message (
            id INTEGER PRIMARY KEY,
            receiver INTEGER NOT NULL,
            at INTEGER NOT NULL,
            hour INTEGER NOT NULL,
            sealed BLOB NOT NULL
        );
        CREATE INDEX message_receiver ON message (receiver);
        CREATE TABLE seen (
            key BLOB PRIMARY KEY,
            at INTEGER NOT NULL,
            message INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX seen_at ON seen (at);
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            count INTEGER NOT NULL,
            lines BLOB NOT NULL
        );
        CREATE TABLE call (
            id INTEGER PRIMARY KEY,
            caller INTEGER NOT NULL,
            receiver INTEGER NOT NULL,
            type TEXT NOT NULL,
            status TEXT NOT NULL,
            duration INTEGER,
            started INTEGER NOT NULL,
            ended INTEGER
        );
        CREATE INDEX call_caller ON call (caller);
        CREATE INDEX call_receiver ON call (receiver);
        """

    /// Second factors, accounts that are shut out (1) or were removed (2), and when a refresh token
    /// was used and what it was traded for.
    private static let secondFactors =
        """
        ALTER TABLE account ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE refresh_token ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE refresh_token ADD COLUMN successor BLOB;
        CREATE INDEX refresh_token_account ON refresh_token (account);
        CREATE TABLE second_factor (
            account INTEGER PRIMARY KEY,
            sealed BLOB NOT NULL,
            is_on INTEGER NOT NULL,
            last_step INTEGER NOT NULL
        );
        CREATE TABLE recovery_code (
            account INTEGER NOT NULL,
            digest BLOB NOT NULL,
            PRIMARY KEY (account, digest)
        ) WITHOUT ROWID;
        """

    /// Family A's threads, family D's groups and devices, and the history of both. A receiver of
    /// `message` below zero is the mailbox of a device.
    private static let groupsAndDevices =
        """
        CREATE TABLE thread (
            id TEXT NOT NULL,
            position INTEGER NOT NULL,
            account INTEGER NOT NULL,
            PRIMARY KEY (id, position)
        ) WITHOUT ROWID;
        CREATE TABLE history (
            number INTEGER PRIMARY KEY,
            place BLOB NOT NULL,
            id TEXT NOT NULL UNIQUE,
            kind INTEGER NOT NULL,
            at INTEGER NOT NULL,
            sealed BLOB NOT NULL
        );
        CREATE INDEX history_place ON history (place);
        CREATE INDEX history_at ON history (kind, at);
        CREATE TABLE chat_group (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            creator INTEGER NOT NULL,
            created INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            rotation INTEGER NOT NULL
        );
        CREATE TABLE group_member (
            number INTEGER NOT NULL,
            account INTEGER NOT NULL,
            admin INTEGER NOT NULL,
            joined INTEGER NOT NULL,
            PRIMARY KEY (number, account)
        ) WITHOUT ROWID;
        CREATE TABLE group_key (
            number INTEGER NOT NULL,
            account INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            sealed TEXT NOT NULL,
            until INTEGER,
            PRIMARY KEY (number, account, epoch)
        ) WITHOUT ROWID;
        CREATE INDEX group_key_until ON group_key (until) WHERE until IS NOT NULL;
        CREATE TABLE receipt (
            number INTEGER PRIMARY KEY,
            message INTEGER NOT NULL,
            account INTEGER NOT NULL,
            at INTEGER NOT NULL,
            UNIQUE (message, account)
        );
        CREATE TABLE device (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            account INTEGER NOT NULL,
            name TEXT NOT NULL,
            created INTEGER NOT NULL,
            keys TEXT
        );
        CREATE TABLE device_session (
            session TEXT PRIMARY KEY,
            device INTEGER NOT NULL,
            until INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    /// In seconds, when an account was last shut out. Of those that are when this is added nobody
    /// knows, so that all tokens that there are count as of before.
    private static let endsOfTokens =
        """
        ALTER TABLE account ADD COLUMN tokens_ended INTEGER;
        UPDATE account SET tokens_ended = CAST(strftime('%s', 'now') AS INTEGER) WHERE state = 1;
        """

    /// What says in the head of a file that it is a relay's: "PRLY". Databases that were made
    /// before it was there have 0, and are known by their tables.
    static let applicationID: Int64 = 0x5052_4C59
    private static let firstTables: Set<String> = [
        "account", "message", "audit", "seen", "revoked",
    ]

    /// Whether this is a relay's database, or an empty one. It only reads.
    static func isOwn(_ database: Database) throws(SQLiteError) -> Bool {
        let id = try database.integer("PRAGMA application_id") ?? 0
        if id == applicationID { return true }
        var tables: Set<String> = []
        try database.prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").run {
            tables.insert($0.text(0) ?? "")
        }
        let version = try database.integer("PRAGMA user_version") ?? 0
        if tables.isEmpty { return id == 0 && version == 0 }
        return id == 0 && version > 0 && tables.isSuperset(of: firstTables)
    }

    /// Brings a database to this version, wholly or not at all.
    ///
    /// - Returns: the version it had, where that is newer than what this program knows.
    static func migrate(_ database: Database) throws(SQLiteError) -> Int64? {
        let found = try database.integer("PRAGMA user_version") ?? 0
        if found > version { return found }
        let id = try database.integer("PRAGMA application_id") ?? 0
        if found == version, id == applicationID { return nil }
        do throws(SQLiteError) {
            try database.execute("BEGIN IMMEDIATE")
            for step in steps.dropFirst(Int(found)) { try database.execute(step) }
            try database.execute(
                "PRAGMA user_version = \(version); PRAGMA application_id = \(applicationID);"
                    + "COMMIT")
        } catch {
            if database.isInTransaction { try? database.execute("ROLLBACK") }
            throw error
        }
        return nil
    }
}
