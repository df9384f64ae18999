internal import Clock
internal import Crypto
internal import HTTPClient
internal import Platform

/// What a message is known by: a hash of its sender and its id.
struct MessageKey: Hashable {
    static let byteCount = 16

    private let high: UInt64
    private let low: UInt64

    init(sender: String, id: String) {
        let hash = SHA256.hash(Array(sender.utf8) + [0] + Array(id.utf8))
        self.init(hash[..<Self.byteCount])
    }

    /// - Precondition: 16 bytes.
    init(_ bytes: ArraySlice<UInt8>) {
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    var bytes: [UInt8] {
        [high, low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - $0 * 8)) }
        }
    }

    /// 32 lower-case hexadecimal digits.
    var text: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

/// The messages that this user has got, so that one that the relay sends again is not got twice.
///
/// One process has it open at a time.
struct ReceivedLog: ~Copyable {
    /// How long a message is remembered. The relay forgets undelivered ones after 6 hours, unless
    /// its operator chose a longer time.
    static let memory = Duration.seconds(7 * 86_400)
    /// The file is made smaller when at least so many of its records are out of date.
    private static let compactionCount = 4096
    private static let recordByteCount = MessageKey.byteCount + 8
    /// In place of a time: the message was not got after all.
    private static let revoked: UInt64 = 0

    private var log: RecordLog
    private var known: Set<MessageKey> = []
    private var lock: FileLock?
    private let directory: StateDirectory
    private let name: String
    private var inboxNote: String { name + ".inbox" }

    /// The log of an account, which is still to be opened.
    init(of account: Account, at relay: RelayAddress, in state: StateDirectory) {
        directory = state.subdirectory("recvmsg")
        // The user's id is the relay's to choose, so it is no part of a path.
        name = "\(relay.fileName)-\(MessageKey(sender: account.userID, id: "").text)"
        log = RecordLog(
            directory.path(of: name + ".log"), recordByteCount: Self.recordByteCount)
    }

    /// Reads what it holds, and keeps other processes from it.
    ///
    /// - Throws: `locked` while another process has it.
    mutating func open(now: Timestamp) throws(FileError) {
        lock = try directory.lock(name + ".lock", timeout: .zero)
        let records = Records(try log.newRecords(), now: now)
        if records.isWorthCompacting {
            try directory.replace(name + ".log", with: records.kept)
            _ = try log.newRecords()
        }
        known = Set(records.times.keys)
    }

    /// What a log holds when it is opened.
    private struct Records {
        /// When each message that is not out of date came, in milliseconds.
        private(set) var times: [MessageKey: UInt64] = [:]
        private var outdatedCount = 0

        /// The records of those.
        var kept: [UInt8] { times.flatMap { record($0.key, $0.value) } }

        init(_ bytes: [UInt8], now: Timestamp) {
            for start in stride(from: 0, to: bytes.count, by: recordByteCount) {
                let record = bytes[start..<start + recordByteCount]
                let key = MessageKey(record.prefix(MessageKey.byteCount))
                let milliseconds = record.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                if milliseconds == revoked {
                    outdatedCount += times.removeValue(forKey: key) == nil ? 1 : 2
                } else if now - Timestamp(milliseconds: Int64(clamping: milliseconds)) > memory {
                    outdatedCount += 1
                } else {
                    times[key] = milliseconds
                }
            }
        }

        var isWorthCompacting: Bool {
            outdatedCount >= compactionCount && outdatedCount * 2 >= times.count
        }
    }

    func contains(_ key: MessageKey) -> Bool { known.contains(key) }

    /// Adds a message. It survives the end of the process from here on, and a crash of the machine
    /// from `synchronize` on.
    mutating func record(_ keys: [MessageKey], at now: Timestamp) throws(FileError) {
        var bytes: [UInt8] = []
        let milliseconds = UInt64(clamping: now.milliseconds)
        for key in keys where known.insert(key).inserted {
            bytes += Self.record(key, milliseconds)
        }
        if !bytes.isEmpty { try log.append(bytes) }
    }

    /// Takes back that messages were got, so that they are got when the relay sends them again.
    mutating func revoke(_ keys: [MessageKey]) throws(FileError) {
        try log.append(keys.flatMap { Self.record($0, Self.revoked) })
        try log.synchronize()
        known.subtract(keys)
    }

    private static func record(_ key: MessageKey, _ milliseconds: UInt64) -> [UInt8] {
        key.bytes
            + (0..<8).map { UInt8(truncatingIfNeeded: milliseconds >> UInt64(56 - $0 * 8)) }
    }

    func synchronize() throws(FileError) { try log.synchronize() }

    // MARK: The inbox

    /// A path is no longer than this, PATH_MAX.
    private static let pathLimit = 4096

    /// The inbox that was used last, where recorded messages may wait to be published.
    func lastInbox() throws(FileError) -> String? {
        try directory.read(inboxNote, limit: Self.pathLimit).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Says so of an inbox, before the first message in it is recorded; nil for none.
    func setLastInbox(_ path: String?) throws(FileError) {
        guard let path else { return try directory.remove(inboxNote) }
        try directory.replace(inboxNote, with: Array(path.utf8))
    }
}
