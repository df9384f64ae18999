internal import Clock

/// What is remembered of one client's connection, so that another can go on where it ended: who it
/// was, its rooms, and what it was sent of late.
///
/// Each event that goes to the client has a number, its offset, which the client returns when it
/// comes again. An event leaves this memory when the client has proved to have it, when it is old,
/// or when there are too many.
final class RecoverySession {
    struct Entry {
        let number: UInt64
        let event: EventText
        let at: Instant
        /// Whether nobody else has it: to be kept where the client goes without it.
        let isMessage: Bool
        /// Its place in the store, while it is there.
        var row: Int64?
        /// What it is kept under in the store, once the connection was gone.
        var key: MessageKey?

        var isInStore: Bool { row != nil || key != nil }
        var byteCount: Int { event.name.utf8.count + event.arguments.count + overhead }
        private var overhead: Int { 96 }
    }

    struct Roommate: Equatable {
        let user: Int
        let socketID: String
    }

    /// Of how many roommates it is told that they left while it was gone.
    static let roommateCount = 64

    /// The private name by which the client finds its session again.
    let pid: String
    let user: Int
    /// The public name of its connection, which it gets back.
    let socketID: String
    /// The connection that lives; nil while the client is gone.
    var socket: SocketNumber?
    var vanishedAt: Instant?
    var rooms: Set<Int> = []
    /// Its rooms of family B, which it left with its connection.
    var namedRooms: [RoomBook.Name] = []
    /// Those who were in these with it, or the first of very many.
    var roommates: [Roommate] = []
    /// The login of its last connection, once that is gone.
    var login = ""
    /// The store's number of its mailbox, once its connection is gone.
    var receiver: Int64 = 0

    private(set) var entries: [Entry] = []
    private(set) var byteCount = 0
    /// The number that was given out last.
    private(set) var lastNumber: UInt64 = 0
    /// Events up to this number are not remembered, and may not have arrived.
    private var forgottenNumber: UInt64 = 0

    init(pid: String, user: Int, socketID: String, socket: SocketNumber) {
        self.pid = pid
        self.user = user
        self.socketID = socketID
        self.socket = socket
    }

    /// Whether a client that has what came up to `number` can be given all that followed.
    func reaches(_ number: UInt64) -> Bool { (forgottenNumber...lastNumber).contains(number) }

    func takeNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    func append(_ entry: Entry) {
        entries.append(entry)
        byteCount += entry.byteCount
    }

    /// Forgets the oldest events, until no more are left than these and none is older than `time`.
    func trim(count: Int, byteCount limit: Int, notBefore time: Instant) {
        var first = 0
        while first < entries.count,
            entries.count - first > count || byteCount > limit || entries[first].at < time
        {
            byteCount -= entries[first].byteCount
            forgottenNumber = max(forgottenNumber, entries[first].number)
            first += 1
        }
        entries.removeFirst(first)
    }

    /// The client has all up to `number`.
    ///
    /// - Returns: those of them that are still in the store.
    func acknowledge(_ number: UInt64) -> [Entry] {
        let count = entries.prefix { $0.number <= number }.count
        let known = entries.prefix(count)
        byteCount -= known.reduce(0) { $0 + $1.byteCount }
        forgottenNumber = max(forgottenNumber, number)
        entries.removeFirst(count)
        return known.filter(\.isInStore)
    }

    /// These events are for the store to send again; forgets them without a gap.
    func leaveToStore(where isLeft: (Entry) -> Bool) {
        entries.removeAll(where: isLeft)
        byteCount = entries.reduce(0) { $0 + $1.byteCount }
    }

    /// These rows are not in the store any more.
    func written(_ rows: [Int64]) {
        let rows = Set(rows)
        for index in entries.indices {
            if let row = entries[index].row, rows.contains(row) { entries[index].row = nil }
        }
    }

    /// The event of a number is kept in the store from now on.
    func kept(_ number: UInt64, under key: MessageKey) {
        guard let index = entries.lastIndex(where: { $0.number == number }) else { return }
        entries[index].key = key
    }
}

/// Numbers of events as clients see and return them: twelve hexadecimal digits.
enum RecoveryOffset {
    private static let digitCount = 12

    static func text(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, digitCount - digits.count)) + digits
    }

    /// Nil for what this relay did not give out.
    static func number(_ text: some StringProtocol) -> UInt64? {
        guard text.utf8.count == digitCount,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return UInt64(text, radix: 16)
    }

    /// An event with its number as one more argument.
    static func append(_ number: UInt64, to event: EventText) -> EventText {
        let comma = event.arguments.isEmpty ? "" : ","
        return EventText(
            name: event.name, arguments: event.arguments + Array("\(comma)\"\(text(number))\"".utf8)
        )
    }

    /// Undoes `append`.
    static func split(_ event: EventText) -> (number: UInt64, event: EventText)? {
        let suffix = event.arguments.suffix(digitCount + 2)
        let digits = String(decoding: suffix.dropFirst().dropLast(), as: UTF8.self)
        guard let number = number(digits) else { return nil }
        let rest = event.arguments.dropLast(digitCount + 2 + (suffix.startIndex > 0 ? 1 : 0))
        return (number, EventText(name: event.name, arguments: Array(rest)))
    }
}
