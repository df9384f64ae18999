internal import Clock
internal import Crypto

// Messages: from memory between stock clients that are online; through the store whenever the
// receiver is away, or one of the two sides acknowledges.

extension RelayServer {
    /// Sends a message, or has it kept first.
    ///
    /// A message for one connection goes to that alone while it is there; what is kept is kept for
    /// the user, and goes to all.
    mutating func send(
        _ message: OutgoingEvent, _ index: Int, _ acknowledgement: UInt64?
    ) throws(EventError) {
        guard let template = routes[index].peerGets, let reply = routes[index].senderGets else {
            return
        }
        noteContact(message.sender, wroteTo: message.target)
        let answer = compose(reply, message)
        let part = filePart(message, routes[index])
        if let part {
            try uploads.open(part, limits, at: now)
            if uploads.has(part) { return accepted(part, index, answer, acknowledgement, message) }
        }
        let event = compose(template, message)
        guard mustBeKept(message, index) else {
            audit(routes[index].route, message)
            for socket in sockets(of: message) {
                emit(.emit(socket, event, .message))
            }
            return accepted(part, index, answer, acknowledgement, message)
        }
        let keeping = Keeping(
            sender: PeerReference(
                socket: message.socket, serial: peers[message.socket]?.serial ?? 0),
            route: index, acknowledgement: acknowledgement, receiver: message.target,
            event: event, key: messageKey(message, directory[message.target].account.number),
            part: part,
            reply: answer, messageID: message.messageID, errorDetail: errorDetail(message))
        guard hasRoom(for: event, in: message.target) else {
            report(
                .queueFull, index, detail: keeping.errorDetail, acknowledgement,
                to: message.socket)
            return
        }
        audit(routes[index].route, message)
        let remembers = part != nil || hasOwnID(message, index)
        if devices.devices(of: message.target).isEmpty {
            keep(keeping, remembers: remembers)
        } else {
            keep(keeping, message, remembers: remembers)
        }
    }

    private func hasRoom(for event: EventText, in target: Int) -> Bool {
        guard devices.devices(of: target).isEmpty else {
            return mailboxes(of: target).contains { hasRoom(for: event, in: $0) }
        }
        let receiver = directory[target]
        return receiver.keptMessages + receiver.keepsInFlight < limits.keptMessagesPerUser
            && receiver.keptBytes + receiver.bytesInFlight + event.arguments.count
                <= limits.keptBytesPerUser
    }

    /// Tells the sender that a message is on its way, or that a part of a file is.
    private mutating func accepted(
        _ part: FilePart?, _ index: Int, _ reply: EventText, _ acknowledgement: UInt64?,
        _ message: OutgoingEvent
    ) {
        answer(reply, acknowledgement, message.socket)
        if let part { accepted(part, index, message.messageID, of: message.socket) }
    }

    private func mustBeKept(_ message: OutgoingEvent, _ index: Int) -> Bool {
        let sockets = sockets(of: message)
        if message.targetSocket == nil, !devices.devices(of: message.target).isEmpty {
            return hasOwnID(message, index) || peers[message.socket]?.isReliable == true
                || mailboxes(of: message.target).contains(where: isAway)
        }
        if sockets.isEmpty || directory[message.target].keepsInFlight > 0 { return true }
        // A client that chooses ids may send one twice, and the relay promised to notice.
        if hasOwnID(message, index) || peers[message.socket]?.isReliable == true { return true }
        return sockets.contains { socket in
            guard let peer = peers[socket] else { return false }
            return peer.isReliable || !peer.isLive
        }
    }

    private func hasOwnID(_ message: OutgoingEvent, _ index: Int) -> Bool {
        // What comes in parts is told apart while it comes, without the store.
        guard let field = routes[index].messageIDField, routes[index].whenComplete == nil else {
            return false
        }
        return !message.payload.fields[field].isEmpty
    }

    private mutating func store(_ user: Int) {
        guard !directory[user].isStored else { return }
        directory[user].isStored = true
        ask(.addAccount(directory[user].account, passwordHash: nil), then: .account(user))
    }

    private mutating func keep(_ keeping: Keeping, remembers: Bool) {
        store(keeping.receiver)
        let receiver = directory[keeping.receiver].account
        directory[keeping.receiver].keepsInFlight += 1
        directory[keeping.receiver].bytesInFlight += keeping.event.arguments.count
        ask(
            .keep(
                receiver: receiver.number, key: keeping.key, event: keeping.event.stored,
                remembers: remembers, now: wall),
            then: .keep(keeping))
    }

    /// Keeps a message in the mailboxes of all of the receiver's devices, as far as they have room.
    private mutating func keep(
        _ keeping: Keeping, _ message: OutgoingEvent, remembers: Bool
    ) {
        store(keeping.receiver)
        let boxes = mailboxes(of: keeping.receiver).filter { hasRoom(for: keeping.event, in: $0) }
        let items = boxes.map { box in
            Mail.Item(mailbox: number(of: box), key: messageKey(message, number(of: box)))
        }
        keep(keeping.event, items, in: boxes, remembers: remembers) { relay, result in
            switch result {
            case .mail(.kept): relay.noticeKept(keeping)
            case .mail(.duplicate(let isDelivered)):
                relay.counters.duplicates += 1
                return relay.repeatAnswer(keeping, isDelivered)
            case .failed(let code): return relay.reportNotKept(keeping, code)
            default: return
            }
            relay.answer(keeping)
        }
    }

    private func messageKey(_ message: OutgoingEvent, _ mailbox: Int64) -> MessageKey {
        key(from: message.sender, to: mailbox, message.messageID, part: partNumber(message))
    }

    /// - Parameter part: the number of a part of a file; no message id has the byte before it.
    private func key(
        from sender: Int, to mailbox: Int64, _ messageID: [UInt8], part: Int?
    ) -> MessageKey {
        var id = unquoted(messageID[...]) ?? messageID[...]
        if let part { id += [0] + Array(String(part).utf8) }
        var text = Array("\(directory[sender].account.number) ".utf8)
        text += Array("\(mailbox) ".utf8)
        return MessageKey(SHA256.hash(text + id).prefix(16))
    }

    private func errorDetail(_ message: OutgoingEvent) -> [UInt8] {
        Array(#","messageId":"#.utf8) + message.messageID + Array(#","recipientId":"#.utf8)
            + message.payload.text[message.payload.address ?? 0..<0]
    }

    /// The store said what became of a message.
    mutating func didKeep(_ keeping: Keeping, _ result: StoreResult) {
        directory[keeping.receiver].keepsInFlight -= 1
        directory[keeping.receiver].bytesInFlight -= keeping.event.arguments.count
        switch result {
        case .kept(let row):
            counters.keptMessages += 1
            directory[keeping.receiver].keptMessages += 1
            directory[keeping.receiver].keptBytes += keeping.event.stored.count
            let box = Mailbox(user: keeping.receiver, device: nil)
            forward(keeping.event, keeping.key, row: row, to: box)
            noticeKept(keeping)
        case .duplicate(let isDelivered):
            counters.duplicates += 1
            return repeatAnswer(keeping, isDelivered)
        case .failed(let code): return reportNotKept(keeping, code)
        default: return
        }
        answer(keeping)
    }

    private mutating func noticeKept(_ keeping: Keeping) {
        let route = routes[keeping.route].route
        if route.isNoticed, keeping.part.map(uploads.isFirst) ?? true {
            noticeIfAway(route.event, for: keeping.receiver)
        }
    }

    private mutating func reportNotKept(_ keeping: Keeping, _ code: String) {
        guard peer(keeping.sender) != nil else { return }
        report(
            .notStored(code: code), keeping.route, detail: keeping.errorDetail,
            keeping.acknowledgement, to: keeping.sender.socket)
    }

    /// Tells the sender that a message is kept, if it is still there.
    private mutating func answer(_ keeping: Keeping) {
        let isThere = peer(keeping.sender) != nil
        if isThere { answer(keeping.reply, keeping.acknowledgement, keeping.sender.socket) }
        guard let part = keeping.part else { return }
        accepted(
            part, keeping.route, keeping.messageID, of: isThere ? keeping.sender.socket : nil)
    }

    /// A message came again: its sender may not have heard what became of it the first time.
    private mutating func repeatAnswer(_ keeping: Keeping, _ isDelivered: Bool) {
        answer(keeping)
        // Of a file it would be taken for word of the whole.
        guard isDelivered, keeping.part == nil, peer(keeping.sender) != nil else { return }
        let confirmation = EventText(
            name: "message:delivery-confirmed",
            arguments: Array(#"{"messageId":"#.utf8) + keeping.messageID + [0x7d])
        emit(.emit(keeping.sender.socket, confirmation, .transient))
    }

    /// Sends a kept message on all connections that had everything before it; the others will
    /// read it from the store.
    mutating func forward(
        _ event: EventText, _ key: MessageKey, row: Int64, to box: Mailbox
    ) {
        for socket in sockets(of: box) where peers[socket]?.isLive == true {
            deliver(event, key, row: row, on: socket, of: box)
        }
    }

    private mutating func deliver(
        _ event: EventText, _ key: MessageKey, row: Int64, on socket: SocketNumber,
        of box: Mailbox
    ) {
        peers[socket]?.lastRow = row
        // What is no message is acknowledged by nobody.
        guard peers[socket]?.isReliable == true, acknowledgedEvents.contains(event.name) else {
            // While a reliable connection is to acknowledge it, writing it elsewhere is not enough.
            let delivery =
                hasReliableConnection(box) && acknowledgedEvents.contains(event.name)
                ? Delivery.stored(row) : .row(row)
            return emit(.emit(socket, event, delivery))
        }
        // Parts of files take no room among these: who knows no files, and so never acknowledges
        // them, must still get messages.
        if !eventsOfParts.contains(event.name) { peers[socket]?.unacknowledged[key] = row }
        emit(.emit(socket, event, .stored(row)))
    }

    private func hasReliableConnection(_ box: Mailbox) -> Bool {
        sockets(of: box).contains { peers[$0]?.isReliable == true }
    }
}

extension RelayServer {
    /// Begins to send a new connection what was kept for its user.
    mutating func startFeed(of socket: SocketNumber) {
        guard let peer = peers[socket] else { return }
        let queue = self[queue: mailbox(of: peer)]
        guard queue.keptMessages > 0 || queue.keepsInFlight > 0 else { return }
        read(for: socket, after: 0)
    }

    mutating func read(for socket: SocketNumber, after row: Int64) {
        guard let peer = peers[socket] else { return }
        peers[socket]?.feed = .reading(after: row)
        ask(
            .read(
                receiver: number(of: mailbox(of: peer)), after: row,
                count: limits.messagesPerRead, byteCount: limits.bytesPerRead),
            then: .read(PeerReference(socket: socket, serial: peer.serial), user: peer.user))
    }

    /// The store read some messages for a connection.
    mutating func didRead(_ reference: PeerReference, user: Int, _ result: StoreResult) {
        guard let peer = peer(reference), case .reading(let after) = peer.feed else { return }
        guard case .messages(let messages, let isLast) = result else {
            // Unreadable now, but not lost: the client gets it when it comes again.
            emit(.close(reference.socket, reason: "storeUnavailable"))
            return
        }
        for message in messages {
            guard let event = EventText(stored: message.event) else { continue }
            deliver(
                event, message.key, row: message.row, on: reference.socket, of: mailbox(of: peer))
        }
        if isLast, peer.drainsUsersMailbox {
            drainUsersMailbox(
                reference.socket, isEmpty: messages.isEmpty, messages.last?.row ?? after)
        } else if isLast {
            peers[reference.socket]?.feed = .live
        } else {
            peers[reference.socket]?.feed = .waiting(after: messages.last?.row ?? after)
            emit(.reportDrained(reference.socket))
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
            recoveries.change(session) { $0.leaveToStore { $0.row ?? 0 >= row } }
        }
        // A reading that is under way would go on after what was held.
        peers[socket]?.feed = .waiting(after: min(peer.feed.lastRow ?? peer.lastRow, row - 1))
        emit(.reportDrained(socket))
    }

    /// These messages were emitted to a user of whom nobody knows whether it read them: its
    /// connection is gone. They are kept until it comes again. Call it before `disconnect`.
    ///
    /// - Parameter wereSent: whether they may have left.
    public mutating func undelivered(
        _ messages: [EventText], on socket: SocketNumber, wereSent: Bool = true
    ) {
        guard peers.indices.contains(socket), let peer = peers[socket],
            !directory[peer.user].isRemoved
        else { return }
        let box = Mailbox(user: peer.user, device: peer.device)
        // The device may have been removed, and it is for it alone.
        if let device = box.device, devices[device] == nil { return }
        for message in messages {
            self[queue: box].keepsInFlight += 1
            let key = MessageKey(randomBytes(16))
            let message = stripped(message, peer.recovery, key, wereSent)
            ask(
                .keep(
                    receiver: number(of: box), key: key, event: message.stored, remembers: false,
                    now: wall),
                then: .keepAgain(box, message))
        }
    }

    /// A message without the number by which its client may prove to have it.
    private mutating func stripped(
        _ message: EventText, _ session: RecoverySession?, _ key: MessageKey, _ wasSent: Bool
    ) -> EventText {
        guard let session, let (number, event) = RecoveryOffset.split(message) else {
            return message
        }
        if wasSent {
            session.kept(number, under: key)
        } else {
            recoveries.change(session) { $0.leaveToStore { $0.number == number } }
        }
        return event
    }

    mutating func didKeepAgain(_ box: Mailbox, _ message: EventText, _ result: StoreResult) {
        self[queue: box].keepsInFlight -= 1
        guard case .kept(let row) = result else { return }
        self[queue: box].keptMessages += 1
        self[queue: box].keptBytes += message.stored.count
        forward(message, MessageKey(high: 0, low: UInt64(bitPattern: row)), row: row, to: box)
    }

    /// These rows have been handed to the system for a connection whose client acknowledges
    /// nothing: that is all the relay will ever know of them.
    public mutating func written(_ rows: [Int64], on socket: SocketNumber) {
        guard peers.indices.contains(socket), let peer = peers[socket] else { return }
        removals[number(of: mailbox(of: peer)), default: []] += rows
        peers[socket]?.recovery?.written(rows)
    }

    /// A client says that it has a message safe.
    mutating func acknowledgeDelivery(_ message: OutgoingEvent) {
        for box in boxesRead(by: message.socket) {
            let mailbox = number(of: box)
            let key = key(
                from: message.target, to: mailbox, message.messageID, part: partNumber(message))
            if let row = peers[message.socket]?.unacknowledged.removeValue(forKey: key) {
                removals[mailbox, default: []].append(row)
                break
            } else if self[queue: box].keptMessages > 0 {
                ask(.removeByKey(receiver: mailbox, key: key))
            }
        }
        guard case .waiting = peers[message.socket]?.feed else { return }
        drainedAgain(message.socket)
    }

    private mutating func drainedAgain(_ socket: SocketNumber) {
        guard peers[socket]?.unacknowledged.count ?? 0 == limits.unacknowledgedMessages / 2 else {
            return
        }
        emit(.reportDrained(socket))
    }

    mutating func didRemove(_ removals: [Removal]) {
        for removal in removals {
            guard let box = mailbox(number: removal.receiver) else { continue }
            let queue = self[queue: box]
            self[queue: box].keptMessages = max(0, queue.keptMessages - removal.count)
            self[queue: box].keptBytes = max(0, queue.keptBytes - removal.byteCount)
        }
    }
}
