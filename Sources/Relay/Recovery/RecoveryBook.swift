internal import Clock

/// All sessions that clients may come back to: those of connections that live, and for a while
/// those of clients that vanished.
struct RecoveryBook {
    /// A client that is back before the end of its old connection was noticed.
    struct Return {
        let socket: SocketNumber
        let socketID: String
        let auth: [UInt8]
        let address: String
    }

    /// Where a client would get events if it were not away.
    enum Place: Hashable {
        /// Among all connections of a user.
        case user(Int)
        /// In a room with a user.
        case roomWith(Int)
        case namedRoom(RoomBook.Name)
    }

    private var sessions: [String: RecoverySession] = [:]
    /// Sessions without a connection, the one that vanished first in front.
    private var vanished: [RecoverySession] = []
    /// The same, by place.
    private var away: [Place: [RecoverySession]] = [:]
    /// Clients that wait for the end of their old connection, by its number.
    var returns: [SocketNumber: Return] = [:]
    /// Bytes of the events of all sessions.
    private(set) var byteCount = 0

    var isEmpty: Bool { sessions.isEmpty }

    func session(_ pid: String, of user: Int) -> RecoverySession? {
        guard let session = sessions[pid], session.user == user else { return nil }
        return session
    }

    /// The sessions without a connection that belong to a place.
    func away(_ place: Place) -> [RecoverySession] { away.isEmpty ? [] : away[place] ?? [] }

    mutating func add(_ session: RecoverySession) { sessions[session.pid] = session }

    mutating func remove(_ session: RecoverySession) {
        guard sessions.removeValue(forKey: session.pid) != nil else { return }
        byteCount -= session.byteCount
        if session.socket == nil { isAwayNoMore(session) }
    }

    private mutating func isAwayNoMore(_ session: RecoverySession) {
        vanished.removeAll { $0 === session }
        for place in session.places {
            away[place]?.removeAll { $0 === session }
            if away[place]?.isEmpty == true { away[place] = nil }
        }
    }

    /// Forgets what a user might have come back to. Its sessions whose connections live end with
    /// those.
    ///
    /// - Parameter login: that whose sessions are meant; nil for those of all.
    mutating func forget(_ user: Int, login: String? = nil) {
        for session in vanished
        where session.user == user && (login == nil || session.login == login) {
            remove(session)
        }
    }

    /// Does something to a session, whose bytes are counted again then.
    mutating func change(_ session: RecoverySession, _ body: (RecoverySession) -> Void) {
        let before = session.byteCount
        body(session)
        byteCount += session.byteCount - before
    }

    mutating func vanish(_ session: RecoverySession, at now: Instant) {
        session.socket = nil
        session.vanishedAt = now
        vanished.append(session)
        for place in session.places { away[place, default: []].append(session) }
    }

    mutating func comeBack(_ session: RecoverySession, on socket: SocketNumber) {
        isAwayNoMore(session)
        session.socket = socket
        session.vanishedAt = nil
    }

    /// Gives up sessions that nobody came back to in time, and the oldest of too many.
    mutating func expire(at now: Instant, _ limits: Limits) {
        while let first = vanished.first,
            vanished.count > limits.recoverySessions
                || (first.vanishedAt ?? now) + limits.recoveryTime <= now
        {
            remove(first)
        }
        for session in sessions.values where session.socket != nil {
            change(session) {
                $0.trim(
                    count: limits.recoveryEvents, byteCount: limits.recoveryBytes,
                    notBefore: now + (.zero - limits.recoveryMemory))
            }
        }
    }
}

extension RecoverySession {
    fileprivate var places: [RecoveryBook.Place] {
        [.user(user)] + rooms.map(RecoveryBook.Place.roomWith)
            + namedRooms.map(RecoveryBook.Place.namedRoom)
    }
}
