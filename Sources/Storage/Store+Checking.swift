internal import CSQLite
internal import Glibc

extension Store {
    /// Reads the whole database for damage, also while a relay uses it. It changes nothing.
    ///
    /// - Returns: false where there is no database.
    public static func checkIntegrity(_ path: String) throws(StorageError) -> Bool {
        guard access(path, F_OK) == 0 else { return false }
        try check(path)
        do throws(SQLiteError) {
            let database = try Database(path, isReadOnly: true)
            let found = try database.integer("PRAGMA user_version") ?? 0
            if found > Schema.version { throw SQLiteError.newer(found) }
            var verdicts: [String] = []
            try database.prepare("PRAGMA integrity_check(1)").run {
                verdicts.append($0.text(0) ?? "")
            }
            if verdicts != ["ok"] { throw SQLiteError(corrupt: verdicts.first ?? "no answer") }
        } catch { throw error.opening(path) }
        return true
    }

    /// Reads the keys of the storage layer.
    ///
    /// - Returns: how many hours have keys; nil where there is no such file.
    public static func checkKeys(_ path: String) throws(StorageError) -> Int? {
        guard access(path, F_OK) == 0 else { return nil }
        return try StoreKeys(path).count
    }

    /// Counts the messages that wait and cannot be read since the keys of their hours are gone.
    public static func unreadableCount(
        _ path: String, keyFile: String
    ) throws(StorageError) -> Int {
        guard access(path, F_OK) == 0 else { return 0 }
        let keys = access(keyFile, F_OK) == 0 ? try StoreKeys(keyFile) : nil
        do throws(SQLiteError) {
            let database = try Database(path, isReadOnly: true)
            guard try database.integer("PRAGMA user_version") ?? 0 > 0 else { return 0 }
            guard let keys else {
                return Int(try database.integer("SELECT count(*) FROM message") ?? 0)
            }
            return try keys.unreadableCount(in: database)
        } catch { throw error.opening(path) }
    }
}

extension StoreKeys {
    /// How many messages are of hours that have no key.
    func unreadableCount(in database: Database) throws(SQLiteError) -> Int {
        var count = 0
        try database.prepare("SELECT hour, count(*) FROM message GROUP BY hour").run {
            if key(for: $0.integer(0)) == nil { count += Int($0.integer(1)) }
        }
        return count
    }
}
