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
        /// When it was sent, where it is a message, which is to be kept if all go without it.
        let serial: Serial?
        /// Whether it stays in the store until somebody acknowledges it.
        let awaitsAcknowledgement: Bool
        /// Its place in the store and its name there, where it is or was there.
        var row: Int64?
        var key: MessageKey?
        var isInStore: Bool
        /// Whether the connection had no room for it.
        var isHeld = false

        init(
            _ number: UInt64, _ event: EventText, _ delivery: Delivery, _ serial: Serial?,
            at time: Instant
        ) {
            self.number = number
            self.event = event
            self.serial = serial
            at = time
            row = delivery.storedRow
            isInStore = row != nil
            awaitsAcknowledgement = if case .stored = delivery { true } else { false }
        }
    }

    /// An event that is not remembered here, and comes from the store while it is there.
    private struct Row {
        let number: UInt64
        let key: MessageKey?
    }

    /// The private name by which the client finds its session again.
    let pid: String
    let user: Int
    /// The public name of its connection, which it gets back.
    let socketID: String
    /// When it began: what was sent to all connections since is, or was, remembered here.
    let serial: Serial
    /// The connection that lives; nil while the client is gone.
    var socket: SocketNumber?
    var vanishedAt: Instant?
    var rooms: Set<Int> = []
    /// Its rooms of family B, which it left with its connection.
    var namedRooms: [RoomBook.Name] = []
    /// Whether others were in these, to whom it may have talked.
    var hadRoommates = false
    /// The login of its last connection, once that is gone.
    var login = ""
    /// The store's number of its mailbox, once its connection is gone.
    var receiver: Int64 = 0
    /// The row of that mailbox up to which the client was sent all, once its connection is gone.
    private(set) var readRow: Int64 = 0

    private(set) var entries: [Entry] = []
    private var entryByteCount = 0
    private var owed = OwedRows()
    /// Whether the client will not get all that others had while its connection was behind them.
    private(set) var isShort = false
    /// The number that was given out last.
    private(set) var lastNumber: UInt64 = 0
    /// Events up to this number are not remembered, and may not have arrived.
    private var forgottenNumber: UInt64 = 0
    private var forgottenRows: [Int64: Row] = [:]
    /// Rows beyond `readRow` that the client has, and that are in the store for others.
    private var hadRows: Set<Int64> = []
    /// The keys of messages that are on their way into the store, and that the client is to get
    /// from there.
    private var awaitedKeys: Set<MessageKey> = []

    init(pid: String, user: Int, socketID: String, serial: Serial, socket: SocketNumber) {
        self.pid = pid
        self.user = user
        self.socketID = socketID
        self.serial = serial
        self.socket = socket
    }

    var byteCount: Int { entryByteCount + owed.byteCount }

    /// Whether a client that has what came up to `number` can be given all that followed.
    func reaches(_ number: UInt64) -> Bool { (forgottenNumber...lastNumber).contains(number) }

    func takeNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    func append(_ entry: Entry) {
        entries.append(entry)
        entryByteCount += entry.event.byteCount
    }

    /// Forgets the oldest events, until no more are left than these and none is older than `time`.
    func trim(count: Int, byteCount limit: Int, notBefore time: Instant) {
        var first = 0
        while first < entries.count,
            entries.count - first > count || entryByteCount > limit || entries[first].at < time
        {
            forget(entries[first])
            first += 1
        }
        entries.removeFirst(first)
    }

    private func forget(_ entry: Entry) {
        entryByteCount -= entry.event.byteCount
        if entry.isInStore, let row = entry.row {
            forgottenRows[row] = Row(number: entry.number, key: entry.key)
        } else {
            forgottenNumber = max(forgottenNumber, entry.number)
            if entry.isHeld { isShort = true }
        }
    }

    /// The client has all up to `number`.
    ///
    /// - Returns: those of them that are still in the store.
    func acknowledge(_ number: UInt64) -> [Entry] {
        let count = entries.prefix { $0.number <= number }.count
        let known = entries.prefix(count)
        entryByteCount -= known.reduce(0) { $0 + $1.event.byteCount }
        forgottenNumber = max(forgottenNumber, number)
        entries.removeFirst(count)
        for entry in known where entry.isInStore && entry.awaitsAcknowledgement {
            if let row = entry.row { hadRows.insert(row) }
        }
        for (row, place) in forgottenRows {
            if place.number <= number {
                hadRows.insert(row)
            } else {
                readRow = min(readRow, row - 1)
                oweForgotten(row, place)
            }
        }
        forgottenRows = [:]
        return known.filter { $0.isInStore && !$0.awaitsAcknowledgement }
    }

    /// These events are for the store to send again; forgets them without a gap.
    func leaveToStore(where isLeft: (Entry) -> Bool) {
        entries.removeAll { entry in
            guard isLeft(entry) else { return false }
            entryByteCount -= entry.event.byteCount
            return true
        }
    }
}

// What the store has as well: it need not be remembered for as long as it is there.
extension RecoverySession {
    /// The client will be sent all that is in the store, whatever it had.
    func startOver() {
        (readRow, hadRows, forgottenRows) = (0, [], [:])
        awaitStore()
        takeBack { $0.isInStore }
    }

    /// What is on its way into the store comes from there.
    func awaitStore() {
        leaveToStore { entry in
            guard entry.isInStore, entry.row == nil else { return false }
            if let key = entry.key { awaitedKeys.insert(key) }
            return true
        }
    }

    /// The connection is gone: it was sent all up to a row, and beyond that what is known here.
    ///
    /// - Parameter isAll: whether it had all that there was in the store.
    func hasRead(upTo row: Int64, isAll: Bool) {
        readRow = row
        if isAll { hadRows = [] }
        for index in entries.indices { entries[index].isHeld = false }
    }

    /// What was sent from a row of the store on was held back: the client is to get it when its
    /// connection comes there.
    func takeBack(from row: Int64) {
        let first = entries.last { $0.row == row }?.number ?? forgottenRows[row]?.number
        guard let first else { return }
        for (row, place) in forgottenRows where place.number >= first {
            forgottenRows[row] = nil
            oweForgotten(row, place)
        }
        takeBack { $0.isInStore && $0.number >= first }
    }

    /// The client is to read it in the store, or is told that it cannot.
    private func oweForgotten(_ row: Int64, _ place: Row) {
        let item = OwedRows.Item(row: row, key: place.key, event: nil, delivery: .row(row))
        owed.add(item, count: .max, byteCount: .max)
    }

    private func takeBack(where isHeld: (Entry) -> Bool) {
        leaveToStore { entry in
            guard isHeld(entry), let place = entry.row else { return false }
            owed.add(
                OwedRows.Item(
                    row: place, key: entry.key, event: entry.event,
                    delivery: entry.awaitsAcknowledgement ? .stored(place) : .row(place)),
                count: .max, byteCount: .max)
            return true
        }
    }

    /// Whether it was given what was in a row of the store.
    func hasHad(_ row: Int64) -> Bool {
        row <= readRow || hadRows.contains(row) || forgottenRows[row] != nil
            || entries.contains { $0.row == row }
    }

    /// Another client was sent something of the store that this one has not reached.
    func owe(_ item: OwedRows.Item, count: Int, byteCount limit: Int) {
        owed.add(item, count: count, byteCount: limit)
    }

    var isOwed: Bool { !owed.isEmpty }

    /// What it is owed up to a row, which it is given now.
    func takeOwed(upTo row: Int64) -> [OwedRows.Item] { owed.take(upTo: row) }

    /// What is in a row is not remembered, and comes from the store while it is there.
    func forget(_ row: Int64, _ key: MessageKey?) {
        forgottenRows[row] = Row(number: takeNumber(), key: key)
    }

    /// The client is told that it did not get all, or will be when it returns.
    func admitShortness() {
        isShort = false
        forgottenNumber = takeNumber()
    }

    /// These are not in the store any more.
    func removed(where isRemoved: (_ row: Int64?, _ key: MessageKey?) -> Bool) {
        if owed.removed(where: isRemoved) { isShort = true }
        for index in entries.indices
        where entries[index].isInStore && isRemoved(entries[index].row, entries[index].key) {
            entries[index].isInStore = false
        }
        for (row, place) in forgottenRows where isRemoved(row, place.key) {
            forgottenRows[row] = nil
            forgottenNumber = max(forgottenNumber, place.number)
        }
    }

    /// The client has this safe.
    func acknowledge(where isMeant: (_ row: Int64?, _ key: MessageKey?) -> Bool) {
        leaveToStore { $0.isInStore && isMeant($0.row, $0.key) }
        forgottenRows = forgottenRows.filter { !isMeant($0.key, $0.value.key) }
    }

    /// The event of a number is kept in the store from now on.
    ///
    /// - Parameter wasSent: false where the connection is there, and had no room for it.
    func kept(_ number: UInt64, under key: MessageKey, wasSent: Bool) {
        guard let index = entries.lastIndex(where: { $0.number == number }) else { return }
        entries[index].key = key
        entries[index].row = nil
        entries[index].isInStore = true
        entries[index].isHeld = !wasSent
    }

    /// Where in the store a message is that is kept under a key; nil where it could not be kept.
    ///
    /// - Parameter serial: when it was sent.
    func kept(_ key: MessageKey, at row: Int64?, sentAt serial: Serial) {
        let isOwn = awaitedKeys.remove(key) != nil || entries.contains { $0.key == key }
        // Another's copy of what is remembered here, or was until the client had it.
        if !isOwn, self.serial < serial, let row { hadRows.insert(row) }
        for index in entries.indices where entries[index].key == key {
            entries[index].row = row
            entries[index].isInStore = row != nil
        }
        guard socket != nil, entries.contains(where: { $0.key == key && $0.isHeld }) else { return }
        if let row { takeBack(from: row) } else { isShort = true }
    }

    /// What an event is called in the store that was just remembered.
    func name(_ row: Int64, _ key: MessageKey) {
        guard let last = entries.indices.last, entries[last].row == row else { return }
        entries[last].key = key
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
