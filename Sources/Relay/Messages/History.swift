public import Clock
internal import Crypto

/// The group or thread that a message belongs to: 16 bytes that stand for it.
public struct Place: Hashable, Sendable {
    public let bytes: [UInt8]

    /// What the place is for, which decides how long its messages are kept.
    public enum Kind: Int64, Sendable {
        case thread = 0
        case group = 1
    }

    public let kind: Kind

    /// - Precondition: there are 16 bytes.
    public init(_ bytes: [UInt8], kind: Kind) {
        precondition(bytes.count == 16)
        self.bytes = bytes
        self.kind = kind
    }

    public static func group(_ id: String) -> Place { Place(digest("group", id), kind: .group) }

    /// The place of two users, in either order.
    public static func pair(_ a: String, _ b: String) -> Place {
        let isSorted = a.utf8.lexicographicallyPrecedes(b.utf8)
        return Place(digest("pair", isSorted ? a : b, isSorted ? b : a), kind: .thread)
    }

    public static func thread(_ id: String) -> Place { Place(digest("thread", id), kind: .thread) }

    private static func digest(_ parts: String...) -> [UInt8] {
        var text: [UInt8] = []
        for part in parts { text += Array(part.utf8) + [0] }
        return Array(SHA256.hash(text).prefix(16))
    }
}

/// A message of a group or thread that its members can ask for.
public struct HistoryEntry: Equatable, Sendable {
    static let idByteCount = 24

    public let place: Place
    /// 24 hexadecimal digits in lower case.
    public let id: String
    public let at: Timestamp
    /// The number of the account that sent it.
    public let sender: Int64
    /// JSON.
    public let content: [UInt8]

    public init(place: Place, id: String, at: Timestamp, sender: Int64, content: [UInt8]) {
        self.place = place
        self.id = id
        self.at = at
        self.sender = sender
        self.content = content
    }
}

/// Which messages of a place are wanted: those after one, or those before one, or the first.
public struct HistoryPage: Equatable, Sendable {
    public enum Start: Equatable, Sendable {
        case first
        case after(String)
        case before(String)
    }

    public let start: Start
    /// Nothing older is wanted.
    public let since: Timestamp
    public let count: Int
    public let byteCount: Int

    public init(start: Start, since: Timestamp, count: Int, byteCount: Int) {
        self.start = start
        self.since = since
        self.count = count
        self.byteCount = byteCount
    }
}

public enum HistoryOperation: Sendable {
    case read(Place, HistoryPage)
}

public enum HistoryResult: Equatable, Sendable {
    /// In the order they were sent; `isLast` where there is none after them.
    case entries([HistoryEntry], isLast: Bool)
}

/// A thread whose members are no part of its name.
public struct StoredThread: Equatable, Sendable {
    public let id: String
    /// Numbers of accounts; the first one is who began it.
    public let members: [Int64]

    public init(id: String, members: [Int64]) {
        self.id = id
        self.members = members
    }
}
