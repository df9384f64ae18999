internal import CSQLite
internal import Clock

/// What SQLite refused, by its result code.
struct SQLiteError: Error, Equatable {
    let code: CInt
    let message: String

    init(_ code: CInt, on database: OpaquePointer?) {
        self.code = code & 0xFF
        message = String(cString: database.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
    }

    /// A stable word for clients and logs.
    var word: String {
        switch code {
        case SQLITE_FULL: "storeFull"
        case SQLITE_CORRUPT, SQLITE_NOTADB: "storeCorrupt"
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN: "storeReadOnly"
        default: "storeFailed"
        }
    }
}

/// One connection to a SQLite database, used by one thread.
final class Database {
    let handle: OpaquePointer

    /// How long a statement waits for another process, which there should not be.
    private static let busyTimeoutMilliseconds: CInt = 5000

    init(_ path: String, isReadOnly: Bool = false) throws(SQLiteError) {
        var opened: OpaquePointer?
        let access =
            isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let flags = access | SQLITE_OPEN_NOMUTEX
        let status = sqlite3_open_v2(path, &opened, flags, nil)
        guard status == SQLITE_OK, let opened else {
            let error = SQLiteError(status, on: opened)
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        sqlite3_busy_timeout(handle, Self.busyTimeoutMilliseconds)
    }

    func execute(_ sql: String) throws(SQLiteError) {
        let status = sqlite3_exec(handle, sql, nil, nil, nil)
        guard status == SQLITE_OK else { throw SQLiteError(status, on: handle) }
    }

    func prepare(_ sql: String) throws(SQLiteError) -> Statement { try Statement(sql, on: self) }

    /// The first column of the first row, as an integer.
    func integer(_ sql: String) throws(SQLiteError) -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.integer(0) : nil
    }

    /// Does something that fails where another connection is in the way for longer than this.
    func waiting<Result>(
        atMost limit: Duration, _ body: () throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        sqlite3_busy_timeout(handle, CInt(clamping: limit.milliseconds))
        defer { sqlite3_busy_timeout(handle, Self.busyTimeoutMilliseconds) }
        return try body()
    }

    /// How many rows the last INSERT, UPDATE or DELETE changed.
    var changeCount: Int { Int(sqlite3_changes(handle)) }

    /// How many rows were changed since the database was opened.
    var totalChangeCount: Int { Int(sqlite3_total_changes64(handle)) }

    /// Whether a transaction is open. Some errors end it by themselves.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    deinit { sqlite3_close_v2(handle) }
}

/// A prepared statement.
final class Statement {
    private let handle: OpaquePointer
    // A statement must not outlive its database.
    private let database: Database

    init(_ sql: String, on database: Database) throws(SQLiteError) {
        var prepared: OpaquePointer?
        let status = sqlite3_prepare_v3(
            database.handle, sql, -1, CUnsignedInt(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard status == SQLITE_OK, let prepared else {
            throw SQLiteError(status, on: database.handle)
        }
        handle = prepared
        self.database = database
    }

    /// Has SQLite take a copy of what is bound.
    private static var copied: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    enum Value {
        case integer(Int64)
        case text(String)
        case blob([UInt8])
    }

    /// Whether there is a row.
    func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let status:
            let error = SQLiteError(status, on: database.handle)
            reset()
            throw error
        }
    }

    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    /// Binds values to the parameters in order, runs to the end, and resets.
    func run(
        _ values: Value?..., row: (Statement) -> Void = { _ in }
    ) throws(SQLiteError) {
        defer { reset() }
        for (index, value) in values.enumerated() {
            bind(value, at: CInt(index + 1))
        }
        while try step() { row(self) }
    }

    private func bind(_ value: Value?, at: CInt) {
        switch value {
        case .integer(let integer): sqlite3_bind_int64(handle, at, integer)
        case .text(let text): sqlite3_bind_text(handle, at, text, -1, Self.copied)
        case .blob(let bytes):
            sqlite3_bind_blob64(handle, at, bytes, UInt64(bytes.count), Self.copied)
        case nil: sqlite3_bind_null(handle, at)
        }
    }

    func integer(_ column: CInt) -> Int64 { sqlite3_column_int64(handle, column) }

    func isNull(_ column: CInt) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func text(_ column: CInt) -> String? {
        sqlite3_column_text(handle, column).map { String(cString: $0) }
    }

    func blob(_ column: CInt) -> [UInt8] {
        let count = Int(sqlite3_column_bytes(handle, column))
        guard count > 0, let start = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    deinit { sqlite3_finalize(handle) }
}
