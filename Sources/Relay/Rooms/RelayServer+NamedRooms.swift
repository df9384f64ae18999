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
        let others = rooms.leaveAll(socket)
        guard !others.isEmpty else { return }
        let userLeft = roomEvent("userLeft", peer.user, socketID: peer.socketID)
        for other in others {
            emit(.emit(other, Self.callEnded, .transient))
            emit(.emit(other, userLeft, .transient))
        }
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

    /// Remembers the rooms of a connection that is about to leave them.
    func noteNamedRooms(of socket: SocketNumber, in session: RecoverySession) {
        session.namedRooms = rooms.names(of: socket)
        var roommates: [RecoverySession.Roommate] = []
        for name in session.namedRooms {
            for other in rooms.others(in: name[...], than: socket) ?? [] {
                guard let peer = peers[other],
                    roommates.count < RecoverySession.roommateCount
                else { continue }
                let roommate = RecoverySession.Roommate(user: peer.user, socketID: peer.socketID)
                if !roommates.contains(roommate) { roommates.append(roommate) }
            }
        }
        session.roommates = roommates
    }

    /// A client is back of which the others in its rooms were told that it had left: so it comes to
    /// them as one who is new, though under its old name. It is told in turn that its calls are
    /// over, as the others were, who of them has left since, and which rooms it cannot have again.
    mutating func rejoinNamedRooms(of session: RecoverySession, _ socket: SocketNumber) {
        guard let peer = peer(at: socket), !session.namedRooms.isEmpty else { return }
        let (names, roommates) = (session.namedRooms, session.roommates)
        (session.namedRooms, session.roommates) = ([], [])
        let joined = roomEvent("newUserJoined", peer.user, socketID: peer.socketID)
        var refused: [(name: RoomBook.Name, error: EventError)] = []
        for name in names {
            do throws(EventError) { try rooms.enter(name, socket, limits) } catch {
                refused.append((name, error))
                continue
            }
            log("join", by: peer)
            for other in rooms.others(in: name[...], than: socket) ?? [] {
                emit(.emit(other, joined, .transient))
            }
        }
        if !roommates.isEmpty { emit(.emit(socket, Self.callEnded, .transient)) }
        for roommate in roommates {
            let other = socketIDs[Array(roommate.socketID.utf8)[...]]
            if let other, rooms.share(socket, other) { continue }
            let left = roomEvent("userLeft", roommate.user, socketID: roommate.socketID)
            emit(.emit(socket, left, .transient))
        }
        for (name, error) in refused {
            counters.countRefusedEvent(error.code)
            let text: JSON = [
                "message": .string(error.message), "code": .string(error.code),
                "roomId": .string(String(decoding: name, as: UTF8.self)),
            ]
            emit(.emit(socket, EventText(name: "error", arguments: text.encoded), .transient))
        }
    }
}
