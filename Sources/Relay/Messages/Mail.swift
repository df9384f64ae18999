public import Clock

/// One event for several mailboxes, which is kept in each of them or in none, together with what
/// else belongs to it.
public struct Mail: Sendable {
    /// One mailbox, and the key under which the event is known there.
    public struct Item: Equatable, Sendable {
        public let mailbox: Int64
        public let key: MessageKey

        public init(mailbox: Int64, key: MessageKey) {
            self.mailbox = mailbox
            self.key = key
        }
    }

    /// The event as it is to be emitted.
    public let event: [UInt8]
    public let items: [Item]
    /// Whether the keys outlive the messages: where one of them is known, nothing is kept again.
    public let remembers: Bool
    /// What goes into the history of the event's group or thread.
    public let entry: HistoryEntry?
    /// The thread that this is the first message of.
    public let thread: StoredThread?
    public let now: Timestamp

    public init(
        event: [UInt8], items: [Item], remembers: Bool = false, entry: HistoryEntry? = nil,
        thread: StoredThread? = nil, now: Timestamp
    ) {
        self.event = event
        self.items = items
        self.remembers = remembers
        self.entry = entry
        self.thread = thread
        self.now = now
    }
}

public enum MailResult: Equatable, Sendable {
    /// The rows of the items, in order.
    case kept(rows: [Int64])
    /// One of the keys was known.
    case duplicate(isDelivered: Bool)
}
