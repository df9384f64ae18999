internal import Clock
internal import Crypto
internal import JSON
internal import Wire

// Connection state recovery: a client that lost its connection goes on where it was. It gets its
// position when it connects, before any event, and is always told whether all is there.

/// What is said of recovery where a client is let in.
public struct RecoveryAnswer: Equatable, Sendable {
    /// The private name of the session, to be returned with the last offset.
    public let pid: String
    /// The position from which on the client gets everything.
    public let offset: String
    /// Whether the client has, or is about to get, all that it would have got without the break.
    public let isRecovered: Bool
    /// Why not, where the client wanted to go on; a stable word.
    public let reason: String?
}

/// Why a session cannot be gone on with.
enum RecoveryRefusal: String {
    /// Nobody knows it: it is over, or of an earlier run of the relay.
    case unknownSession
    /// More was sent since than is remembered.
    case positionForgotten
    /// No such offset was ever given out.
    case badPosition
}

/// What a CONNECT packet says of recovery.
struct RecoveryWish {
    var isWanted: Bool
    let pid: String?
    let offset: String?

    init(_ auth: JSON, byDefault: Bool) {
        pid = auth["pid"]?.string
        offset = auth["offset"]?.string
        isWanted = auth["recovery"]?.bool ?? (byDefault || pid != nil)
    }
}

extension RelayServer {
    private static let pidByteCount = 18

    /// Whether the session that a client wants is still on a connection: then that is ended, and the
    /// client let in afterwards. Networks change faster than the end of a connection is noticed.
    mutating func replaces(_ wish: RecoveryWish, _ user: Int, _ comer: RecoveryBook.Return) -> Bool
    {
        guard wish.isWanted, let pid = wish.pid,
            let socket = recoveries.session(pid, of: user)?.socket, socket != comer.socket,
            recoveries.returns[socket] == nil
        else { return false }
        recoveries.returns[socket] = comer
        close(socket, .replaced)
        return true
    }

    /// Begins a new session, or goes on with the one that the client had.
    mutating func recover(
        _ wish: RecoveryWish, _ user: Int, login: String, isReliable: Bool, _ socket: SocketNumber,
        socketID: String
    ) -> (session: RecoverySession, answer: RecoveryAnswer)? {
        guard wish.isWanted else { return nil }
        var reason: RecoveryRefusal?
        if let pid = wish.pid {
            let receiver = number(of: mailbox(of: login, user))
            // Another device has other messages.
            let found = recoveries.session(pid, of: user)
            let old = found?.socket != nil || found?.receiver == receiver ? found : nil
            let number = wish.offset.map { RecoveryOffset.number($0) } ?? 0
            reason = Self.refusal(old, number)
            if reason == nil, let old, let number {
                counters.recoveries += 1
                return (old, goOn(old, from: number, isReliable: isReliable, on: socket))
            }
            counters.failedRecoveries += 1
            if let old, old.socket == nil { recoveries.remove(old) }
        }
        let session = RecoverySession(
            pid: Base64.url.encode(randomBytes(Self.pidByteCount)), user: user, socketID: socketID,
            serial: takeSerial(), socket: socket)
        recoveries.add(session)
        return (session, Self.answer(session, isRecovered: false, reason?.rawValue))
    }

    private static func refusal(_ old: RecoverySession?, _ number: UInt64?) -> RecoveryRefusal? {
        guard let old, old.socket == nil else { return .unknownSession }
        guard let number, number <= old.lastNumber else { return .badPosition }
        return old.reaches(number) ? nil : .positionForgotten
    }

    private mutating func goOn(
        _ session: RecoverySession, from number: UInt64, isReliable: Bool,
        on socket: SocketNumber
    ) -> RecoveryAnswer {
        recoveries.comeBack(session, on: socket)
        let answer = Self.answer(session, isRecovered: true, nil, at: number)
        // Before the store is read again: it must not give what the client has already.
        flushRemovals()
        var known: [RecoverySession.Entry] = []
        recoveries.change(session) { known = $0.acknowledge(number) }
        let receiver = session.receiver
        for entry in known {
            if let row = entry.row {
                ask(.remove(receiver: receiver, rows: [row]))
            } else if let key = entry.key {
                ask(.removeByKey(receiver: receiver, key: key))
            }
        }
        noteRemoval(of: session.user) { row, key in
            known.contains { row != nil && $0.row == row || key != nil && $0.key == key }
        }
        recoveries.change(session) {
            // What a client acknowledges comes until it has done so.
            isReliable ? $0.startOver() : $0.awaitStore()
        }
        return answer
    }

    private static func answer(
        _ session: RecoverySession, isRecovered: Bool, _ reason: String?, at number: UInt64 = 0
    ) -> RecoveryAnswer {
        RecoveryAnswer(
            pid: session.pid, offset: RecoveryOffset.text(number), isRecovered: isRecovered,
            reason: reason)
    }

    /// Sends again what was lost, and then the position in an event: clients of the stock library
    /// learn it from events alone.
    mutating func resume(_ session: RecoverySession, _ answer: RecoveryAnswer) {
        guard let socket = session.socket, let peer = peers[socket] else { return }
        for roommate in session.rooms where !peer.rooms.contains(roommate) {
            peer.rooms.insert(roommate)
            enterRoom(peer.user, with: roommate)
        }
        for entry in session.entries {
            let event = RecoveryOffset.append(entry.number, to: entry.event)
            append(.emit(socket, event, delivery(of: entry, to: mailbox(of: peer))))
        }
        rejoinNamedRooms(of: session, socket)
        tellPosition(on: socket, isRecovered: answer.isRecovered, answer.reason)
    }

    private func delivery(of entry: RecoverySession.Entry, to box: Mailbox) -> Delivery {
        if entry.isInStore, let row = entry.row { return delivery(of: entry.event, row, in: box) }
        return entry.serial.map(Delivery.message) ?? .transient
    }

    /// - Parameter reason: why something is missing; nil where nothing is.
    private mutating func tellPosition(
        on socket: SocketNumber, isRecovered: Bool, _ reason: String?
    ) {
        var text = Array(#"{"recovered":\#(isRecovered)"#.utf8)
        if let reason { text += Array(#","reason":"\#(reason)""#.utf8) }
        let event = EventText(name: "recovery:position", arguments: text + [0x7d])
        emit(.emit(socket, event, .transient))
    }

    /// A connection has caught up with its mailbox.
    mutating func caughtUp(_ socket: SocketNumber) {
        peers[socket]?.feed = .live
        guard let session = peers[socket]?.recovery, session.isShort else { return }
        session.admitShortness()
        tellPosition(
            on: socket, isRecovered: false, RecoveryRefusal.positionForgotten.rawValue)
    }

    /// An event for a client that may come back: remembers it, and gives it its number.
    mutating func remembered(
        _ event: EventText, _ delivery: Delivery, _ session: RecoverySession
    ) -> EventText {
        RecoveryOffset.append(remember(event, delivery, session), to: event)
    }

    /// Puts an event into the memory of a session.
    ///
    /// - Returns: its number.
    @discardableResult
    mutating func remember(
        _ event: EventText, _ delivery: Delivery, _ session: RecoverySession
    ) -> UInt64 {
        let number = session.takeNumber()
        let entry = RecoverySession.Entry(number, event, delivery, serial(of: delivery), at: now)
        let hasRoom = recoveries.byteCount < limits.recoveryTotalBytes
        // Of a client that is away, what it may not have had is as old as its absence at most.
        let start = (session.vanishedAt ?? now) + (.zero - limits.recoveryMemory)
        recoveries.change(session) {
            $0.append(entry)
            $0.trim(
                count: hasRoom ? limits.recoveryEvents : 0, byteCount: limits.recoveryBytes,
                notBefore: start)
        }
        return number
    }

    /// When a message was sent; now, for what comes from the store. Nil for what is no message.
    private mutating func serial(of delivery: Delivery) -> Serial? {
        switch delivery {
        case .transient: nil
        case .message(let serial): serial
        case .row, .stored: takeSerial()
        }
    }

    private mutating func remember(_ item: OwedRows.Item, _ session: RecoverySession) {
        guard let event = item.event else { return session.forget(item.row, item.key) }
        remember(event, item.delivery, session)
        if let key = item.key { session.name(item.row, key) }
        if !item.isInStore { session.removed { row, _ in row == item.row } }
    }

    /// The connection of a session is gone.
    mutating func leave(
        _ session: RecoverySession, of peer: Peer, _ socket: SocketNumber, mayReturn: Bool
    ) {
        guard mayReturn else { return recoveries.remove(session) }
        session.rooms = peer.rooms
        session.namedRooms = rooms.names(of: socket)
        session.login = peer.session
        session.receiver = number(of: mailbox(of: peer))
        let mayRepeat = peer.isReliable || peer.drainsUsersMailbox
        session.hasRead(
            upTo: mayRepeat ? 0 : peer.feed.lastRow ?? peer.lastRow, isAll: peer.isLive)
        var owed: [OwedRows.Item] = []
        recoveries.change(session) { owed = $0.takeOwed(upTo: .max) }
        for item in owed { remember(item, session) }
        if session.isShort { session.admitShortness() }
        recoveries.vanish(session, at: now)
        recoveries.expire(at: now, limits)
    }
}
