internal import Clock
internal import Crypto

// What a connection gets of its mailbox: at once while it had everything before, else from the
// store, as fast as it reads. What it may not have read goes back.

extension RelayServer {
    /// Sends a kept message on all connections that had everything before it; the others will
    /// read it from the store.
    ///
    /// - Parameter serial: of a message that was sent before it was kept: who had it then does not
    ///   get it again.
    mutating func forward(
        _ event: EventText, _ key: MessageKey, row: Int64, to box: Mailbox,
        sentAt serial: Serial = 0
    ) {
        for socket in sockets(of: box) where peers[socket]?.isLive == true {
            if has(socket, messageOf: serial) {
                peers[socket]?.lastRow = row
            } else {
                deliver(event, key, row: row, on: socket, of: box)
            }
        }
    }

    /// Whether a connection of a message's mailbox, or the session that it goes on with, was there
    /// when it was sent.
    private func has(_ socket: SocketNumber, messageOf serial: Serial) -> Bool {
        peers[socket].map { ($0.recovery?.serial ?? $0.serial) < serial } ?? false
    }

    private mutating func deliver(
        _ event: EventText, _ key: MessageKey, row: Int64, on socket: SocketNumber,
        of box: Mailbox
    ) {
        peers[socket]?.lastRow = row
        // What is no message is acknowledged by nobody.
        guard peers[socket]?.isReliable == true, acknowledgedEvents.contains(event.name) else {
            return emitKept(
                event, key, delivery(of: event, row, in: box), row, on: socket, of: box)
        }
        // Parts of files take no room among these: who knows no files, and so never acknowledges
        // them, must still get messages.
        if !eventsOfParts.contains(event.name) { peers[socket]?.unacknowledged[key] = row }
        emitKept(event, key, .stored(row), row, on: socket, of: box)
    }

    private mutating func emitKept(
        _ event: EventText, _ key: MessageKey, _ delivery: Delivery, _ row: Int64,
        on socket: SocketNumber, of box: Mailbox
    ) {
        emit(.emit(socket, event, delivery))
        guard !recoveries.isEmpty else { return }
        peers[socket]?.recovery?.name(row, key)
        rememberKept(event, key, delivery, row, of: box)
    }

    /// What becomes of a kept event on a connection that acknowledges nothing.
    func delivery(of event: EventText, _ row: Int64, in box: Mailbox) -> Delivery {
        // While a reliable connection is to acknowledge it, writing it elsewhere is not enough.
        let isAwaited =
            acknowledgedEvents.contains(event.name)
            && sockets(of: box).contains { peers[$0]?.isReliable == true }
        return isAwaited ? .stored(row) : .row(row)
    }
}

extension RelayServer {
    /// Begins to send a new connection what was kept for its user.
    mutating func startFeed(of socket: SocketNumber) {
        guard let peer = peers[socket] else { return }
        let queue = self[queue: mailbox(of: peer)]
        guard
            queue.keptMessages > 0 || queue.keepsInFlight > 0 || peer.recovery?.isOwed == true
        else { return }
        read(for: socket, after: peer.lastRow)
    }

    mutating func read(for socket: SocketNumber, after row: Int64) {
        guard let peer = peers[socket] else { return }
        peers[socket]?.feed = .reading(after: row)
        let room =
            peer.isReliable
            ? max(1, limits.unacknowledgedMessages - peer.unacknowledged.count) : .max
        ask(
            .read(
                receiver: number(of: mailbox(of: peer)), after: row,
                count: min(limits.messagesPerRead, room), byteCount: limits.bytesPerRead),
            then: .read(reference(to: socket), user: peer.user))
    }

    /// The store read some messages for a connection.
    mutating func didRead(_ reference: PeerReference, user: Int, _ result: StoreResult) {
        guard let peer = peer(reference), case .reading(let after) = peer.feed else { return }
        guard case .messages(let messages, let isLast) = result else {
            // Unreadable now, but not lost: the client gets it when it comes again.
            close(reference.socket, .storeUnavailable)
            return
        }
        for message in messages { deliver(message, on: reference.socket, of: mailbox(of: peer)) }
        if isLast { deliverOwed(upTo: .max, on: reference.socket, of: mailbox(of: peer)) }
        if isLast, peer.drainsUsersMailbox {
            drainUsersMailbox(
                reference.socket, isEmpty: messages.isEmpty, messages.last?.row ?? after)
        } else if isLast {
            caughtUp(reference.socket)
        } else {
            peers[reference.socket]?.feed = .waiting(after: messages.last?.row ?? after)
            emit(.reportDrained(reference.socket))
        }
    }

    /// Sends what was read in the store, unless the client has it, after what has left it meanwhile.
    private mutating func deliver(
        _ message: KeptMessage, on socket: SocketNumber, of box: Mailbox
    ) {
        deliverOwed(upTo: message.row - 1, on: socket, of: box)
        if let session = peers[socket]?.recovery {
            recoveries.change(session) { _ = $0.takeOwed(upTo: message.row) }
            if session.hasHad(message.row) {
                peers[socket]?.lastRow = message.row
                return
            }
        }
        guard let event = EventText(stored: message.event) else { return }
        deliver(event, message.key, row: message.row, on: socket, of: box)
    }

    private mutating func deliverOwed(
        upTo row: Int64, on socket: SocketNumber, of box: Mailbox
    ) {
        guard let session = peers[socket]?.recovery else { return }
        var owed: [OwedRows.Item] = []
        recoveries.change(session) { owed = $0.takeOwed(upTo: row) }
        for item in owed {
            guard let event = item.event else { continue }
            if item.isInStore, let key = item.key {
                deliver(event, key, row: item.row, on: socket, of: box)
            } else {
                peers[socket]?.lastRow = item.row
                emit(.emit(socket, event, .message(takeSerial())))
            }
        }
    }

    /// Nothing waits to be sent on a connection for which that was to be reported.
    public mutating func drained(_ socket: SocketNumber) {
        guard peers.indices.contains(socket), case .waiting(let row) = peers[socket]?.feed,
            peers[socket]?.unacknowledged.count ?? 0 < limits.unacknowledgedMessages
        else { return }
        read(for: socket, after: row)
    }

    /// More waits to be sent on a connection than it seems to read: what comes for it from now on
    /// goes into the store until that is sent. Report `drained` then.
    public mutating func congested(_ socket: SocketNumber) {
        guard peers.indices.contains(socket), let peer = peers[socket], peer.isLive else { return }
        counters.congestions += 1
        peers[socket]?.feed = .waiting(after: peer.lastRow)
        emit(.reportDrained(socket))
    }

    /// What was emitted of the store from this row on was not sent, since too much waits already:
    /// it is read again once that is sent. Report `drained` then.
    public mutating func held(_ socket: SocketNumber, from row: Int64) {
        guard peers.indices.contains(socket), let peer = peers[socket] else { return }
        peers[socket]?.unacknowledged = peer.unacknowledged.filter { $0.value < row }
        peers[socket]?.lastRow = min(peer.lastRow, row - 1)
        if let session = peer.recovery {
            recoveries.change(session) { $0.takeBack(from: row) }
        }
        // A reading that is under way would go on after what was held.
        peers[socket]?.feed = .waiting(after: min(peer.feed.lastRow ?? peer.lastRow, row - 1))
        emit(.reportDrained(socket))
    }

    /// These messages were emitted to a user of whom nobody knows whether it read them: its
    /// connection is gone. They are kept until it comes again, unless another connection had them.
    /// Call it before `disconnect`.
    ///
    /// - Parameter wereSent: whether they may have left; if not, the connection is there, and is to
    ///   get them later.
    public mutating func undelivered(
        _ messages: [EmittedMessage], on socket: SocketNumber, wereSent: Bool = true
    ) {
        guard peers.indices.contains(socket), let peer = peers[socket],
            !directory[peer.user].isRemoved
        else { return }
        let box = Mailbox(user: peer.user, device: peer.device)
        // The device may have been removed, and it is for it alone.
        if let device = box.device, devices[device] == nil { return }
        let others = sockets(of: box).filter { $0 != socket }
        for message in messages {
            if wereSent, others.contains(where: { has($0, messageOf: message.serial) }) { continue }
            self[queue: box].keepsInFlight += 1
            let key = MessageKey(randomBytes(16))
            let event = stripped(message.event, peer.recovery, key, wereSent)
            ask(
                .keep(
                    receiver: number(of: box), key: key, event: event.stored, remembers: false,
                    now: wall),
                then: .keepAgain(box, key, EmittedMessage(event, message.serial)))
        }
    }

    /// A message without the number by which its client may prove to have it.
    private mutating func stripped(
        _ message: EventText, _ session: RecoverySession?, _ key: MessageKey, _ wasSent: Bool
    ) -> EventText {
        guard let session, let (number, event) = RecoveryOffset.split(message) else {
            return message
        }
        session.kept(number, under: key, wasSent: wasSent)
        return event
    }

    mutating func didKeepAgain(
        _ box: Mailbox, _ key: MessageKey, _ message: EmittedMessage, _ result: StoreResult
    ) {
        self[queue: box].keepsInFlight -= 1
        let row: Int64? = if case .kept(let row) = result { row } else { nil }
        for session in sessions(of: box.user) {
            recoveries.change(session) { $0.kept(key, at: row, sentAt: message.serial) }
        }
        guard let row else { return }
        self[queue: box].keptMessages += 1
        self[queue: box].keptBytes += message.event.stored.count
        forward(
            message.event, MessageKey(high: 0, low: UInt64(bitPattern: row)), row: row, to: box,
            sentAt: message.serial)
    }

    /// These rows have been handed to the system for a connection whose client acknowledges
    /// nothing: that is all the relay will ever know of them.
    public mutating func written(_ rows: [Int64], on socket: SocketNumber) {
        guard peers.indices.contains(socket), let peer = peers[socket] else { return }
        removals[number(of: mailbox(of: peer)), default: []] += rows
        if recoveries.isEmpty { return }
        let gone = Set(rows)
        noteRemoval(of: peer.user) { row, _ in row.map(gone.contains) ?? false }
    }

    /// A client says that it has a message safe.
    mutating func acknowledgeDelivery(_ message: borrowing OutgoingEvent) {
        for box in boxesRead(by: message.socket) {
            let mailbox = number(of: box)
            let key = key(
                from: message.target, to: mailbox, message.messageID, part: partNumber(message))
            if let row = takeUnacknowledged(key, on: message.socket) {
                removals[mailbox, default: []].append(row)
                noteAcknowledgement(on: message.socket) { gone, _ in gone == row }
                break
            } else if self[queue: box].keptMessages > 0 {
                ask(.removeByKey(receiver: mailbox, key: key))
                noteAcknowledgement(on: message.socket) { _, gone in gone == key }
            }
        }
    }

    private mutating func noteAcknowledgement(
        on socket: SocketNumber, of isMeant: (_ row: Int64?, _ key: MessageKey?) -> Bool
    ) {
        guard !recoveries.isEmpty, let peer = peers[socket] else { return }
        if let session = peer.recovery {
            recoveries.change(session) { $0.acknowledge(where: isMeant) }
        }
        noteRemoval(of: peer.user, where: isMeant)
    }

    /// A client says that it leaves a message, which others behind it are not to wait for. It stays
    /// in the store, and comes again on the next connection: this one's reading is past it.
    mutating func leaveMessage(_ message: borrowing OutgoingEvent) {
        for box in boxesRead(by: message.socket) {
            let key = key(
                from: message.target, to: number(of: box), message.messageID, part: nil)
            if takeUnacknowledged(key, on: message.socket) != nil { return }
        }
    }

    /// A connection waits no more for its client's word on a message.
    ///
    /// - Returns: the message's row; nil where the connection does not wait for that.
    private mutating func takeUnacknowledged(
        _ key: MessageKey, on socket: SocketNumber
    ) -> Int64? {
        guard let peer = peers[socket], let row = peer.unacknowledged.removeValue(forKey: key)
        else { return nil }
        if case .waiting = peer.feed,
            peer.unacknowledged.count == limits.unacknowledgedMessages / 2
        {
            emit(.reportDrained(socket))
        }
        return row
    }
}
