public import Clock
public import Envelopes
public import Platform
internal import Wire

/// The `ReplayLog` on disk, shared by all processes of the user.
///
/// A message is judged, then shown, and only then remembered, so that one which could not be shown
/// is not lost. In between it is claimed: another process that wants to judge it waits for what
/// becomes of it. Claims end with their process, so after a kill the message may be opened again.
public struct ReplayJournal: ~Copyable {
    public let path: String
    private let directory: StateDirectory
    private var file: RecordLog
    private var claims: Claims
    private var lock: FileLock?
    private var log: ReplayLog
    private let policy: ReplayPolicy
    /// Judged, and not yet in the file.
    private var pending: [ReplayRecord] = []
    private var recordCount = 0
    private var damagedCount = 0
    private var hasUnsynchronized = false

    private static let name = "replay"
    /// From so many records on, half of them too old, the file is written anew.
    private static let compactionCount = 4096
    /// The number of records at which it is seen how many of them are too old. Each look goes
    /// through all of them, so the next comes when there are half as many more.
    private var nextLookCount = Self.compactionCount

    /// - Throws: where the state directory cannot be made.
    public init(
        in state: StateDirectory = .state(), policy: ReplayPolicy
    ) throws(FileError) {
        try state.create()
        claims = try Claims(state.path(of: "\(Self.name).claims"))
        directory = state
        path = state.path(of: Self.name)
        file = RecordLog(path, recordByteCount: ReplayRecord.byteCount)
        log = ReplayLog(policy: policy)
        self.policy = policy
    }

    /// Judges messages, which count as opened once `remember()` was called.
    ///
    /// - Parameter claiming: whether other processes wait for what becomes of them. If not, ask
    ///   `confirm()` before they are shown.
    /// - Returns: a verdict for each, in order; where another process has claimed one, for those
    ///   before it, at least one.
    /// - Throws: `locked` where another process has claimed the first for too long.
    public mutating func judge(
        _ messages: ArraySlice<OpenedMessage>, at now: Timestamp, claiming: Bool = true
    ) throws(FileError) -> [Result<ReplayLog.Verdict, EnvelopeError>] {
        let records = messages.map { ReplayRecord($0) }
        let count = claiming ? try claim(records) : records.count
        try hold()
        defer { lock = nil }
        try readNewRecords()
        if try compactIfWorthwhile(at: now) { try readNewRecords() }
        var verdicts: [Result<ReplayLog.Verdict, EnvelopeError>] = []
        for (message, record) in zip(messages, records).prefix(count) {
            do throws(EnvelopeError) {
                verdicts.append(.success(try log.judge(message, record, at: now)))
                log.insert(record)
                pending.append(record)
            } catch { verdicts.append(.failure(error)) }
        }
        return verdicts
    }

    /// Whether none of what was judged and not claimed was remembered by another process. No other
    /// remembers anything until `remember()`.
    public mutating func confirm() throws(FileError) -> Bool {
        try hold()
        return Set(try readNewRecords()).isDisjoint(with: pending)
    }

    /// Puts into the file what was judged, and lets go of the claims.
    public mutating func remember() throws(FileError) {
        defer { claims.release() }
        guard !pending.isEmpty else {
            lock = nil
            return
        }
        try hold()
        defer { lock = nil }
        try readNewRecords()
        try file.append(pending.flatMap(\.encoded))
        recordCount += pending.count
        pending = []
        hasUnsynchronized = true
    }

    /// Makes what was remembered survive a loss of power. A crash of the program loses nothing.
    public mutating func synchronize() throws(FileError) {
        guard hasUnsynchronized else { return }
        try file.synchronize()
        hasUnsynchronized = false
    }

    /// How many records, at least in part, turned out to be damaged; each is told of once.
    public mutating func takeDamagedCount() -> Int {
        defer { damagedCount = 0 }
        return damagedCount
    }
}

extension ReplayJournal {
    /// Claims messages up to the first that another process has. Waits for one alone, with no claim
    /// held, so that two processes never wait for each other.
    private mutating func claim(_ records: [ReplayRecord]) throws(FileError) -> Int {
        for (index, record) in records.enumerated() where try !claims.take(record.number) {
            guard index == 0 else { return index }
            claims.release()
            try claims.wait(for: record.number)
            return 1
        }
        return records.count
    }

    private mutating func hold() throws(FileError) {
        if lock == nil { lock = try directory.lock("\(Self.name).lock") }
    }

    @discardableResult
    private mutating func readNewRecords() throws(FileError) -> [ReplayRecord] {
        let known = file.cutByteCount
        let bytes = try file.newRecords()
        if file.cutByteCount > known { damagedCount += 1 }
        var records: [ReplayRecord] = []
        for start in stride(from: 0, to: bytes.count, by: ReplayRecord.byteCount) {
            let end = start + ReplayRecord.byteCount
            if let record = try? ReplayRecord(decoding: Array(bytes[start..<end])) {
                log.insert(record)
                records.append(record)
            } else {
                damagedCount += 1
            }
        }
        recordCount += bytes.count / ReplayRecord.byteCount
        return records
    }

    /// Writes the file anew without what is too old or damaged; whether it did.
    private mutating func compactIfWorthwhile(at now: Timestamp) throws(FileError) -> Bool {
        let isLarge = recordCount >= nextLookCount
        guard isLarge || damagedCount > 0, pending.isEmpty else { return false }
        let live = log.live(at: now)
        guard damagedCount > 0 || live.count <= recordCount / 2 else {
            nextLookCount = recordCount + recordCount / 2
            return false
        }
        try directory.replace(Self.name, with: live.flatMap(\.encoded))
        log = ReplayLog(policy: policy)
        recordCount = 0
        nextLookCount = Self.compactionCount
        return true
    }
}
