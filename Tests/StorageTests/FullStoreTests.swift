import Clock
import Foundation
import Relay
import Testing

@testable import Storage

/// Rows that are to go and cannot be deleted yet, and rows that nobody can read.
struct FullStoreTests {
    private static let queues = StoreOperation.inspection(.queues(receivers: nil))

    private func executor(_ directory: URL) throws -> StoreExecutor {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        return try StoreExecutor(
            StoreOptions(
                database: directory.appending(path: "relay.db").path,
                keyFile: directory.appending(path: "store-keys").path))
    }

    private func count(_ executor: StoreExecutor) -> Int {
        guard
            case .inspection(.queues(let queues)) = executor.oneByOne([(1, Self.queues)])[0].result
        else { return -1 }
        return queues.reduce(0) { $0 + $1.count }
    }

    @Test func whatIsOwedIsSeenByNobody() throws {
        let directory = FileManager.default.temporaryDirectory.appending(
            path: "parley-full-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let executor = try executor(directory)
        var rows: [Int64] = []
        for number in 0..<10 {
            let keep = StoreOperation.keep(
                receiver: 1, key: MessageKey(high: 1, low: UInt64(number)), event: [1, 0, 2],
                remembers: true, now: start)
            if case .kept(let row) = executor.oneByOne([(1, keep)])[0].result { rows.append(row) }
        }
        let removal = executor.owe(.remove(receiver: 1, rows: Array(rows.prefix(4))))
        #expect(removal == Removal(receiver: 1, count: 4, byteCount: 12))
        #expect(executor.owe(.remove(receiver: 1, rows: rows))?.count == 6)
        #expect(count(executor) == 0)
        let read = StoreOperation.read(receiver: 1, after: 0, count: 9, byteCount: 1000)
        #expect(executor.oneByOne([(1, read)])[0].result == .messages([], isLast: true))
        // Nor is it removed twice.
        let again = StoreOperation.remove(receiver: 1, rows: rows)
        #expect(
            executor.oneByOne([(1, again)])[0].result
                == .removed([Removal(receiver: 1, count: 0, byteCount: 0)]))
        #expect(try executor.database.integer("SELECT count(*) FROM message") == 10)
        executor.payOwed()
        #expect(!executor.hasOwed)
        #expect(try executor.database.integer("SELECT count(*) FROM message") == 0)
    }

    @Test func aFullDatabaseWorksAgainOnceItsMessagesAreTaken() throws {
        let store = try TestStore()
        store.close()
        store.options.maximumPageCount = 400
        try store.open()
        var kept: [Int64] = []
        while case .kept(let row) = try store.keep(String(repeating: "m", count: 50_000)) {
            kept.append(row)
        }
        #expect(kept.count > 10)
        guard case .removed = try store.perform(.remove(receiver: 1, rows: kept)) else {
            Issue.record("nothing is removed")
            return
        }
        #expect(store.aside() == .recovered)
        guard case .kept = try store.keep("more") else {
            Issue.record("nothing is kept")
            return
        }
    }

    @Test func messagesWithoutKeysAreCountedAndTold() throws {
        let store = try TestStore()
        for text in ["a", "b", "c"] { _ = try store.keep(text) }
        store.close()
        try FileManager.default.removeItem(atPath: store.options.keyFile)
        #expect(
            try Store.unreadableCount(store.options.database, keyFile: store.options.keyFile) == 3)
        try store.open()
        #expect(store.state.unreadableCount == 3)
        #expect(try store.messages() == [])
        #expect(store.aside() == .lost(Removal(receiver: 1, count: 3, byteCount: 3)))
        #expect(try store.perform(Self.queues) == .inspection(.queues([])))
    }

    /// A transaction finds messages without keys and fails then: it is undone, and so is what it said.
    @Test func whatIsLostIsToldOnce() throws {
        let store = try TestStore()
        for text in ["a", "b", "c"] { _ = try store.keep(text) }
        store.close()
        try FileManager.default.removeItem(atPath: store.options.keyFile)
        let executor = try StoreExecutor(store.options)
        // Nothing is kept while there is trouble and no reserve.
        executor.noteTrouble()
        let read = StoreOperation.read(receiver: 1, after: 0, count: 9, byteCount: 1000)
        let keep = StoreOperation.keep(
            receiver: 1, key: MessageKey(high: 1, low: 1), event: [1], remembers: true, now: start)
        var replies: [StoreReply] = []
        executor.perform([(1, read), (2, keep)], thenFrom: WorkQueue()) { replies += $0 }
        let results = Dictionary(grouping: replies, by: \.ticket).mapValues { $0.map(\.result) }
        #expect(results[1] == [.messages([], isLast: true)])
        #expect(results[2] == [.failed(code: "storeFull")])
        #expect(results[0] == [.lost(Removal(receiver: 1, count: 3, byteCount: 3))])
    }

    @Test func linesOfTheLogAreCounted() throws {
        let store = try TestStore()
        _ = try store.perform(
            .audit(lines: Array("{}\n{}\n{}\n".utf8), count: 3, from: start, to: start))
        guard case .inspection(.stored(let kinds)) = try store.perform(.inspection(.stored)) else {
            Issue.record("no answer")
            return
        }
        #expect(kinds.first { $0.name == "audit" }?.count == 3)
    }

    @Test func aForeignDatabaseIsLeftAlone() throws {
        let store = try TestStore()
        store.close()
        let path = store.directory.appending(path: "foreign.db").path
        try Database(path).execute("CREATE TABLE account (x); INSERT INTO account VALUES (7)")
        let bytes = FileManager.default.contents(atPath: path)
        store.options.database = path
        #expect(throws: StorageError.foreign(path)) { try store.open() }
        #expect(FileManager.default.contents(atPath: path) == bytes)
        #expect(!FileManager.default.fileExists(atPath: path + ".lock"))
    }

    @Test func anOldDatabaseIsKnownByItsTables() throws {
        let store = try TestStore()
        _ = try store.keep("old")
        store.close()
        try Database(store.options.database).execute("PRAGMA application_id = 0")
        try store.open()
        #expect(try store.messages() == ["old"])
        store.close()
        #expect(
            try Database(store.options.database).integer("PRAGMA application_id")
                == Schema.applicationID)
    }

    @Test func aMigrationThatFailsIsUndone() throws {
        let store = try TestStore()
        store.close()
        let database = try Database(store.options.database)
        try database.execute(
            "DROP TABLE second_factor; DROP TABLE thread; PRAGMA user_version = 1")
        // The first step after this fails at a column that is there already.
        #expect(throws: StorageError.self) { try store.open() }
        #expect(try database.integer("PRAGMA user_version") == 1)
        #expect(
            try database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'second_factor'")
                == 0)
    }
}
