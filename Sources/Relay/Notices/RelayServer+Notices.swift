extension RelayServer {
    /// Tells the hooks that this event came for a user, and nothing of what is in it.
    mutating func notice(_ event: String, for user: Int) {
        counters.notices += 1
        emit(.notice(Notice(userID: directory[user].account.id, event: event, time: wall)))
    }

    /// The same, unless the user is there to hear of it.
    mutating func noticeIfAway(_ event: String, for user: Int) {
        if directory[user].sockets.isEmpty { notice(event, for: user) }
    }
}
