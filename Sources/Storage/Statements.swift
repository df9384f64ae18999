/// Every statement that runs while the relay does, prepared once.
struct Statements {
    let addAccount: Statement
    let passwordHash: Statement
    let setPasswordHash: Statement
    let addToken: Statement
    let findToken: Statement
    let useToken: Statement
    let removeToken: Statement
    let removeTokens: Statement
    let revoke: Statement
    let remember: Statement
    let keep: Statement
    let read: Statement
    let remove: Statement
    let findSeen: Statement
    let findWaiting: Statement
    let audit: Statement
    let calls: CallStatements

    init(_ database: Database) throws(SQLiteError) {
        addAccount = try database.prepare(
            "INSERT INTO account (number, id, name, email, password) VALUES (?, ?, ?, ?, ?)")
        passwordHash = try database.prepare("SELECT password FROM account WHERE number = ?")
        setPasswordHash = try database.prepare("UPDATE account SET password = ? WHERE number = ?")
        addToken = try database.prepare(
            "INSERT INTO refresh_token (digest, session, account, expires, used)"
                + " VALUES (?, ?, ?, ?, 0)")
        findToken = try database.prepare(
            "SELECT session, account, expires, used, used_at, successor FROM refresh_token"
                + " WHERE digest = ?")
        useToken = try database.prepare(
            "UPDATE refresh_token SET used = used + 1, used_at = ?, successor = ? WHERE digest = ?")
        removeToken = try database.prepare("DELETE FROM refresh_token WHERE digest = ?")
        removeTokens = try database.prepare("DELETE FROM refresh_token WHERE session = ?")
        revoke = try database.prepare(
            "INSERT OR REPLACE INTO revoked (session, until) VALUES (?, ?)")
        remember = try database.prepare(
            "INSERT OR IGNORE INTO seen (key, at, message) VALUES (?, ?, ?)")
        keep = try database.prepare(
            "INSERT INTO message (id, receiver, at, hour, sealed) VALUES (?, ?, ?, ?, ?)")
        read = try database.prepare(
            "SELECT id, hour, sealed FROM message WHERE receiver = ? AND id > ? AND "
                + StoreExecutor.isNotOwed + " ORDER BY id LIMIT ?")
        remove = try database.prepare(
            "DELETE FROM message WHERE id = ? AND receiver = ? AND "
                + StoreExecutor.isNotOwed + " RETURNING length(sealed)")
        findWaiting = try database.prepare(
            "SELECT id FROM message WHERE id = (SELECT message FROM seen WHERE key = ?) AND "
                + StoreExecutor.isNotOwed)
        findSeen = try database.prepare("SELECT message FROM seen WHERE key = ?")
        audit = try database.prepare(
            "INSERT INTO audit (first, last, count, lines) VALUES (?, ?, ?, ?)")
        calls = try CallStatements(database)
    }
}
