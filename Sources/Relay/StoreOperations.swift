public import Clock

/// Sixteen bytes that stand for one message from one sender to one receiver: a digest of both and
/// the message id, so that the same id can be told without being kept.
public struct MessageKey: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public var bytes: [UInt8] {
        [high, low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
    }

    /// - Precondition: there are 16 bytes.
    public init(_ bytes: some Collection<UInt8>) {
        precondition(bytes.count == 16)
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// A message that waits for its receiver.
public struct KeptMessage: Equatable, Sendable {
    /// Its place in the store; rises with time.
    public let row: Int64
    public let key: MessageKey
    /// The event as it is to be emitted.
    public let event: [UInt8]

    public init(row: Int64, key: MessageKey, event: [UInt8]) {
        self.row = row
        self.key = key
        self.event = event
    }
}

/// A refresh token, of which the store knows a digest only.
public struct RefreshToken: Equatable, Sendable {
    /// SHA-256 of the token.
    public let digest: [UInt8]
    /// The login that it belongs to.
    public let session: String
    public let account: Int64
    public let expiresAt: Timestamp

    public init(digest: [UInt8], session: String, account: Int64, expiresAt: Timestamp) {
        self.digest = digest
        self.session = session
        self.account = account
        self.expiresAt = expiresAt
    }
}

/// What the relay asks of the store. Operations take effect in the order they are given, and
/// each result is reported once it is committed.
public enum StoreOperation: Sendable {
    case addAccount(Account, passwordHash: String?)
    case passwordHash(account: Int64)
    case setPasswordHash(account: Int64, String)
    case addRefreshToken(RefreshToken)
    /// Takes a refresh token back and gives `next` out in its place. Within `grace` of its use, one
    /// whose successor was not used may be used once more.
    case rotateRefreshToken(
        digest: [UInt8], next: [UInt8], expiresAt: Timestamp, now: Timestamp,
        grace: Duration = .zero)
    /// Ends a login, or a single token where it has no login: its refresh tokens die, and the
    /// name is remembered until its last token has expired.
    case revoke(session: String, until: Timestamp)
    /// Keeps a message for its receiver, once: a key that is known already is not kept again.
    /// With `remembers`, the key outlives the message.
    case keep(receiver: Int64, key: MessageKey, event: [UInt8], remembers: Bool, now: Timestamp)
    /// The receiver's next messages after a row.
    case read(receiver: Int64, after: Int64, count: Int, byteCount: Int)
    case remove(receiver: Int64, rows: [Int64])
    /// Removes a message that the receiver had on an earlier connection.
    case removeByKey(receiver: Int64, key: MessageKey)
    case calls(CallOperation)
    /// Lines for the audit log: JSON objects, a line each.
    case audit(lines: [UInt8], count: Int, from: Timestamp, to: Timestamp)
    /// What operators ask for.
    case inspection(InspectionOperation)
    case accounts(AccountOperation)
    /// Removes what is older than it may be.
    case cleanUp(now: Timestamp)
    case mail(Mail)
    case history(HistoryOperation)
    case groups(GroupOperation)
    case devices(DeviceOperation)
}

extension StoreOperation {
    /// The bytes that it keeps, without what is kept along with them.
    public var byteCount: Int {
        switch self {
        case .keep(_, _, let event, _, _): event.count
        case .mail(let mail): mail.event.count * mail.items.count + (mail.entry?.content.count ?? 0)
        case .audit(let lines, _, _, _): lines.count
        default: 0
        }
    }
}

public enum StoreResult: Equatable, Sendable {
    case done
    /// Somebody has this id or e-mail address already.
    case accountExists
    case passwordHash(String?)
    case rotated(account: Int64, session: String)
    /// The refresh token was used before: its whole login is dead from now on.
    case reused(account: Int64, session: String)
    case unknownToken
    case kept(row: Int64)
    /// This message was kept before, and its receiver has it or it waits still.
    case duplicate(isDelivered: Bool)
    /// Messages in order; `isLast` where there were no more when they were read.
    case messages([KeptMessage], isLast: Bool)
    case removed([Removal])
    case inspection(InspectionResult)
    case calls(CallResult)
    case accounts(AccountResult)
    case mail(MailResult)
    case history(HistoryResult)
    case groups(GroupResult)
    case devices(DeviceResult)
    /// Messages that nobody can read any more, since their key is gone: they are dropped.
    case lost(Removal)
    /// Reported by itself: the store, which failed, has room again and owes nothing.
    case recovered
    /// Nothing was changed; the code is a stable word such as `storeFull`.
    case failed(code: String)
}

/// How much less is kept for a receiver.
public struct Removal: Equatable, Sendable {
    public let receiver: Int64
    public let count: Int
    public let byteCount: Int

    public init(receiver: Int64, count: Int, byteCount: Int) {
        self.receiver = receiver
        self.count = count
        self.byteCount = byteCount
    }
}

/// What the store holds when the relay starts.
public struct StoredState: Sendable {
    public var accounts: [Account] = []
    /// Numbers of accounts that are disabled.
    public var disabled: [Int64] = []
    /// When those who are, or were, disabled last were, by number.
    public var tokensEnded: [Int64: Timestamp] = [:]
    /// Ids of accounts that were removed, which nobody gets again.
    public var removed: [String] = []
    /// The highest number that an account has or had.
    public var lastAccount: Int64 = 0
    /// Accounts whose imported hashes were not replaced yet.
    public var importedHashCount = 0
    /// Ended logins, by name, with the time when their last token has expired.
    public var revoked: [String: Timestamp] = [:]
    /// What is kept for each receiver.
    public var kept: [Removal] = []
    /// How many of these messages cannot be read: the keys of their hours are gone.
    public var unreadableCount = 0
    public var groups: [StoredGroup] = []
    public var threads: [StoredThread] = []
    public var devices: [StoredDevice] = []

    public init() {}
}
