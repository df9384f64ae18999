public import Clock

/// A group as the store holds it, without its members' sealed keys.
public struct StoredGroup: Equatable, Sendable {
    public struct Member: Equatable, Sendable {
        public let account: Int64
        public let isAdmin: Bool
        public let joined: Timestamp

        public init(account: Int64, isAdmin: Bool, joined: Timestamp) {
            self.account = account
            self.isAdmin = isAdmin
            self.joined = joined
        }
    }

    public let number: Int64
    public let id: String
    public let name: String
    /// The account that made it.
    public let creator: Int64
    public let created: Timestamp
    public let epoch: Int64
    public let rotationIsDue: Bool
    public var members: [Member]

    public init(
        number: Int64, id: String, name: String, creator: Int64, created: Timestamp, epoch: Int64,
        rotationIsDue: Bool, members: [Member]
    ) {
        self.number = number
        self.id = id
        self.name = name
        self.creator = creator
        self.created = created
        self.epoch = epoch
        self.rotationIsDue = rotationIsDue
        self.members = members
    }
}

/// What changes in a group, all of it or nothing. Members are named by their accounts' numbers.
public struct GroupChange: Sendable {
    public let group: Int64
    /// The epoch after the change.
    public var epoch: Int64
    public var rotationIsDue: Bool
    public var added: [Int64] = []
    public var removed: [Int64] = []
    public var admins: [Int64: Bool] = [:]
    /// The group key of the epoch, sealed for each member: JSON. Empty where the epoch stays.
    public var keys: [Int64: String] = [:]
    public let at: Timestamp

    public init(group: Int64, epoch: Int64, rotationIsDue: Bool, at: Timestamp) {
        self.group = group
        self.epoch = epoch
        self.rotationIsDue = rotationIsDue
        self.at = at
    }
}

/// A sealed group key: JSON that only its member can make sense of.
public struct SealedGroupKey: Equatable, Sendable {
    public let epoch: Int64
    public let sealed: String

    public init(epoch: Int64, sealed: String) {
        self.epoch = epoch
        self.sealed = sealed
    }
}

/// That a member has read a message.
public struct Receipt: Equatable, Sendable {
    public let message: String
    public let account: Int64
    public let at: Timestamp

    public init(message: String, account: Int64, at: Timestamp) {
        self.message = message
        self.account = account
        self.at = at
    }
}

public enum GroupOperation: Sendable {
    case add(StoredGroup, keys: [Int64: String])
    case change(GroupChange)
    /// Removes a group that nobody is left in.
    case remove(group: Int64, Place)
    /// A member's sealed keys: of the current epoch, and of those before it under which there may
    /// still be messages.
    case keys(group: Int64, account: Int64)
    /// Notes that a member read a message that was sent since a time.
    case markRead(Place, Receipt, since: Timestamp)
    /// Receipts of one message, or of all, that were sent since a time, after one receipt by its
    /// place in the order.
    case receipts(Place, message: String?, since: Timestamp, after: Int64, count: Int)
}

public enum GroupResult: Equatable, Sendable {
    /// The newest first.
    case keys([SealedGroupKey])
    /// Who sent the message and when; `isNew` where it was not marked before.
    case marked(sender: Int64, sent: Timestamp, at: Timestamp, isNew: Bool)
    case unknownMessage
    /// `next` is nil where there are no more.
    case receipts([Receipt], next: Int64?)
}
