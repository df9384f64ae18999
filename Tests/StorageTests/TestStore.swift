import Clock
import Foundation
import Relay

@testable import Storage

/// A store in a directory of its own, whose operations are waited for.
final class TestStore {
    let directory: URL
    var options: StoreOptions
    private(set) var state = StoredState()
    private var store: Store?
    private var replies = Replies()
    private var ticket: Ticket = 0

    final class Replies: @unchecked Sendable {
        private let condition = NSCondition()
        private var results: [Ticket: StoreResult] = [:]

        func add(_ replies: [StoreReply]) {
            condition.withLock {
                for reply in replies { results[reply.ticket] = reply.result }
                condition.broadcast()
            }
        }

        func wait(for ticket: Ticket) -> StoreResult? {
            condition.withLock {
                while results[ticket] == nil {
                    guard condition.wait(until: Date(timeIntervalSinceNow: 60)) else { return nil }
                }
                return results.removeValue(forKey: ticket)
            }
        }
    }

    init(at now: Timestamp = start) throws {
        directory = FileManager.default.temporaryDirectory.appending(
            path: "parley-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        options = StoreOptions(
            database: directory.appending(path: "relay.db").path,
            keyFile: directory.appending(path: "store-keys").path)
        try open(at: now)
    }

    deinit {
        store?.close()
        try? FileManager.default.removeItem(at: directory)
    }

    func open(at now: Timestamp = start) throws {
        let replies = Replies()
        self.replies = replies
        let opened = try Store.open(options, now: now) { replies.add($0) }
        store = opened.store
        state = opened.state
    }

    func close() {
        store?.close()
        store = nil
    }

    func perform(_ operation: StoreOperation) throws -> StoreResult? {
        ticket += 1
        store?.submit([(ticket, operation)])
        return replies.wait(for: ticket)
    }

    /// What the store said by itself.
    func aside() -> StoreResult? { replies.wait(for: 0) }

    /// Submits all at once, as a loop's turn does.
    func perform(_ operations: [StoreOperation]) -> [StoreResult?] {
        let first = ticket + 1
        ticket += UInt64(operations.count)
        store?.submit(operations.enumerated().map { (first + UInt64($0.offset), $0.element) })
        return (first...ticket).map { replies.wait(for: $0) }
    }

    func keep(
        _ text: String, for receiver: Int64 = 1, id: Int? = nil, at now: Timestamp = start
    ) throws -> StoreResult? {
        let key = MessageKey(high: 7, low: UInt64(id ?? text.hashValue & .max))
        return try perform(
            .keep(
                receiver: receiver, key: key, event: Array(text.utf8), remembers: id != nil,
                now: now))
    }

    func messages(for receiver: Int64 = 1, after row: Int64 = 0) throws -> [String] {
        guard
            case .messages(let messages, true) = try perform(
                .read(receiver: receiver, after: row, count: 1000, byteCount: 1 << 20))
        else { return ["?"] }
        return messages.map { String(decoding: $0.event, as: UTF8.self) }
    }

    /// The bytes of every file, the write-ahead log and the key file included.
    func allBytes(except name: String? = nil) throws -> [UInt8] {
        try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent != name }.flatMap { [UInt8](try Data(contentsOf: $0)) }
    }
}

let start = Timestamp(seconds: 1_800_000_000)

extension [UInt8] {
    func contains(_ text: String) -> Bool {
        Data(self).range(of: Data(text.utf8)) != nil
    }
}
