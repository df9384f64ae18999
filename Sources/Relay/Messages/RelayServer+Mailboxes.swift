/// Where messages wait: a user's own mailbox, for logins that are bound to no device, or that of
/// a device.
struct Mailbox: Hashable {
    let user: Int
    /// The device's number; nil for the user's own.
    let device: Int64?
}

/// How much is kept in a mailbox.
struct QueueState: Equatable {
    var keptMessages = 0
    var keptBytes = 0
    /// Messages on their way to the store. While there are any, nothing may overtake them.
    var keepsInFlight = 0
    var bytesInFlight = 0

    var messages: Int { keptMessages + keepsInFlight }
    var bytes: Int { keptBytes + bytesInFlight }
}

// A user who has devices gets each message once for each of them. The user's own mailbox gets it
// too where a connection reads that or was lost a moment ago, or nobody is there at all, as without
// devices.

extension RelayServer {
    /// All mailboxes of a user that a message goes to now.
    func mailboxes(of user: Int) -> [Mailbox] {
        let own = Mailbox(user: user, device: nil)
        let numbers = devices.devices(of: user)
        if numbers.isEmpty { return [own] }
        let boxes = numbers.map { Mailbox(user: user, device: $0) }
        let sockets = directory[user].sockets
        let isRead = sockets.contains { peers[$0]?.device == nil } || !away(of: own).isEmpty
        return isRead || sockets.isEmpty ? boxes + [own] : boxes
    }

    /// The mailbox that messages for the connections of a login go to.
    func mailbox(of session: String, _ user: Int) -> Mailbox {
        guard let device = devices.device(session: session), devices[device]?.user == user else {
            return Mailbox(user: user, device: nil)
        }
        return Mailbox(user: user, device: device)
    }

    /// The mailbox that a connection is reading.
    func mailbox(of peer: Peer) -> Mailbox {
        Mailbox(user: peer.user, device: peer.drainsUsersMailbox ? nil : peer.device)
    }

    /// The mailboxes that a connection may have got something from.
    func boxesRead(by socket: SocketNumber) -> [Mailbox] {
        guard let peer = peer(at: socket) else { return [] }
        let own = Mailbox(user: peer.user, device: nil)
        guard let device = peer.device else { return [own] }
        return [Mailbox(user: peer.user, device: device), own]
    }

    /// The store's number of a mailbox: the account's, or one below zero.
    func number(of box: Mailbox) -> Int64 {
        box.device.map { -$0 } ?? directory[box.user].account.number
    }

    /// The mailbox with a number of the store's, if it is there still.
    func mailbox(number: Int64) -> Mailbox? {
        if number < 0 {
            return devices[-number].map { Mailbox(user: $0.user, device: -number) }
        }
        return directory.user(number: number).map { Mailbox(user: $0, device: nil) }
    }

    /// The connections that messages of a mailbox go to.
    func sockets(of box: Mailbox) -> [SocketNumber] {
        let sockets = directory[box.user].sockets
        if devices.devices(of: box.user).isEmpty { return sockets }
        return sockets.filter { peers[$0]?.device == box.device }
    }

    subscript(queue box: Mailbox) -> QueueState {
        get {
            if let device = box.device { return devices[device]?.queue ?? QueueState() }
            let user = directory[box.user]
            return QueueState(
                keptMessages: user.keptMessages, keptBytes: user.keptBytes,
                keepsInFlight: user.keepsInFlight, bytesInFlight: user.bytesInFlight)
        }
        set {
            if let device = box.device {
                devices[device]?.queue = newValue
                return
            }
            directory[box.user].keptMessages = newValue.keptMessages
            directory[box.user].keptBytes = newValue.keptBytes
            directory[box.user].keepsInFlight = newValue.keepsInFlight
            directory[box.user].bytesInFlight = newValue.bytesInFlight
        }
    }

    func hasRoom(for event: EventText, from sender: Int, in box: Mailbox) -> Bool {
        let queue = self[queue: box]
        let byteCount = event.arguments.count
        guard queue.messages < limits.keptMessagesPerUser,
            queue.bytes + byteCount <= limits.keptBytesPerUser
        else { return false }
        guard isHalfFull(queue) else { return true }
        let share = senderShares.share(of: sender, in: box)
        return share.messages < limits.keptMessagesPerSender
            && share.bytes + byteCount <= limits.keptBytesPerSender
    }

    private func isHalfFull(_ queue: QueueState) -> Bool {
        2 * queue.messages >= limits.keptMessagesPerUser
            || 2 * queue.bytes >= limits.keptBytesPerUser
    }

    /// An event goes to the store for a mailbox.
    mutating func beginKeeping(_ byteCount: Int, from sender: Int, in box: Mailbox) {
        var queue = self[queue: box]
        if isHalfFull(queue) { senderShares.add(byteCount, from: sender, to: box) }
        queue.keepsInFlight += 1
        queue.bytesInFlight += byteCount
        self[queue: box] = queue
    }

    /// What was kept in a mailbox was removed from it.
    mutating func didRemove(_ removals: [Removal]) {
        for removal in removals {
            guard let box = mailbox(number: removal.receiver) else { continue }
            var queue = self[queue: box]
            queue.keptMessages = max(0, queue.keptMessages - removal.count)
            queue.keptBytes = max(0, queue.keptBytes - removal.byteCount)
            self[queue: box] = queue
            if !isHalfFull(queue) { senderShares.forget(box) }
        }
    }

    /// Whether nobody reads a mailbox now, or not all that is in it was sent, or who reads it
    /// acknowledges.
    func isAway(_ box: Mailbox) -> Bool {
        let sockets = sockets(of: box)
        return sockets.isEmpty || self[queue: box].keepsInFlight > 0
            || sockets.contains { peers[$0]?.isLive == false || peers[$0]?.isReliable == true }
    }

    /// Keeps an event in several mailboxes at once, and sends it to those who read them.
    ///
    /// - Parameters:
    ///   - sender: whose share of the mailboxes it is.
    ///   - items: one for each of the boxes.
    ///   - next: gets the store's result.
    mutating func keep(
        _ event: EventText, from sender: Int, _ items: [Mail.Item], in boxes: [Mailbox],
        remembers: Bool = false,
        entry: HistoryEntry? = nil, thread: StoredThread? = nil,
        then next: @escaping (inout RelayServer, StoreResult) -> Void
    ) {
        let (bytes, byteCount) = (event.stored, event.arguments.count)
        for box in boxes { beginKeeping(byteCount, from: sender, in: box) }
        let mail = Mail(
            event: bytes, items: items, remembers: remembers, entry: entry, thread: thread,
            now: wall)
        ask(.mail(mail)) { relay, result in
            for box in boxes {
                relay[queue: box].keepsInFlight -= 1
                relay[queue: box].bytesInFlight -= byteCount
            }
            if case .mail(.kept(let rows)) = result {
                for ((box, item), row) in zip(zip(boxes, items), rows) {
                    relay.counters.keptMessages += 1
                    relay[queue: box].keptMessages += 1
                    relay[queue: box].keptBytes += bytes.count
                    relay.forward(event, item.key, row: row, to: box)
                }
            }
            next(&relay, result)
        }
    }

    // MARK: A login becomes a device

    /// The connections of a login get what comes for its device from now on, once they had what
    /// waits in the user's own mailbox.
    mutating func moveConnections(of caller: Caller, to device: Int64) {
        guard devices.device(session: caller.session) == device else { return }
        for socket in directory[caller.user].sockets
        where peers[socket]?.session == caller.session && peers[socket]?.device == nil {
            peers[socket]?.device = device
            peers[socket]?.drainsUsersMailbox = true
            guard let peer = peers[socket], peer.isLive else { continue }
            peers[socket]?.feed = .waiting(after: peer.lastRow)
            emit(.reportDrained(socket))
        }
    }

    /// A connection of a device has read the user's own mailbox to its end.
    ///
    /// - Parameter isEmpty: whether there was nothing more, so that all is with the system.
    mutating func drainUsersMailbox(_ socket: SocketNumber, isEmpty: Bool, _ row: Int64) {
        guard isEmpty else {
            peers[socket]?.feed = .waiting(after: row)
            return emit(.reportDrained(socket))
        }
        peers[socket]?.drainsUsersMailbox = false
        read(for: socket, after: 0)
    }
}
