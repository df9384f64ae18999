internal import JSON

extension RelayServer {
    /// Lets the sender into the room that the event names, under its own e-mail address only.
    mutating func enterNamedRoom(_ event: borrowing OutgoingEvent) throws(EventError) {
        guard let email = text(of: "email", in: event).flatMap(unquoted),
            directory.user(email: email) == event.sender
        else { throw .wrongEmail }
        try rooms.enter(Array(event.room), event.socket, limits)
    }

    /// Tells the rooms of a connection that is gone.
    mutating func leaveNamedRooms(_ socket: SocketNumber, _ peer: Peer) {
        let names = rooms.names(of: socket)
        let others = rooms.leaveAll(socket)
        var away: [RecoverySession] = []
        for session in names.flatMap({ recoveries.away(.namedRoom($0)) })
        where session !== peer.recovery && !away.contains(where: { $0 === session }) {
            away.append(session)
        }
        peer.recovery?.hadRoommates = !others.isEmpty
        guard !others.isEmpty || !away.isEmpty else { return }
        emit(Self.callEnded, to: others, away: away)
        emit(
            roomEvent("userLeft", peer.user, socketID: peer.socketID), to: others, away: away)
    }

    private static let callEnded = EventText(name: "callEnded", arguments: Array("{}".utf8))

    /// What is said of a member of a room.
    private func roomEvent(_ name: String, _ user: Int, socketID: String) -> EventText {
        var text = Array(#"{"email":"#.utf8)
        text += quoted(directory[user].account.email ?? "")
        text += Array(#","id":"#.utf8)
        text += quoted(socketID)
        text += [0x7d]
        return EventText(name: name, arguments: text)
    }

    // MARK: Coming back

    /// A client is back of which the others in its rooms were told that it had left: so it comes to
    /// them as one who is new, though under its old name. It is told in turn that its calls are
    /// over, as the others were, and which rooms it cannot have again, as if all had left them.
    mutating func rejoinNamedRooms(of session: RecoverySession, _ socket: SocketNumber) {
        guard let peer = peer(at: socket), !session.namedRooms.isEmpty else { return }
        let names = session.namedRooms
        session.namedRooms = []
        let joined = roomEvent("newUserJoined", peer.user, socketID: peer.socketID)
        var refused: [(name: RoomBook.Name, error: EventError)] = []
        for name in names {
            do throws(EventError) { try rooms.enter(name, socket, limits) } catch {
                refused.append((name, error))
                continue
            }
            log("join", by: peer)
            let others = rooms.others(in: name[...], than: socket) ?? []
            emit(joined, to: others, away: recoveries.away(.namedRoom(name)))
        }
        if session.hadRoommates { emit(.emit(socket, Self.callEnded, .transient)) }
        var left = Set(refused.flatMap { rooms.members(of: $0.name) })
        left = left.filter { !rooms.share(socket, $0) }
        for peer in left.compactMap({ peers[$0] }) {
            let event = roomEvent("userLeft", peer.user, socketID: peer.socketID)
            emit(.emit(socket, event, .transient))
        }
        for (name, error) in refused { refuse(name, error, socket) }
    }

    /// Tells a client that it cannot have a room again.
    private mutating func refuse(
        _ name: RoomBook.Name, _ error: EventError, _ socket: SocketNumber
    ) {
        counters.countRefusedEvent(error.code)
        let text: JSON = [
            "message": .string(error.message), "code": .string(error.code),
            "roomId": .string(String(decoding: name, as: UTF8.self)),
        ]
        emit(.emit(socket, EventText(name: "error", arguments: text.encoded), .transient))
    }
}
