extension RelayServer {
    /// Lets the sender into the room that the event names, under its own e-mail address only.
    mutating func enterNamedRoom(_ event: OutgoingEvent) throws(EventError) {
        guard let email = text(of: "email", in: event).flatMap(unquoted),
            directory.user(email: email) == event.sender
        else { throw .wrongEmail }
        try rooms.enter(Array(event.room), event.socket, limits)
    }

    /// Tells the rooms of a connection that is gone.
    mutating func leaveNamedRooms(_ socket: SocketNumber, _ peer: Peer) {
        let others = rooms.leaveAll(socket)
        guard !others.isEmpty else { return }
        var text = Array(#"{"email":"#.utf8)
        text += quoted(directory[peer.user].account.email ?? "")
        text += Array(#","id":"#.utf8)
        text += quoted(peer.socketID)
        text += [0x7d]
        let callEnded = EventText(name: "callEnded", arguments: Array("{}".utf8))
        let userLeft = EventText(name: "userLeft", arguments: text)
        for other in others {
            emit(.emit(other, callEnded, .transient))
            emit(.emit(other, userLeft, .transient))
        }
    }
}
