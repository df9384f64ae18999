public import Clock
internal import Crypto
internal import Glibc
internal import Platform
public import Relay

/// Where the relay keeps what must survive it, and for how long.
public struct StoreOptions: Sendable {
    public var database: String
    public var keyFile: String
    /// The file with the key that second factors are sealed under. It is made with the first of
    /// them, and never expires: by default `account-keys` beside the database.
    public var accountKeyFile: String
    /// How long an undelivered message is kept.
    public var retention = Duration.seconds(6 * 3600)
    /// How long the messages of threads can be asked for; those of groups can be for as long, or for
    /// the retention where that is longer.
    public var history = Duration.zero
    var groupHistory: Duration { max(history, retention) }
    /// How long the audit log goes back.
    public var logRetention = Duration.seconds(30 * 86_400)
    /// Whether opening it forgets what is too old. Whoever opens it without knowing for how long
    /// the relay keeps things must leave that alone.
    public var forgetsOnOpen = true
    /// The most pages of 4 KiB that the database may grow to; 0 for as many as the disk holds.
    public var maximumPageCount = 0

    public init(database: String, keyFile: String) {
        self.database = database
        self.keyFile = keyFile
        let directory = database.lastIndex(of: "/").map { database[...$0] } ?? ""
        accountKeyFile = directory + "account-keys"
    }
}

/// One operation's result, under the ticket that it was asked for with.
public struct StoreReply: Sendable {
    public let ticket: Ticket
    public let result: StoreResult
}

/// The embedded database, on a thread of its own.
///
/// Operations are carried out in the order they were submitted, many in one transaction, and
/// replies are delivered once it is committed to the disk. A transaction ends when nothing more
/// waits, so a lone operation waits for nobody, and under load one fsync serves hundreds.
public final class Store {
    private let queue = WorkQueue<(Ticket, StoreOperation)>()
    private let thread: Thread
    private let checkpointer: Checkpointer
    /// What was counted since the store was opened; any thread may read it.
    public let statistics: StoreStatistics
    // Held for as long as the store is open.
    private let lock: FileLock

    /// How often a store that failed looks whether it works again.
    private static let retryInterval = Duration.seconds(1)

    /// Looks whether there is a database, or may be one, and changes nothing: so that a name that was
    /// given by mistake leaves no traces beside the file that it is of.
    ///
    /// - Parameter mustExist: whether it is an error that there is none.
    public static func check(_ path: String, mustExist: Bool = false) throws(StorageError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if mustExist { throw .notThere(path) }
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .cannotOpen(path, reason: "it is not a file")
        }
        guard status.st_size > 0 else { return }
        let descriptor = FileDescriptor(owning: Glibc.open(path, O_RDONLY | O_CLOEXEC))
        guard descriptor.number >= 0 else {
            throw .cannotOpen(path, reason: String(cString: strerror(errno)))
        }
        // What every file of SQLite begins with, its zero byte left out.
        let magic = Array("SQLite format 3".utf8)
        var start = [UInt8](repeating: 0, count: magic.count)
        guard read(descriptor.number, &start, start.count) == start.count, start == magic else {
            throw .corrupt(path, detail: "file is not a database")
        }
        let isOwn: Bool
        do throws(SQLiteError) {
            isOwn = try Schema.isOwn(Database(path, isReadOnly: true))
        } catch { throw error.opening(path) }
        guard isOwn else { throw .foreign(path) }
    }

    /// Whether there is a file without anything in it, which counts as a new database.
    public static func isEmpty(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_size == 0
    }

    /// Opens the database, makes it if it is not there, and checks it.
    ///
    /// - Parameters:
    ///   - deliver: takes the replies of each transaction, on the store's thread.
    public static func open(
        _ options: StoreOptions, now: Timestamp,
        deliver: @escaping @Sendable ([StoreReply]) -> Void
    ) throws(StorageError) -> (store: Store, state: StoredState) {
        try check(options.database)
        let lock: FileLock
        do throws(FileError) {
            lock = try FileLock(options.database + ".lock", timeout: .zero)
        } catch {
            if case .locked = error { throw .inUse(options.database) }
            throw .cannotOpen(options.database, reason: error.message)
        }
        let executor = try StoreExecutor(options)
        let state = try executor.loadState(now: now)
        do throws(SystemError) {
            return (try Store(executor, options, lock, deliver), state)
        } catch { throw .cannotOpen(options.database, reason: error.message) }
    }

    private init(
        _ executor: StoreExecutor, _ options: StoreOptions, _ lock: consuming FileLock,
        _ deliver: @escaping @Sendable ([StoreReply]) -> Void
    ) throws(SystemError) {
        self.lock = lock
        statistics = executor.statistics
        checkpointer = try Checkpointer(options.database)
        let queue = queue
        let checkpoints = checkpointer.requests
        let retryInterval = Self.retryInterval
        executor.reserve.hold()
        if !executor.reserve.isHeld { executor.noteTrouble() }
        let box = UncheckedBox(executor)
        // The loop, which all clients wait for, goes first.
        thread = try Thread("store", niceness: 5) {
            while let first = queue.takeAll(within: box.value.trouble.map { _ in retryInterval }) {
                if first.isEmpty {
                    box.value.settle(deliver)
                } else {
                    box.value.perform(first, thenFrom: queue, deliver: deliver)
                }
                if box.value.wantsCheckpoint { checkpoints.add([()]) }
            }
        }
    }

    public func submit(_ operations: [(Ticket, StoreOperation)]) {
        if !operations.isEmpty { queue.add(operations) }
    }

    /// Commits what was submitted, delivers its replies, and closes the database.
    public func close() {
        queue.close()
        thread.join()
        checkpointer.close()
    }
}

/// A value that one thread hands to another and touches no more.
struct UncheckedBox<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

/// Moves what was committed from the write-ahead log into the database, on a thread and a
/// connection of its own, so that no transaction waits for it.
final class Checkpointer {
    let requests = WorkQueue<Void>(limit: 1)
    private let thread: Thread

    init(_ path: String) throws(SystemError) {
        let requests = requests
        thread = try Thread("checkpoints", niceness: 10) {
            guard let database = try? Database(path) else { return }
            while requests.takeOne() != nil {
                try? database.execute("PRAGMA wal_checkpoint(PASSIVE)")
            }
        }
    }

    func close() {
        requests.close()
        thread.join()
    }
}
