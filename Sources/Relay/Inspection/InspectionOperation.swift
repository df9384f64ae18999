public import Clock

/// What operators ask of the store.
public enum InspectionOperation: Sendable {
    /// What waits for these receivers, or with nil for everybody.
    case queues(receivers: [Int64]?)
    /// Forgets what waits for these receivers, or with nil for everybody, if it was kept before a
    /// time.
    case purge(receivers: [Int64]?, before: Timestamp?)
    /// How much there is of each kind.
    case stored
    /// Pages of the audit log after one, whose last line is not older.
    case auditPages(after: Int64, since: Timestamp)
}

public enum InspectionResult: Equatable, Sendable {
    case queues([KeptQueue])
    case stored([StoredKind])
    case auditPages([StoredAuditPage])
}

/// How much the database holds of one kind.
public struct StoredKind: Equatable, Sendable {
    /// The table's name.
    public let name: String
    public let count: Int
    public let byteCount: Int
    /// Nil where rows of this kind have no time.
    public let oldest: Timestamp?
    public let newest: Timestamp?

    public init(
        name: String, count: Int, byteCount: Int, oldest: Timestamp?, newest: Timestamp?
    ) {
        self.name = name
        self.count = count
        self.byteCount = byteCount
        self.oldest = oldest
        self.newest = newest
    }
}

/// Lines of the audit log that were stored together.
public struct StoredAuditPage: Equatable, Sendable {
    public let number: Int64
    public let lines: [UInt8]

    public init(number: Int64, lines: [UInt8]) {
        self.number = number
        self.lines = lines
    }
}

/// What waits for one receiver.
public struct KeptQueue: Equatable, Sendable {
    public let receiver: Int64
    public let count: Int
    public let byteCount: Int
    /// When the first and the last of the messages were kept.
    public let oldest: Timestamp
    public let newest: Timestamp

    public init(
        receiver: Int64, count: Int, byteCount: Int, oldest: Timestamp, newest: Timestamp
    ) {
        self.receiver = receiver
        self.count = count
        self.byteCount = byteCount
        self.oldest = oldest
        self.newest = newest
    }
}
