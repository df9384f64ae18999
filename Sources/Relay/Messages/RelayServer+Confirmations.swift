internal import Clock

// What a receiver says of a message, for a sender that is away.

extension RelayServer {
    /// Keeps an event in the mailbox of a peer that has no connection, and answers its sender once
    /// that is committed.
    mutating func postpone(
        _ message: borrowing OutgoingEvent, _ acknowledgement: UInt64?
    ) throws(EventError) {
        guard let template = routes[message.route].peerGets else { return }
        let event = compose(template, message)
        guard hasRoomToConfirm(event, from: message.sender, to: message.target) else {
            counters.countNotKept(event.name)
            throw .queueFull
        }
        let (socket, route) = (message.socket, message.route)
        let sender = reference(to: socket)
        let post = Post(
            event: event, audience: [message.target], sender: message.sender,
            id: String(decoding: event.arguments, as: UTF8.self))
        self.post(post) { relay, failure in
            guard relay.peer(sender) != nil else {
                guard let failure else { return }
                let error = relay.errorEvent(.notStored(code: failure), route, detail: [])
                return relay.emit(error, answering: sender)
            }
            if let failure {
                return relay.report(
                    .notStored(code: failure), route, detail: [], acknowledgement, to: socket)
            }
            guard let acknowledgement else { return }
            relay.emit(
                .acknowledge(
                    socket, id: acknowledgement, arguments: Array(#"{"success":true}"#.utf8)))
        }
    }

    /// Half of a mailbox stays free for messages.
    private func hasRoomToConfirm(_ event: EventText, from sender: Int, to user: Int) -> Bool {
        mailboxes(of: user).contains { box in
            let queue = self[queue: box]
            return hasRoom(for: event, from: sender, in: box)
                && 2 * queue.messages < limits.keptMessagesPerUser
        }
    }
}
