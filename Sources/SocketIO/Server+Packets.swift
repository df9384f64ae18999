internal import EngineIO
internal import JSON

extension Server {
    // MARK: What clients say

    mutating func receive(_ text: ArraySlice<UInt8>, from session: Session) -> Output? {
        do throws(SocketIOError) {
            return try handle(text, from: session)
        } catch {
            fail(session, error)
            return nil
        }
    }

    mutating func receive(
        binary bytes: ArraySlice<UInt8>, from session: Session
    ) -> Output? {
        do throws(SocketIOError) {
            guard sessions[session.slot]?.pending != nil else { throw .unexpectedPacket }
            let limit = configuration.attachmentByteCount
            try sessions[session.slot]?.pending?.append(bytes, limit: limit)
            guard let pending = sessions[session.slot]?.pending, pending.isComplete else {
                return nil
            }
            sessions[session.slot]?.pending = nil
            sessions[session.slot]?.timer = 0
            return try output(of: pending)
        } catch {
            fail(session, error)
            return nil
        }
    }

    /// Closes the transport of a client that broke the protocol.
    private mutating func fail(_ session: Session, _ error: SocketIOError) {
        engine.close(session, isViolation: true)
        forget(session, .violation(error))
    }

    private mutating func handle(
        _ text: ArraySlice<UInt8>, from session: Session
    ) throws(SocketIOError) -> Output? {
        guard let state = sessions[session.slot], state.session == session else { return nil }
        if case .some = state.pending { throw .unexpectedPacket }
        let packet = try Packet(text)
        if packet.type == .connect { return try connect(packet, text, from: session) }
        let slot =
            packet.namespace.isEmpty
            ? state.mainSlot : slot(of: session, text[packet.namespace])
        guard let slot, slot >= 0, let place = sockets[slot], place.isConnected else {
            throw .unexpectedPacket
        }
        let socket = Socket(slot: slot, number: place.number)
        switch packet.type {
        case .event:
            return try event(text[packet.payload], on: socket, packet.ackID, [])
        case .ack:
            return try acknowledged(text[packet.payload], on: socket, packet.ackID, [])
        case .disconnect:
            guard packet.payload.isEmpty else { throw .malformedPacket }
            removeSocket(socket)
            return .disconnected(socket, .client)
        case .binaryEvent, .binaryAck:
            let pending = try PendingPacket(packet, text[packet.payload], for: socket)
            if pending.isComplete { return try output(of: pending) }
            sessions[session.slot]?.pending = pending
            startTimer(session)
            return nil
        case .connect, .connectError: throw .unexpectedPacket
        }
    }

    private func slot(of session: Session, _ namespace: ArraySlice<UInt8>) -> Int? {
        if namespace.isEmpty {
            guard let slot = sessions[session.slot]?.mainSlot, slot >= 0 else { return nil }
            return slot
        }
        return sessions[session.slot]?.otherSlots.first { slot in
            guard let socket = sockets[slot] else { return false }
            return namespaces[socket.namespace].prefix.dropLast().elementsEqual(namespace)
        }
    }

    private mutating func connect(
        _ packet: Packet, _ text: ArraySlice<UInt8>, from session: Session
    ) throws(SocketIOError) -> Output? {
        let (payload, name) = (text[packet.payload], text[packet.namespace])
        guard packet.ackID == nil, let state = sessions[session.slot] else {
            throw .malformedPacket
        }
        guard payload.isEmpty || Payload.isObject(payload) else {
            throw .malformedPacket
        }
        guard slot(of: session, name) == nil else { throw .unexpectedPacket }
        let known = namespaces.firstIndex { $0.prefix.dropLast().elementsEqual(name) }
        guard let namespace = known else {
            // No socket is made, so the timer for the first CONNECT goes on.
            sendError(
                to: session, prefix: Array(name) + [0x2c], "Invalid namespace", nil)
            return nil
        }
        sessions[session.slot]?.timer = 0
        let socket = makeSocket(session, namespace: namespace)
        return .connecting(
            socket, namespace: namespaces[namespace].name, auth: payload,
            remote: state.remote)
    }

    private mutating func event(
        _ text: ArraySlice<UInt8>, on socket: Socket, _ ackID: UInt64?, _ attachments: [[UInt8]]
    ) throws(SocketIOError) -> Output {
        members.removeAll(keepingCapacity: true)
        let payload = try Payload(event: text, noting: &members)
        return .event(
            Event(
                socket: socket, nameText: try payload.name(in: text),
                arguments: text[payload.arguments],
                members: members,
                acknowledgement: ackID.map { Acknowledgement(socket: socket, id: $0) },
                attachments: attachments))
    }

    /// An ACK that answers nothing we asked is passed over, as the reference implementation does.
    private func acknowledged(
        _ text: ArraySlice<UInt8>, on socket: Socket, _ ackID: UInt64?, _ attachments: [[UInt8]]
    ) throws(SocketIOError) -> Output? {
        guard let ackID else { throw .malformedPacket }
        let payload = try Payload(ack: text)
        guard let state = state(socket), ackID < state.lastAckID else { return nil }
        return .acknowledged(
            socket, id: ackID, arguments: text[payload.arguments], attachments: attachments)
    }

    private mutating func output(of pending: PendingPacket) throws(SocketIOError) -> Output? {
        guard let socket = pending.socket, state(socket) != nil else { return nil }
        if pending.type == .binaryAck {
            return try acknowledged(
                pending.payload[...], on: socket, pending.ackID, pending.attachments)
        }
        return try event(pending.payload[...], on: socket, pending.ackID, pending.attachments)
    }
}
