internal import Clock
internal import HTTP
internal import WebSocket

extension Server {
    func session(_ handle: Session) -> SessionState? {
        guard handle.slot < sessions.count, let session = sessions[handle.slot],
            session.handle.number == handle.number
        else { return nil }
        return session
    }

    func session(named text: String) -> SessionState? {
        guard let id = SessionID(text), let slot = slotsByID[id] else { return nil }
        return sessions[slot]
    }

    /// - Parameter remote: an address that was counted with `addSession`.
    mutating func makeSession(of remote: String, isPolling: Bool) -> SessionState {
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
        } else {
            slot = sessions.count
            sessions.append(nil)
        }
        sessionNumber &+= 1
        let handle = Session(slot: slot, number: sessionNumber)
        let id = SessionID(using: &generator)
        let session = SessionState(handle, id, remote: remote, isPolling: isPolling)
        sessions[slot] = session
        slotsByID[id] = slot
        schedulePing(session)
        return session
    }

    func openPacket(_ session: SessionState) -> [UInt8] {
        let upgrades = session.isPolling ? "\"websocket\"" : ""
        return Array(
            """
            0{"sid":"\(session.id.text)","upgrades":[\(upgrades)],\
            "pingInterval":\(configuration.pingInterval.milliseconds),\
            "pingTimeout":\(configuration.pingTimeout.milliseconds),\
            "maxPayload":\(configuration.maxPayload)}
            """.utf8)
    }

    /// The application has let a client in: from now on it may send messages of `maxPayload`.
    public mutating func trust(_ handle: Session) {
        guard let session = session(handle), !session.isTrusted else { return }
        session.isTrusted = true
        for connection in [session.connection, session.probe] {
            connection?.endpoint?.messageLimit = configuration.maxPayload
        }
    }

    /// The most bytes that a message of this client may have.
    func payloadLimit(_ session: SessionState) -> Int {
        session.isTrusted
            ? configuration.maxPayload
            : min(configuration.maxPayload, configuration.untrustedPayload)
    }

    // MARK: Sending

    /// Sends a message of `byteCount` bytes of UTF-8, which `write` appends to the buffer it is
    /// given.
    ///
    /// - Parameter limit: how many bytes may wait for the client, with these; nil where that does
    ///   not matter.
    /// - Returns: false where the session is gone, or has no room.
    @discardableResult
    public mutating func sendText(
        to handle: Session, byteCount: Int, within limit: Int? = nil,
        _ write: (inout [UInt8]) -> Void
    ) -> Bool {
        guard let session = session(handle), !session.isClosing else { return false }
        guard !session.isPolling, let connection = session.connection else {
            if let limit {
                let waiting = session.waitingByteCount + (session.connection?.pendingByteCount ?? 0)
                guard waiting + byteCount + FrameSize.most <= limit else { return false }
            }
            guard hasRoom(session) else { return false }
            var bytes = [PacketType.message.rawValue]
            bytes.reserveCapacity(byteCount + 1)
            write(&bytes)
            wait(SessionState.Waiting(bytes: bytes, isBinary: false), on: session)
            return true
        }
        // Taken out of the object, so that each access is not checked anew.
        var output: [UInt8] = []
        swap(&output, &connection.output)
        let waiting = session.waitingByteCount + output.count - connection.written
        if let limit, waiting + byteCount + FrameSize.most > limit {
            swap(&output, &connection.output)
            return false
        }
        if waiting > configuration.maximumBufferedByteCount {
            swap(&output, &connection.output)
            return hasRoom(session)
        }
        if output.isEmpty { output = takeSpare(byteCount + FrameSize.most) }
        appendFrameHeader(.text, count: byteCount + 1, to: &output)
        output.append(PacketType.message.rawValue)
        let start = output.count
        write(&output)
        precondition(output.count == start + byteCount, "byteCount is wrong")
        swap(&output, &connection.output)
        if observer != nil { note(.outgoing, connection.output[(start - 1)...], of: session) }
        touch(connection)
        return true
    }

    /// The bytes around a message at most: a frame's header and the packet's type.
    private enum FrameSize { static let most = 16 }

    @discardableResult
    public mutating func sendBinary(to handle: Session, _ bytes: ArraySlice<UInt8>) -> Bool {
        guard let session = session(handle), !session.isClosing, hasRoom(session) else {
            return false
        }
        guard !session.isPolling, let connection = session.connection else {
            wait(SessionState.Waiting(bytes: Array(bytes), isBinary: true), on: session)
            return true
        }
        reserve(connection, bytes.count + 16)
        appendFrameHeader(.binary, count: bytes.count, to: &connection.output)
        connection.output.append(contentsOf: bytes)
        note(.outgoing, bytes, of: session, isBinary: true)
        touch(connection)
        return true
    }

    /// Sends a packet of the protocol itself, or one that waited.
    mutating func sendControl(_ packet: [UInt8], to session: SessionState) {
        guard !session.isPolling, let connection = session.connection else {
            return wait(SessionState.Waiting(bytes: packet, isBinary: false), on: session)
        }
        reserve(connection, packet.count + 16)
        connection.endpoint?.send(text: packet, to: &connection.output)
        note(.outgoing, packet[...], of: session)
        touch(connection)
    }

    private mutating func wait(_ packet: SessionState.Waiting, on session: SessionState) {
        session.waiting.append(packet)
        session.waitingByteCount += packet.bytes.count
        guard session.connection != nil, !session.isInPollFlush else { return }
        session.isInPollFlush = true
        pollFlushes.append(session)
    }

    /// Whether a session takes more. One that has too much waiting already is cut off, so that a
    /// stalled reader costs the limit and one message at most.
    private mutating func hasRoom(_ session: SessionState) -> Bool {
        let pending = session.isPolling ? 0 : session.connection?.pendingByteCount ?? 0
        let limit = configuration.maximumBufferedByteCount
        if session.waitingByteCount + pending <= limit { return true }
        if !session.isPolling, let connection = session.connection {
            connection.session = nil
            session.connection = nil
            abort(connection)
        }
        end(session, .slowConsumer)
        return false
    }

    /// Whether everything sent to the session has left this process.
    public func isDrained(_ handle: Session) -> Bool {
        guard let session = session(handle) else { return false }
        return session.waiting.isEmpty && (session.connection?.pendingByteCount ?? 0) == 0
    }

    /// How many bytes wait to be sent to the session.
    public func bufferedByteCount(_ handle: Session) -> Int {
        guard let session = session(handle) else { return 0 }
        return session.waitingByteCount + (session.connection?.pendingByteCount ?? 0)
    }

    // MARK: Closing

    /// Closes a session after what was sent to it. No `closed` output follows.
    ///
    /// - Parameters:
    ///   - isViolation: the client broke the protocol above, and is told so.
    ///   - isLeaving: the server is about to end, and the client may look for another.
    public mutating func close(
        _ handle: Session, isViolation: Bool = false, isLeaving: Bool = false
    ) {
        guard let session = session(handle), !session.isClosing else { return }
        if isViolation {
            remove(session, code: .protocolError)
        } else if isLeaving, session.isPolling {
            leave(session)
        } else if session.isPolling {
            let packet = [PacketType.close.rawValue]
            session.isClosing = true
            wait(SessionState.Waiting(bytes: packet, isBinary: false), on: session)
        } else {
            remove(session, code: isLeaving ? .goingAway : .normal)
        }
    }

    /// Ends a session that polls such that its client takes the transport for broken, and opens
    /// another: told by a packet to close, the stock Python client would stay away.
    private mutating func leave(_ session: SessionState) {
        answerPoll(session)
        let waiting = session.connection
        session.connection = nil
        remove(session, code: .goingAway)
        guard let waiting else { return }
        waiting.session = nil
        waiting.http?.keepsAlive = false
        respond(waiting, Response(.serviceUnavailable))
    }

    /// Ends a session and says so.
    mutating func end(_ session: SessionState, _ reason: CloseReason) {
        let wasClosing = session.isClosing
        remove(session, code: reason == .parseError ? .protocolError : .normal)
        if !wasClosing { outputs.append(.closed(session.handle, reason)) }
    }

    /// Takes a session out of all tables, and lets go of its connections.
    mutating func remove(_ session: SessionState, code: CloseCode) {
        guard sessions[session.handle.slot] === session else { return }
        sessions[session.handle.slot] = nil
        slotsByID[session.id] = nil
        freeSlots.append(session.handle.slot)
        addresses.removeSession(session.remote, at: now)
        session.timer = 0
        session.posting?.posting = nil
        session.posting = nil
        for connection in [session.connection, session.probe].compactMap({ $0 }) {
            connection.session = nil
            if connection.endpoint != nil {
                shut(connection, code)
            } else {
                note(.outgoing, [PacketType.close.rawValue], of: session)
                respondToPoll(connection, [PacketType.close.rawValue])
            }
        }
        session.connection = nil
        session.probe = nil
        session.waiting = []
        session.waitingByteCount = 0
    }

    /// Begins the closing handshake of a WebSocket connection that no session lives on any more.
    mutating func shut(_ connection: Connection, _ code: CloseCode) {
        reserve(connection, 16)
        connection.endpoint?.close(code, to: &connection.output)
        expire(connection, after: configuration.closeTimeout)
        touch(connection)
    }

    // MARK: Heartbeat

    /// The time to the next ping is up to a quarter shorter than the interval: clients that came
    /// together, as they do after a restart, are not pinged together for ever after.
    private mutating func schedulePing(_ session: SessionState) {
        let interval = configuration.pingInterval.milliseconds
        let delay = Int64.random(in: interval * 3 / 4...interval, using: &generator)
        timerNumber &+= 1
        session.timer = timerNumber
        session.isWaitingForPong = false
        pings.start(slot: session.handle.slot, number: timerNumber, due: now + delay, at: now)
    }

    mutating func receivedPong(_ session: SessionState) {
        if session.isWaitingForPong { schedulePing(session) }
    }

    mutating func firePings() {
        while let ping = pings.fire(at: now) {
            guard let session = sessions[ping.slot], session.timer == ping.number else { continue }
            if !session.isClosing { sendControl([PacketType.ping.rawValue], to: session) }
            guard sessions[ping.slot] === session else { continue }
            session.isWaitingForPong = true
            let due = now + configuration.pingTimeout.milliseconds
            pongs.start(slot: ping.slot, number: ping.number, due: due, at: now)
        }
    }

    mutating func firePongs() {
        while let pong = pongs.fire(at: now) {
            guard let session = sessions[pong.slot], session.timer == pong.number,
                session.isWaitingForPong
            else { continue }
            end(session, .pingTimeout)
        }
    }
}
