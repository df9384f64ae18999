public import Clock

/// What operators ask of the store.
public enum InspectionOperation: Sendable {
    /// What waits for each receiver, or for one.
    case queues(receiver: Int64?)
    /// Forgets what waits for a receiver, or for everybody, if it was kept before a time.
    case purge(receiver: Int64?, before: Timestamp?)
}

public enum InspectionResult: Equatable, Sendable {
    case queues([KeptQueue])
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
