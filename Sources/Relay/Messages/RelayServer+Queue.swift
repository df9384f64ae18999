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
            event: event, key: messageKey(message), part: part,
            reply: answer, messageID: message.messageID, errorDetail: errorDetail(message))
        guard hasRoom(for: event, in: message.target) else {
            report(
                .queueFull, index, detail: keeping.errorDetail, acknowledgement,
                to: message.socket)
            return
        }
        audit(routes[index].route, message)
        keep(keeping, remembers: part != nil || hasOwnID(message, index))
    }

    private func hasRoom(for event: EventText, in target: Int) -> Bool {
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

    private mutating func keep(_ keeping: Keeping, remembers: Bool) {
        let receiver = directory[keeping.receiver].account
        if !directory[keeping.receiver].isStored {
            directory[keeping.receiver].isStored = true
            ask(.addAccount(receiver, passwordHash: nil), then: .account(keeping.receiver))
        }
        directory[keeping.receiver].keepsInFlight += 1
        directory[keeping.receiver].bytesInFlight += keeping.event.arguments.count
        ask(
            .keep(
                receiver: receiver.number, key: keeping.key, event: keeping.event.stored,
                remembers: remembers, now: wall),
            then: .keep(keeping))
    }

    private func messageKey(_ message: OutgoingEvent) -> MessageKey {
        key(
            from: message.sender, to: message.target, message.messageID,
            part: partNumber(message))
    }

    /// - Parameter part: the number of a part of a file; no message id has the byte before it.
    private func key(
        from sender: Int, to receiver: Int, _ messageID: [UInt8], part: Int?
    ) -> MessageKey {
        var id = unquoted(messageID[...]) ?? messageID[...]
        if let part { id += [0] + Array(String(part).utf8) }
        var text = Array("\(directory[sender].account.number) ".utf8)
        text += Array("\(directory[receiver].account.number) ".utf8)
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
            forward(keeping.event, keeping.key, row: row, to: keeping.receiver)
            let route = routes[keeping.route].route
            if route.isNoticed, keeping.part.map(uploads.isFirst) ?? true {
                noticeIfAway(route.event, for: keeping.receiver)
            }
        case .duplicate(let isDelivered):
            counters.duplicates += 1
            return repeatAnswer(keeping, isDelivered)
        case .failed(let code):
            guard peer(keeping.sender) != nil else { return }
            return report(
                .notStored(code: code), keeping.route, detail: keeping.errorDetail,
                keeping.acknowledgement, to: keeping.sender.socket)
        default: return
        }
        answer(keeping)
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
    private mutating func forward(
        _ event: EventText, _ key: MessageKey, row: Int64, to user: Int
    ) {
        for socket in directory[user].sockets where peers[socket]?.isLive == true {
            deliver(event, key, row: row, on: socket, of: user)
        }
    }

    private mutating func deliver(
        _ event: EventText, _ key: MessageKey, row: Int64, on socket: SocketNumber, of user: Int
    ) {
        peers[socket]?.lastRow = row
        guard peers[socket]?.isReliable == true else {
            // While a reliable connection is to acknowledge it, writing it elsewhere is not enough.
            let delivery = hasReliableConnection(user) ? Delivery.stored(row) : .row(row)
            return emit(.emit(socket, event, delivery))
        }
        // Parts of files take no room among these: who knows no files, and so never acknowledges
        // them, must still get messages.
        if !eventsOfParts.contains(event.name) { peers[socket]?.unacknowledged[key] = row }
        emit(.emit(socket, event, .stored(row)))
    }

    private func hasReliableConnection(_ user: Int) -> Bool {
        directory[user].sockets.contains { peers[$0]?.isReliable == true }
    }
}

extension RelayServer {
    /// Begins to send a new connection what was kept for its user.
    mutating func startFeed(of socket: SocketNumber) {
        guard let user = peers[socket]?.user else { return }
        guard directory[user].keptMessages > 0 || directory[user].keepsInFlight > 0 else { return }
        read(for: socket, after: 0)
    }

    private mutating func read(for socket: SocketNumber, after row: Int64) {
        guard let user = peers[socket]?.user, let serial = peers[socket]?.serial else { return }
        peers[socket]?.feed = .reading(after: row)
        ask(
            .read(
                receiver: directory[user].account.number, after: row,
                count: limits.messagesPerRead, byteCount: limits.bytesPerRead),
            then: .read(PeerReference(socket: socket, serial: serial), user: user))
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
            deliver(event, message.key, row: message.row, on: reference.socket, of: user)
        }
        if isLast {
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
        // A reading that is under way would go on after what was held.
        peers[socket]?.feed = .waiting(after: min(peer.feed.lastRow ?? peer.lastRow, row - 1))
        emit(.reportDrained(socket))
    }

    /// These messages were emitted to a user of whom nobody knows whether it read them: its
    /// connection is gone. They are kept until it comes again. Call it before `disconnect`.
    public mutating func undelivered(_ messages: [EventText], on socket: SocketNumber) {
        guard peers.indices.contains(socket), let user = peers[socket]?.user else { return }
        for message in messages {
            directory[user].keepsInFlight += 1
            let bytes = randomBytes(16)
            ask(
                .keep(
                    receiver: directory[user].account.number, key: MessageKey(bytes),
                    event: message.stored, remembers: false, now: wall),
                then: .keepAgain(user, message))
        }
    }

    mutating func didKeepAgain(_ user: Int, _ message: EventText, _ result: StoreResult) {
        directory[user].keepsInFlight -= 1
        guard case .kept(let row) = result else { return }
        directory[user].keptMessages += 1
        directory[user].keptBytes += message.stored.count
        forward(message, MessageKey(high: 0, low: UInt64(bitPattern: row)), row: row, to: user)
    }

    /// These rows have been handed to the system for a connection whose client acknowledges
    /// nothing: that is all the relay will ever know of them.
    public mutating func written(_ rows: [Int64], on socket: SocketNumber) {
        guard peers.indices.contains(socket), let user = peers[socket]?.user else { return }
        removals[user, default: []] += rows
    }

    /// A client says that it has a message safe.
    mutating func acknowledgeDelivery(_ message: OutgoingEvent) {
        let key = key(
            from: message.target, to: message.sender, message.messageID,
            part: partNumber(message))
        if let row = peers[message.socket]?.unacknowledged.removeValue(forKey: key) {
            removals[message.sender, default: []].append(row)
        } else if directory[message.sender].keptMessages > 0 {
            ask(
                .removeByKey(
                    receiver: directory[message.sender].account.number, key: key))
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
            guard let user = directory.user(number: removal.receiver) else { continue }
            directory[user].keptMessages = max(0, directory[user].keptMessages - removal.count)
            directory[user].keptBytes = max(0, directory[user].keptBytes - removal.byteCount)
        }
    }
}
