internal import Crypto

// Who is away for a moment misses nothing: each event for the connections of a user, of a mailbox
// or in a room goes through here, and is remembered for those that were lost and may come back.

extension RelayServer {
    /// Sends an event on connections, and remembers it for sessions that have none.
    mutating func emit(
        _ event: EventText, _ delivery: Delivery = .transient,
        to sockets: some Sequence<SocketNumber>,
        away sessions: [RecoverySession]
    ) {
        for socket in sockets { emit(.emit(socket, event, delivery)) }
        for session in sessions { remember(event, delivery, session) }
    }

    /// Sends an event on all connections of a user.
    mutating func emit(_ event: EventText, _ delivery: Delivery = .transient, toAllOf user: Int) {
        emit(event, delivery, to: directory[user].sockets, away: recoveries.away(.user(user)))
    }

    /// Sends what answers an event of a client: where that is now, or to the memory of a client that
    /// is away.
    mutating func emit(_ event: EventText, answering sender: PeerReference) {
        if peer(sender) != nil { return emit(.emit(sender.socket, event, .transient)) }
        guard let session = sender.recovery,
            recoveries.session(session.pid, of: session.user) === session
        else { return }
        if let socket = session.socket {
            emit(.emit(socket, event, .transient))
        } else {
            remember(event, .transient, session)
        }
    }

    /// The sessions that get what comes for a mailbox, and are away.
    func away(of box: Mailbox) -> [RecoverySession] {
        let sessions = recoveries.away(.user(box.user))
        if sessions.isEmpty || devices.devices(of: box.user).isEmpty { return sessions }
        let number = number(of: box)
        return sessions.filter { $0.receiver == number }
    }

    /// The sessions that are away and would get an event, as `audience` has the connections.
    mutating func away(
        of message: borrowing OutgoingEvent, _ audience: Audience
    ) -> [RecoverySession] {
        if recoveries.isEmpty { return [] }
        if audience == .room { return recoveries.away(.namedRoom(Array(message.room))) }
        let sessions = message.targetSocket == nil ? recoveries.away(.user(message.target)) : []
        guard audience == .roommate, !sessions.isEmpty else { return sessions }
        let names = Set(rooms.names(of: message.socket))
        return sessions.filter { !names.isDisjoint(with: $0.namedRooms) }
    }

    /// A kept message was sent to a connection that reads its mailbox: it may leave the store before
    /// those have it who are away, or behind there.
    mutating func rememberKept(
        _ event: EventText, _ key: MessageKey, _ delivery: Delivery, _ row: Int64, of box: Mailbox
    ) {
        for socket in sockets(of: box) {
            guard let peer = peers[socket], let position = peer.feed.lastRow, position < row,
                let session = peer.recovery, !session.hasHad(row)
            else { continue }
            let item = OwedRows.Item(row: row, key: key, event: event, delivery: delivery)
            let room = recoveries.byteCount < limits.recoveryTotalBytes ? limits.recoveryEvents : 0
            recoveries.change(session) {
                $0.owe(item, count: room, byteCount: limits.recoveryBytes)
            }
        }
        for session in away(of: box) where !session.hasHad(row) {
            remember(event, delivery, session)
            session.name(row, key)
        }
    }

    /// Kept messages of a user leave the store: whoever has not had them gets them from memory.
    mutating func noteRemoval(
        of user: Int, where isRemoved: (_ row: Int64?, _ key: MessageKey?) -> Bool
    ) {
        for session in sessions(of: user) { session.removed(where: isRemoved) }
    }

    /// All sessions of a user, away or not.
    func sessions(of user: Int) -> [RecoverySession] {
        if recoveries.isEmpty { return [] }
        return directory[user].sockets.compactMap { peers[$0]?.recovery }
            + recoveries.away(.user(user))
    }
}
