internal import Clock
internal import Crypto
public import JSON
internal import Wire

/// Whom an event is for.
struct Target {
    let user: Int
    /// The one connection that was named, where a socket id named it.
    let socket: SocketNumber?
}

extension RelayServer {
    /// An EVENT packet came.
    ///
    /// - Parameters:
    ///   - event: its name in UTF-8.
    ///   - arguments: the JSON texts of its arguments with commas between; UTF-8.
    ///   - members: the members of the first argument, where the caller knows them.
    ///   - hasAttachments: whether binary data came along, which no family's events have.
    ///   - acknowledgement: the id under which the client waits for an ACK.
    ///   - sendNow: sends an event that is on nobody's mind once it is lost, by its name and its
    ///     arguments, which are lent. Where it says false the event comes as an effect, and so it
    ///     does where effects that were not taken yet come before it.
    public mutating func receive(
        _ event: ArraySlice<UInt8>, _ arguments: ArraySlice<UInt8>, members: [JSONMember]? = nil,
        hasAttachments: Bool = false, acknowledgement: UInt64?, from socket: SocketNumber,
        sendNow: SendNow = { _, _, _ in false }
    ) {
        guard peers.indices.contains(socket), let peer = peers[socket] else { return }
        spendEvent(of: peer, socket)
        let variants = routes(for: event)
        var index = variants.first
        counters.countEvent(index ?? routes.count)
        do throws(EventError) {
            guard index != nil else { throw .unknownEvent }
            guard !hasAttachments else { throw .binaryData }
            let payload = try payload(arguments, try checked(members, arguments), variants, &index)
            let message = try outgoing(payload, index ?? 0, from: socket, peer.user)
            try relay(message, acknowledgement, sendNow)
            message.leave(&spareRanges)
        } catch {
            report(error, index, detail: [], acknowledgement, to: socket)
        }
    }

    private func checked(
        _ members: [JSONMember]?, _ arguments: ArraySlice<UInt8>
    ) throws(EventError) -> [JSONMember] {
        if let members { return members }
        return try EventPayload.members(of: arguments)
    }

    /// Families that share an event's name differ by the field that names the peer: the first
    /// row whose field is there is meant.
    private mutating func payload(
        _ arguments: ArraySlice<UInt8>, _ members: [JSONMember], _ variants: [Int],
        _ index: inout Int?
    ) throws(EventError) -> EventPayload {
        for at in variants.indices {
            let row = routes[variants[at]]
            index = variants[at]
            do throws(EventError) {
                return try EventPayload.read(arguments, members, for: row, in: &spareRanges)
            } catch {
                let isOther = error == .missingField(row.route.address)
                guard isOther, at + 1 < variants.count else { throw error }
            }
        }
        throw .unknownEvent
    }

    /// A client that sends too fast is read more slowly; nothing of what it sent is dropped.
    private mutating func spendEvent(of peer: Peer, _ socket: SocketNumber) {
        var events = peer.events
        let alone = events.spend(
            capacity: limits.eventBurst, rate: limits.eventsPerSecond, at: now)
        peer.events = events
        let wait = max(alone, spendEvent(ofAll: peer.user))
        guard wait > 0, peer.pausedUntil <= now else { return }
        let pause = Duration.milliseconds(Int64(min(max(wait, 0.005), 60) * 1000))
        peer.pausedUntil = now + pause
        emit(.pause(socket, for: pause))
    }

    /// A user with several connections has an allowance for all of them.
    private mutating func spendEvent(ofAll user: Int) -> Double {
        guard directory.users[user].sockets.count > 1 else { return 0 }
        let (capacity, rate) = (limits.eventBurstPerUser, limits.eventsPerSecondPerUser)
        if directory[user].events == nil {
            directory[user].events = TokenBucket(full: capacity, at: now)
        }
        return directory[user].events?.spend(capacity: capacity, rate: rate, at: now) ?? 0
    }

    /// For whom an event is, and what is made for it.
    private mutating func outgoing(
        _ payload: consuming EventPayload, _ index: Int, from socket: SocketNumber, _ user: Int
    ) throws(EventError) -> OutgoingEvent {
        let row = routes[index]
        let target =
            row.route.audience == .room
            ? try roomTarget(of: payload, row.route, sender: user) : try target(of: payload, row)
        if row.route.audience != .room { watchTarget(target.user, of: user, route: index) }
        let messageID = messageID(for: row, payload)
        return OutgoingEvent(
            payload: payload, route: index, sender: user, socket: socket, target: target.user,
            targetSocket: target.socket, messageID: messageID)
    }

    private mutating func relay(
        _ message: borrowing OutgoingEvent, _ acknowledgement: UInt64?, _ sendNow: SendNow
    ) throws(EventError) {
        let row = routes[message.route]
        try row.route.action?(&self, message)
        if row.route.whenOffline == .keep {
            return try send(message, message.route, acknowledgement)
        }
        let sockets = try audience(of: message, row.route.audience)
        guard !sockets.isEmpty || row.route.whenOffline == .ignore else {
            if row.route.whenOffline == .post { return try postpone(message, acknowledgement) }
            if row.route.isNoticed { notice(row.route.event, for: message.target) }
            throw .peerOffline
        }
        if row.route.audit != nil { audit(row.route, message) }
        if let template = row.peerGets {
            let away = away(of: message, row.route.audience)
            if !sockets.isEmpty || !away.isEmpty {
                send(message, template, to: sockets, away: away, sendNow)
            }
        }
        answer(message.route, message, acknowledgement)
    }

    /// Sends what a template makes of an event, at once where the order of all that is sent allows
    /// it and there is room.
    private mutating func send(
        _ message: borrowing OutgoingEvent, _ template: CompiledRoute.Template,
        to sockets: [SocketNumber], away sessions: [RecoverySession], _ sendNow: SendNow
    ) {
        var text: [UInt8] = []
        swap(&text, &composed)
        compose(template, message, into: &text)
        let name = template.name
        let waiting = sockets.drop {
            !hasEffects && recoveries.isEmpty && sendNow($0, name.span, text.span)
        }
        let isShared = !waiting.isEmpty || !sessions.isEmpty
        if isShared {
            let event = EventText(nameText: name, arguments: text)
            emit(event, to: waiting, away: sessions)
        }
        guard !isShared, text.capacity <= Self.composedCapacity else { return }
        text.emptyForReuse()
        swap(&text, &composed)
    }

    /// A buffer that grew larger is given back.
    private static let composedCapacity = 64 << 10

    /// The connections to which an event goes now.
    mutating func sockets(of message: borrowing OutgoingEvent) -> [SocketNumber] {
        message.targetSocket.map { [$0] } ?? directory.users[message.target].sockets
    }

    /// The same, for rows of every audience.
    private mutating func audience(
        of message: borrowing OutgoingEvent, _ audience: Audience
    ) throws(EventError) -> [SocketNumber] {
        switch audience {
        case .peer: return sockets(of: message)
        case .roommate:
            let sockets = sockets(of: message)
            let roommates = sockets.filter { rooms.share(message.socket, $0) }
            guard sockets.isEmpty || !roommates.isEmpty else { throw .notInRoom }
            return roommates
        case .room:
            guard let others = rooms.others(in: message.room, than: message.socket) else {
                throw .notInRoom
            }
            return others
        }
    }

    private mutating func messageID(
        for route: CompiledRoute, _ payload: borrowing EventPayload
    ) -> [UInt8] {
        guard let field = route.messageIDField else { return [] }
        guard payload.fields[field].isEmpty else {
            return Array(payload.text[payload.fields[field]])
        }
        return random.quotedHex(16)
    }

    private func roomTarget(
        of payload: borrowing EventPayload, _ route: Route, sender: Int
    ) throws(EventError) -> Target {
        guard let range = payload.address else { throw .missingField(route.address) }
        guard let name = unquoted(payload.text[range]), !name.isEmpty,
            name.count <= limits.roomNameByteCount
        else { throw .badField(route.address) }
        return Target(user: sender, socket: nil)
    }

    private mutating func target(
        of payload: borrowing EventPayload, _ route: CompiledRoute
    ) throws(EventError) -> Target {
        guard let range = payload.address else { throw .missingField(route.route.address) }
        guard let value = unquoted(payload.text[range]), !value.isEmpty,
            value.count <= Limits.addressByteCount
        else { throw .badField(route.route.address) }
        if let user = directory.user(id: value) { return Target(user: user, socket: nil) }
        if let socket = socketIDs[value], let user = peers[socket]?.user {
            return Target(user: user, socket: socket)
        }
        guard let user = directory.user(email: value) else { throw .unknownPeer }
        return Target(user: user, socket: nil)
    }

    /// Writes what happened into the audit log, where the route says so.
    mutating func audit(_ route: Route, _ message: borrowing OutgoingEvent) {
        guard let rule = route.audit, let who = peers[message.socket]?.auditText else { return }
        var numbers = Array(#","byteCount":"#.utf8)
        numbers += Array(String(message.payload.text.count).utf8)
        for name in rule.numbers {
            guard let field = route.fields.firstIndex(where: { $0.name == name }),
                !message.payload.fields[field].isEmpty
            else { continue }
            numbers += Array(#",""#.utf8)
            numbers += Array(name.utf8)
            numbers += Array(#"":"#.utf8)
            numbers += message.payload.text[message.payload.fields[field]]
        }
        audit.add(rule.name, at: wall, timestampText, who: who, numbers: numbers)
    }

    /// Sends the sender its event, and its ACK if it wants one.
    private mutating func answer(
        _ index: Int, _ message: borrowing OutgoingEvent, _ acknowledgement: UInt64?
    ) {
        guard let template = routes[index].senderGets else {
            guard let acknowledgement else { return }
            emit(
                .acknowledge(
                    message.socket, id: acknowledgement,
                    arguments: Array(#"{"success":true}"#.utf8)))
            return
        }
        answer(compose(template, message), acknowledgement, message.socket)
    }

    /// Sends an event that answers another, and its object as the ACK.
    mutating func answer(
        _ event: EventText, _ acknowledgement: UInt64?, _ socket: SocketNumber
    ) {
        emit(.emit(socket, event, .transient))
        guard let acknowledgement else { return }
        emit(.acknowledge(socket, id: acknowledgement, arguments: event.arguments))
    }

    /// Tells the sender what is wrong, by its family's error event.
    mutating func report(
        _ error: EventError, _ index: Int?, detail: [UInt8], _ acknowledgement: UInt64?,
        to socket: SocketNumber
    ) {
        counters.countRefusedEvent(error.code)
        watchRefusal(error.code, of: socket)
        let event = index.map { routes[$0].route.event } ?? Counters.unknown
        emit(.log(.detail, "refused the event \(event): \(error.code)"))
        answer(errorEvent(error, index, detail: detail), acknowledgement, socket)
    }

    func errorEvent(_ error: EventError, _ index: Int?, detail: [UInt8]) -> EventText {
        var text = Array(#"{"message":"#.utf8)
        text += quoted(error.message)
        text += Array(#","code":"#.utf8)
        text += quoted(error.code)
        text += detail
        text += [0x7d]
        let name = index.map { routes[$0].route.errorEvent } ?? "error"
        return EventText(name: name, arguments: text)
    }
}
