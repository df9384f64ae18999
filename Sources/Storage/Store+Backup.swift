internal import Crypto
internal import Glibc
internal import Platform
internal import Wire

extension Store {
    /// Copies a database into a new file, whether a relay is using it or not: what was committed
    /// when it began, checked, and on the disk when this returns.
    ///
    /// The keys of the storage layer are not in it: they lie in a file of their own so that what
    /// was forgotten is forgotten in copies too.
    ///
    /// - Returns: how many bytes the copy has.
    public static func backUp(_ path: String, to copy: String) throws(StorageError) -> Int {
        guard access(path, F_OK) == 0 else { throw .notThere(path) }
        try check(path)
        guard access(copy, F_OK) != 0 else { throw .exists(copy) }
        let temporary = copy + "." + Hex.encode(randomBytes(8))
        try makeEmpty(temporary, for: copy)
        defer { unlink(temporary) }
        do throws(SQLiteError) {
            try Database(path).copy(to: temporary)
            try Database(temporary).check()
        } catch {
            if error.word == "storeCorrupt" { throw .corrupt(path, detail: error.message) }
            throw .cannotCopy(copy, reason: error.message)
        }
        return try publish(temporary, as: copy)
    }

    /// SQLite fills an empty file as it does a new one, and this one is for its owner alone.
    private static func makeEmpty(_ path: String, for copy: String) throws(StorageError) {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotCopy(copy, reason: systemReason) }
        Glibc.close(descriptor)
    }

    private static func publish(_ temporary: String, as copy: String) throws(StorageError) -> Int {
        let descriptor = FileDescriptor(owning: Glibc.open(temporary, O_RDONLY | O_CLOEXEC))
        var status = stat()
        do throws(SystemError) {
            try descriptor.synchronize()
        } catch { throw .cannotCopy(copy, reason: error.reason) }
        guard fstat(descriptor.number, &status) == 0 else {
            throw .cannotCopy(copy, reason: systemReason)
        }
        guard link(temporary, copy) == 0 else {
            if errno == EEXIST { throw .exists(copy) }
            throw .cannotCopy(copy, reason: systemReason)
        }
        synchronizeDirectory(of: copy)
        return Int(status.st_size)
    }

    private static var systemReason: String { String(cString: strerror(errno)) }
}

extension Database {
    /// Writes all that is committed into an empty file, without what was deleted.
    fileprivate func copy(to path: String) throws(SQLiteError) {
        try prepare("VACUUM INTO ?").run(.text(path))
    }

    /// - Throws: what is damaged.
    func check() throws(SQLiteError) {
        let check = try prepare("PRAGMA quick_check(1)")
        var verdict = "ok"
        try check.run { verdict = $0.text(0) ?? "ok" }
        if verdict != "ok" { throw SQLiteError(corrupt: verdict) }
    }
}
