public import Clock
public import Envelopes
public import Platform
internal import Wire

/// The `ReplayLog` on disk, shared by all processes of the user.
public struct ReplayJournal: ~Copyable {
    private let directory: StateDirectory
    private var file: RecordLog
    private var log: ReplayLog
    private let policy: ReplayPolicy
    /// Judged, and not yet in the file.
    private var pending: [UInt8] = []
    private var recordCount = 0
    private var hasUnsynchronized = false

    private static let name = "replay"
    /// From so many records on, half of them too old, the file is written anew.
    private static let compactionCount = 4096

    /// - Throws: where the state directory cannot be made.
    public init(
        in state: StateDirectory = .state(), policy: ReplayPolicy
    ) throws(FileError) {
        directory = state
        self.policy = policy
        log = ReplayLog(policy: policy)
        try state.create()
        file = RecordLog(
            state.path(of: Self.name), recordByteCount: ReplayRecord.byteCount)
    }

    /// Judges messages and remembers them, as one step that no other process comes between.
    ///
    /// - Parameter durably: whether to put them into the file; if not, `remember()` does later.
    /// - Returns: a verdict for each, in order.
    public mutating func judge(
        _ messages: [OpenedMessage], at now: Timestamp, durably: Bool = true
    ) throws(FileError) -> [Result<ReplayLog.Verdict, EnvelopeError>] {
        let lock = try directory.lock("\(Self.name).lock")
        defer { withExtendedLifetime(lock) {} }
        try readNewRecords()
        var verdicts: [Result<ReplayLog.Verdict, EnvelopeError>] = []
        for message in messages {
            let record = ReplayRecord(message)
            do throws(EnvelopeError) {
                verdicts.append(.success(try log.judge(message, record, at: now)))
                log.insert(record)
                pending += record.encoded
            } catch { verdicts.append(.failure(error)) }
        }
        if durably { try appendPending() }
        try compactIfWorthwhile(at: now)
        return verdicts
    }

    /// Puts into the file what was judged but not durably.
    public mutating func remember() throws(FileError) {
        let lock = try directory.lock("\(Self.name).lock")
        defer { withExtendedLifetime(lock) {} }
        try readNewRecords()
        try appendPending()
    }

    private mutating func appendPending() throws(FileError) {
        guard !pending.isEmpty else { return }
        try file.append(pending)
        recordCount += pending.count / ReplayRecord.byteCount
        pending = []
        hasUnsynchronized = true
    }

    /// Makes what was remembered survive a loss of power. A crash of the program loses nothing.
    public mutating func synchronize() throws(FileError) {
        guard hasUnsynchronized else { return }
        try file.synchronize()
        hasUnsynchronized = false
    }

    private mutating func readNewRecords() throws(FileError) {
        let bytes = try file.newRecords()
        for start in stride(from: 0, to: bytes.count, by: ReplayRecord.byteCount) {
            let end = start + ReplayRecord.byteCount
            guard let record = try? ReplayRecord(decoding: Array(bytes[start..<end])) else {
                continue
            }
            log.insert(record)
        }
        recordCount += bytes.count / ReplayRecord.byteCount
    }

    private mutating func compactIfWorthwhile(at now: Timestamp) throws(FileError) {
        guard recordCount >= Self.compactionCount, pending.isEmpty else { return }
        let live = log.live(at: now)
        guard live.count <= recordCount / 2 else { return }
        try directory.replace(Self.name, with: live.flatMap(\.encoded))
        log = ReplayLog(policy: policy)
        recordCount = 0
    }
}
