public import Clock

/// How a call stands, as the call log says it.
public enum CallStatus: String, Sendable {
    /// It rings.
    case initiated
    case accepted
    case rejected
    /// One of the two ended it.
    case completed
    /// Nobody took it.
    case missed
    /// One of the two, or the relay, went away while it lasted.
    case dropped
}

/// A line of the call log.
public struct CallRecord: Equatable, Sendable {
    /// Rises with time, and is not the number of calls there were.
    public let id: Int64
    /// The numbers of the accounts.
    public let caller: Int64
    public let receiver: Int64
    /// `voice` or `video`, or `unknown` where the caller did not say.
    public let type: String
    public var status: CallStatus
    /// Seconds; nil until the call has ended.
    public var duration: Int64?
    public let startedAt: Timestamp
    public var endedAt: Timestamp?

    public init(
        id: Int64, caller: Int64, receiver: Int64, type: String, status: CallStatus,
        duration: Int64?, startedAt: Timestamp, endedAt: Timestamp?
    ) {
        self.id = id
        self.caller = caller
        self.receiver = receiver
        self.type = type
        self.status = status
        self.duration = duration
        self.startedAt = startedAt
        self.endedAt = endedAt
    }

    /// The lowest id of a call that began at a time or later.
    public static func lowestID(at time: Timestamp) -> Int64 {
        max(0, min(time.milliseconds, highestMilliseconds)) << randomBitCount
    }

    /// Below the time an id has so many bits that are random.
    static let randomBitCount: Int64 = 20
    private static let highestMilliseconds: Int64 = 1 << 42
}

/// What the relay asks of the store about calls.
public enum CallOperation: Sendable {
    /// Adds a line of the log, or changes the one with its id.
    case put(CallRecord)
    /// The newest calls of an account, older than the one with the id `before`.
    case list(account: Int64, before: Int64?, count: Int)
}

public enum CallResult: Equatable, Sendable {
    /// The newest first.
    case list([CallRecord])
}
