extension RelayServer {
    /// Tells the hooks that this event came for a user, and nothing of what is in it.
    mutating func notice(_ event: String, for user: Int) {
        counters.notices += 1
        emit(.notice(Notice(userID: directory[user].account.id, event: event, time: wall)))
    }

    /// A user asks for a notice, which may wake somebody's telephone.
    mutating func notify(_ event: borrowing OutgoingEvent) throws(EventError) {
        let name = directory[event.sender].account.id
        guard notifications.wait(name, at: now) == 0 else { throw .rateLimited }
        notifications.take(name, at: now)
        notice("notify", for: event.target)
    }

    /// The same, unless the user is there to hear of it.
    mutating func noticeIfAway(_ event: String, for user: Int) {
        if directory[user].sockets.isEmpty { notice(event, for: user) }
    }
}
