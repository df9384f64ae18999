internal import CSQLite
internal import Clock
internal import Crypto
internal import Glibc
internal import Platform
internal import Relay

/// Carries operations out on the database. It belongs to the store's thread once that runs.
final class StoreExecutor {
    let database: Database
    let statements: Statements
    let keys: StoreKeys
    /// Opened when it is first wanted.
    var accountKeys: StoreKeys?
    let options: StoreOptions
    let statistics = StoreStatistics()
    /// Statements that are off the way of a message, by their text, prepared when first used.
    private var prepared: [String: Statement] = [:]
    /// Whether something was erased since the log was last cut off.
    var hasErased = false
    private var lastErasure: Instant?
    let reserve: Reserve
    /// Since the store failed, until it works again.
    var trouble: Trouble?
    /// Whether rows wait to be deleted.
    var hasOwed = false
    var lastShrinkFailure: Instant?
    /// What the relay is told besides the results, once what it is of is committed.
    var asides: [StoreResult] = []
    /// The id of the next message: ids rise though rows are removed.
    var nextMessage: Int64 = 1

    /// A transaction takes no more operations than this, and no more after this time.
    private static let operationsPerTransaction = 256
    private static let transactionTime = Duration.milliseconds(5)
    /// Pages in the write-ahead log after which it is to be moved into the database, where the
    /// disk is large.
    private static let checkpointPageCount = 64...1000
    /// The part of what is left of a disk that the log may have before.
    private static let logShare = 16
    /// How many times as long the log may become while the other thread moves it.
    private static let logExcess: Int32 = 8
    private static let pageByteCount = 4096
    private let checkpointPageCount: Int32

    /// The log is cut off for what was erased no more often than this.
    private static let erasureInterval = Duration.seconds(1)

    init(_ options: StoreOptions) throws(StorageError) {
        self.options = options
        let path = options.database
        // SQLite makes its files with the mode of this one.
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen(path, reason: String(cString: strerror(errno)))
        }
        Glibc.close(descriptor)
        // What a relay that was killed left behind goes before the room is measured.
        unlink(path + Self.reserveSuffix)
        let pageCount = availableByteCount(beside: path) / Self.logShare / Self.pageByteCount
        let range = Self.checkpointPageCount
        checkpointPageCount = Int32(min(max(pageCount, range.lowerBound), range.upperBound))
        // Enough for the database to take in the log with one transaction more, and for the pages
        // that deletions change.
        reserve = Reserve(
            path + Self.reserveSuffix,
            byteCount: (2 * Int(checkpointPageCount) + range.lowerBound) * Self.pageByteCount)
        do throws(SQLiteError) {
            database = try Database(path)
            try Self.configure(
                database, options, logByteCount: Int(checkpointPageCount) * Self.pageByteCount)
            if let found = try Schema.migrate(database) {
                throw SQLiteError.newer(found)
            }
            statements = try Statements(database)
            nextMessage = try Self.lastNumber(in: database) + 1
        } catch { throw error.opening(path) }
        keys = try StoreKeys(options.keyFile)
    }

    /// The reserve's file is the database's with this.
    private static let reserveSuffix = ".reserve"

    func statement(_ sql: String) throws(SQLiteError) -> Statement {
        if let statement = prepared[sql] { return statement }
        let statement = try database.prepare(sql)
        prepared[sql] = statement
        return statement
    }

    /// The highest number of a message that is there or remembered. None is used twice, or who says
    /// again that he has an old message would take a new one away.
    private static func lastNumber(in database: Database) throws(SQLiteError) -> Int64 {
        try database.integer(
            "SELECT max(ifnull(max(id), 0), (SELECT ifnull(max(message), 0) FROM seen)) FROM message"
        ) ?? 0
    }

    private static func configure(
        _ database: Database, _ options: StoreOptions, logByteCount: Int
    ) throws(SQLiteError) {
        try database.execute(
            """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
            PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST;
            PRAGMA journal_size_limit = \(logByteCount); \(owedTable)
            """)
        if options.maximumPageCount > 0 {
            try database.execute("PRAGMA max_page_count = \(options.maximumPageCount)")
        }
        try database.check()
    }

    // MARK: Transactions

    var wantsCheckpoint: Bool { walPageCount >= checkpointPageCount }
    private var walPageCount: Int32 = 0

    /// Carries out `first` and what comes to `queue` meanwhile, in one transaction or several.
    func perform(
        _ first: [(Ticket, StoreOperation)], thenFrom queue: WorkQueue<(Ticket, StoreOperation)>,
        deliver: ([StoreReply]) -> Void
    ) {
        var waiting = first[...]
        while !waiting.isEmpty {
            let start = MonotonicClock().now
            var batch: [(Ticket, StoreOperation)] = []
            var byteCount = 0
            var replies: [StoreReply] = []
            asides = []
            let error = transact {
                () throws(SQLiteError) in
                while let (ticket, operation) = waiting.popFirst() {
                    batch.append((ticket, operation))
                    byteCount += operation.byteCount
                    replies.append(StoreReply(ticket: ticket, result: try perform(operation)))
                    guard batch.count < Self.operationsPerTransaction,
                        byteCount < Int(checkpointPageCount) * Self.pageByteCount,
                        MonotonicClock().now - start < Self.transactionTime
                    else { return }
                    if waiting.isEmpty { waiting = queue.takeWaiting()[...] }
                }
            }
            let time = MonotonicClock().now - start
            statistics.note(
                batch.count, microseconds: UInt64(clamping: time.microseconds),
                failed: error != nil)
            if error == nil, trouble != nil, !hasOwed, reserve.isHeld,
                batch.contains(where: \.1.adds)
            {
                trouble = nil
                asides.append(.recovered)
            }
            deliver((error == nil ? replies : oneByOne(batch)) + takeAsides())
            boundLog()
        }
        settle(deliver)
    }

    /// After each batch, and while the store is in trouble every second.
    func settle(_ deliver: ([StoreReply]) -> Void) {
        if trouble == nil { payOwed() }
        if recover() { deliver([StoreReply(ticket: 0, result: .recovered)]) }
        cutOffLog()
        boundLog()
    }

    /// Moves the log into the database here and now, where the other thread is too slow for it.
    ///
    /// On a disk that is nearly full the log may not outgrow what is held back: the database could
    /// not take it in any more, and would stay full for good.
    private func boundLog() {
        noteLogSize()
        guard wantsCheckpoint else { return }
        let isFarBehind = walPageCount >= checkpointPageCount * Self.logExcess
        guard isFarBehind || isDiskScarce else { return }
        if makesRoom(waiting: isDiskScarce) { noteLogSize() }
    }

    private func takeAsides() -> [StoreReply] {
        defer { asides = [] }
        return asides.map { StoreReply(ticket: 0, result: $0) }
    }

    /// A transaction failed: each operation gets one of its own, so that only those fail that must.
    func oneByOne(_ batch: [(Ticket, StoreOperation)]) -> [StoreReply] {
        // What was said within it is undone, too.
        asides = []
        return batch.map { ticket, operation in
            StoreReply(ticket: ticket, result: alone(operation))
        }
    }

    private func alone(_ operation: StoreOperation) -> StoreResult {
        var result = StoreResult.done
        let asides = asides
        let attempt = { [self] in
            self.asides = asides
            return transact { () throws(SQLiteError) in result = try perform(operation) }
        }
        var error = attempt()
        if let first = error, first.wantsRoom {
            if makesRoom() { error = attempt() }
            if error != nil, !operation.adds { withReserve { error = attempt() } }
        }
        guard let error else { return result }
        noteTrouble()
        self.asides = asides
        if let removal = owe(operation) { self.asides.append(.removed([removal])) }
        return .failed(code: error.word)
    }

    /// - Returns: why nothing was changed, if so.
    func transact(_ body: () throws(SQLiteError) -> Void) -> SQLiteError? {
        do throws(SQLiteError) {
            try database.execute("BEGIN IMMEDIATE")
            try body()
            try database.execute("COMMIT")
            return nil
        } catch {
            if database.isInTransaction { try? database.execute("ROLLBACK") }
            return error
        }
    }

    /// Changes rows whose old contents shall be nowhere afterwards: in no page that becomes free by
    /// it, and not in the log.
    ///
    /// For all else only what leaves a page in use is overwritten: deleting the messages of a
    /// backlog would take twice as long.
    func erasing(_ body: () throws(SQLiteError) -> Void) throws(SQLiteError) {
        let count = database.totalChangeCount
        try database.execute("PRAGMA secure_delete = ON")
        defer {
            try? database.execute("PRAGMA secure_delete = FAST")
            if database.totalChangeCount != count { hasErased = true }
        }
        try body()
    }

    /// What was erased is overwritten in the database by the next checkpoint, but the log still has
    /// the old pages until it is cut off. Where somebody reads the database just now it waits for
    /// another transaction.
    private func cutOffLog() {
        let now = MonotonicClock().now
        guard hasErased, lastErasure.map({ now - $0 >= Self.erasureInterval }) ?? true else {
            return
        }
        lastErasure = now
        hasErased = !shrinkLog()
    }

    private func noteLogSize() {
        var status = stat()
        let size = stat(options.database + "-wal", &status) == 0 ? Int(status.st_size) : 0
        walPageCount = Int32(clamping: size / Self.pageByteCount)
    }
}

extension SQLiteError {
    /// - Parameter findings: what a check found, a line each. SQLite puts a title before them that
    ///   says in which database.
    init(corrupt findings: String) {
        let first = findings.split(separator: "\n").first { !$0.hasPrefix("*** in database ") }
        self.init(code: SQLITE_CORRUPT, message: first.map { String($0) } ?? findings)
    }

    init(keyFile reason: String) { self.init(code: SQLITE_IOERR, message: reason) }

    /// Whether it may succeed when there is more room on the disk.
    var wantsRoom: Bool { code == SQLITE_FULL || code == SQLITE_IOERR }

    static var full: SQLiteError { SQLiteError(SQLITE_FULL, on: nil) }

    static func newer(_ version: Int64) -> SQLiteError {
        SQLiteError(code: newerCode, message: String(version))
    }

    /// A code that SQLite does not use.
    private static let newerCode: CInt = -2

    private init(code: CInt, message: String) {
        self.code = code
        self.message = message
    }

    func opening(_ path: String) -> StorageError {
        switch code {
        case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt(path, detail: message)
        case Self.newerCode:
            .newerSchema(path, found: Int64(message) ?? 0, known: Schema.version)
        default: .cannotOpen(path, reason: message)
        }
    }
}
