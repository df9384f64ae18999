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
        _ message: borrowing OutgoingEvent, _ index: Int, _ acknowledgement: UInt64?
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
            let serial = message.targetSocket == nil ? takeSerial() : 0
            emit(event, .message(serial), to: sockets(of: message), away: away(of: message, .peer))
            return accepted(part, index, answer, acknowledgement, message)
        }
        let keeping = Keeping(
            sender: reference(to: message.socket), route: index, acknowledgement: acknowledgement,
            receiver: message.target,
            event: event, key: messageKey(message, directory[message.target].account.number),
            part: part,
            reply: answer, messageID: message.messageID, errorDetail: errorDetail(message))
        guard hasRoom(for: event, from: message.sender, toReach: message.target) else {
            return reportFull(keeping)
        }
        audit(routes[index].route, message)
        let remembers = part != nil || hasOwnID(message, index)
        if devices.devices(of: message.target).isEmpty {
            keepForUser(keeping, message, remembers: remembers)
        } else {
            keep(keeping, message, remembers: remembers)
        }
    }

    private func hasRoom(
        for event: EventText, from sender: Int, toReach target: Int
    ) -> Bool {
        guard devices.devices(of: target).isEmpty else {
            return mailboxes(of: target).contains { hasRoom(for: event, from: sender, in: $0) }
        }
        return hasRoom(for: event, from: sender, in: Mailbox(user: target, device: nil))
    }

    /// Tells the sender that a message is on its way, or that a part of a file is.
    private mutating func accepted(
        _ part: FilePart?, _ index: Int, _ reply: EventText, _ acknowledgement: UInt64?,
        _ message: borrowing OutgoingEvent
    ) {
        answer(reply, acknowledgement, message.socket)
        if let part {
            accepted(part, index, message.messageID, of: reference(to: message.socket))
        }
    }

    private mutating func mustBeKept(_ message: borrowing OutgoingEvent, _ index: Int) -> Bool {
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

    private func hasOwnID(_ message: borrowing OutgoingEvent, _ index: Int) -> Bool {
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

    private mutating func keepForUser(
        _ keeping: Keeping, _ message: borrowing OutgoingEvent, remembers: Bool
    ) {
        store(keeping.receiver)
        let receiver = directory[keeping.receiver].account
        beginKeeping(
            keeping.event.arguments.count, from: message.sender,
            in: Mailbox(user: keeping.receiver, device: nil))
        ask(
            .keep(
                receiver: receiver.number, key: keeping.key, event: keeping.event.stored,
                remembers: remembers, now: wall),
            then: .keep(keeping))
    }

    /// Keeps a message in the mailboxes of all of the receiver's devices, as far as they have room.
    private mutating func keep(
        _ keeping: Keeping, _ message: borrowing OutgoingEvent, remembers: Bool
    ) {
        store(keeping.receiver)
        let all = mailboxes(of: keeping.receiver)
        let boxes = all.filter {
            hasRoom(for: keeping.event, from: message.sender, in: $0)
        }
        if boxes.count < all.count {
            counters.countNotKept(keeping.event.name, UInt64(all.count - boxes.count))
        }
        let items = boxes.map { box in
            Mail.Item(mailbox: number(of: box), key: messageKey(message, number(of: box)))
        }
        keep(keeping.event, from: message.sender, items, in: boxes, remembers: remembers) {
            relay, result in
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

    private func messageKey(_ message: borrowing OutgoingEvent, _ mailbox: Int64) -> MessageKey {
        key(from: message.sender, to: mailbox, message.messageID, part: partNumber(message))
    }

    /// - Parameter part: the number of a part of a file; no message id has the byte before it.
    func key(
        from sender: Int, to mailbox: Int64, _ messageID: [UInt8], part: Int?
    ) -> MessageKey {
        var id = unquoted(messageID[...]) ?? messageID[...]
        if let part { id += [0] + Array(String(part).utf8) }
        var text = Array("\(directory[sender].account.number) ".utf8)
        text += Array("\(mailbox) ".utf8)
        return MessageKey(SHA256.hash(text + id).prefix(16))
    }

    private func errorDetail(_ message: borrowing OutgoingEvent) -> [UInt8] {
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

    private mutating func reportFull(_ keeping: Keeping) {
        counters.countNotKept(keeping.event.name)
        report(
            .queueFull, keeping.route, detail: keeping.errorDetail, keeping.acknowledgement,
            to: keeping.sender.socket)
    }

    private mutating func reportNotKept(_ keeping: Keeping, _ code: String) {
        let error = EventError.notStored(code: code)
        guard peer(keeping.sender) != nil else {
            let event = errorEvent(error, keeping.route, detail: keeping.errorDetail)
            return emit(event, answering: keeping.sender)
        }
        report(
            error, keeping.route, detail: keeping.errorDetail, keeping.acknowledgement,
            to: keeping.sender.socket)
    }

    /// Tells the sender that a message is kept.
    private mutating func answer(_ keeping: Keeping) {
        if peer(keeping.sender) != nil {
            answer(keeping.reply, keeping.acknowledgement, keeping.sender.socket)
        } else {
            emit(keeping.reply, answering: keeping.sender)
        }
        guard let part = keeping.part else { return }
        accepted(part, keeping.route, keeping.messageID, of: keeping.sender)
    }

    /// A message came again: its sender may not have heard what became of it the first time.
    private mutating func repeatAnswer(_ keeping: Keeping, _ isDelivered: Bool) {
        answer(keeping)
        // Of a file it would be taken for word of the whole.
        guard isDelivered, keeping.part == nil else { return }
        let confirmation = EventText(
            name: "message:delivery-confirmed",
            arguments: Array(#"{"messageId":"#.utf8) + keeping.messageID + [0x7d])
        emit(confirmation, answering: keeping.sender)
    }
}
