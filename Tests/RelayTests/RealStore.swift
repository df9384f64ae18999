import Clock
import Foundation

@testable import Relay
@testable import Storage

/// The database itself, without its thread, in a directory of its own.
final class RealStore {
    let directory: URL
    let executor: StoreExecutor

    init(history: Duration = .zero) throws {
        let shared = URL(filePath: "/dev/shm")
        let isThere = FileManager.default.isWritableFile(atPath: shared.path)
        directory = (isThere ? shared : FileManager.default.temporaryDirectory)
            .appending(path: "parley-relay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        var options = StoreOptions(
            database: directory.appending(path: "relay.db").path,
            keyFile: directory.appending(path: "store-keys").path)
        options.history = history
        executor = try StoreExecutor(options)
    }

    func perform(_ operation: StoreOperation) -> StoreResult {
        executor.oneByOne([(0, operation)])[0].result
    }

    func state(_ now: Timestamp) throws -> StoredState { try executor.loadState(now: now) }

    deinit { try? FileManager.default.removeItem(at: directory) }
}

extension TestRelay {
    /// A relay with a database in place of the model.
    convenience init(history: Duration, limits: Relay.Limits = Relay.Limits()) throws {
        var limits = limits
        limits.history = history
        try self.init(limits: limits)
        realStore = try RealStore(history: history)
    }
}
