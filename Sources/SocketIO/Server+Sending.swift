internal import EngineIO
internal import JSON

extension Server {
    // MARK: Answering CONNECT

    /// Lets a client in.
    ///
    /// - Parameters:
    ///   - sid: what other clients may know the socket by; text without quotes or backslashes.
    ///   - recovery: where the client may recover its session, what it is told of that.
    public mutating func accept(_ socket: Socket, sid: String, recovery: Recovery? = nil) {
        guard let state = state(socket), !state.isConnected else { return }
        sockets[socket.slot]?.isConnected = true
        engine.trust(state.session)
        var writer = JSONWriter(reserving: 64)
        writer.beginObject()
        writer.name("sid")
        writer.string(sid)
        if let recovery { recovery.append(to: &writer) }
        writer.endObject()
        send(
            PacketType.connect, prefix: namespaces[state.namespace].prefix, writer.bytes,
            to: state.session)
    }

    /// Keeps a client out, with the message that its `connect_error` event shows.
    ///
    /// - Parameter data: JSON text for the error's `data`.
    public mutating func refuse(_ socket: Socket, message: String, data: [UInt8]? = nil) {
        guard let state = state(socket), !state.isConnected else { return }
        removeSocket(socket)
        sendError(
            to: state.session, prefix: namespaces[state.namespace].prefix, message, data)
        guard let left = sessions[state.session.slot], left.mainSlot < 0, left.otherSlots.isEmpty
        else { return }
        startTimer(state.session)
    }

    mutating func sendError(
        to session: Session, prefix: [UInt8], _ message: String, _ data: [UInt8]?
    ) {
        var writer = JSONWriter(reserving: 64)
        writer.beginObject()
        writer.name("message")
        writer.string(message)
        if let data {
            writer.name("data")
            writer.raw(data)
        }
        writer.endObject()
        send(PacketType.connectError, prefix: prefix, writer.bytes, to: session)
    }

    private mutating func send(
        _ type: PacketType, prefix: [UInt8], _ payload: [UInt8], to session: Session
    ) {
        let bytes = [type.rawValue] + prefix + payload
        engine.sendText(to: session, byteCount: bytes.count) { $0.append(contentsOf: bytes) }
    }

    // MARK: Events

    /// Sends an event.
    ///
    /// - Parameters:
    ///   - name: in UTF-8.
    ///   - arguments: JSON texts with commas between; not checked.
    ///   - attachments: what the placeholders in `arguments` stand for.
    ///   - limit: how many bytes may wait for the client, with these; nil where that does not matter.
    /// - Returns: false where the socket is not connected (any more), or has no room.
    @discardableResult
    public mutating func emit(
        _ name: Span<UInt8>, _ arguments: Span<UInt8>, attachments: [[UInt8]] = [],
        to socket: Socket, within limit: Int? = nil
    ) -> Bool {
        guard isPlainText(name) else {
            let name = unsafe name.withUnsafeBufferPointer {
                unsafe String(decoding: $0, as: UTF8.self)
            }
            return emit(name, arguments, attachments: attachments, to: socket, within: limit)
        }
        let text = PacketText(isEvent: true, ackID: nil, attachmentCount: attachments.count)
        return send(text, name, arguments, attachments, to: socket, within: limit)
    }

    @discardableResult
    public mutating func emit(
        _ name: String, _ arguments: Span<UInt8>, attachments: [[UInt8]] = [], to socket: Socket,
        within limit: Int? = nil
    ) -> Bool {
        let name = PacketText.escaped(name)
        let text = PacketText(isEvent: true, ackID: nil, attachmentCount: attachments.count)
        return send(text, name.span, arguments, attachments, to: socket, within: limit)
    }

    /// Sends an event that the client is to answer.
    ///
    /// - Returns: the id that `acknowledged` will have, which may be never; nil where the socket is
    ///   not connected.
    public mutating func emitAwaitingAnswer(
        _ name: String, _ arguments: Span<UInt8>, attachments: [[UInt8]] = [], to socket: Socket
    ) -> UInt64? {
        guard let id = state(socket)?.lastAckID else { return nil }
        sockets[socket.slot]?.lastAckID += 1
        let name = PacketText.escaped(name)
        let text = PacketText(isEvent: true, ackID: id, attachmentCount: attachments.count)
        return send(text, name.span, arguments, attachments, to: socket) ? id : nil
    }

    /// Answers an event; call it at most once for each.
    @discardableResult
    public mutating func answer(
        _ acknowledgement: Acknowledgement, _ arguments: Span<UInt8>,
        attachments: [[UInt8]] = []
    ) -> Bool {
        let text = PacketText(
            isEvent: false, ackID: acknowledgement.id, attachmentCount: attachments.count)
        return send(text, Span(), arguments, attachments, to: acknowledgement.socket)
    }

    private mutating func send(
        _ text: PacketText, _ name: Span<UInt8>, _ arguments: Span<UInt8>,
        _ attachments: [[UInt8]], to socket: Socket, within limit: Int? = nil
    ) -> Bool {
        guard let state = state(socket), state.isConnected else { return false }
        let prefix = namespaces[state.namespace].prefix
        let byteCount = text.byteCount(prefix: prefix.span, name: name, arguments: arguments)
        let isSent = engine.sendText(to: state.session, byteCount: byteCount, within: limit) {
            text.append(prefix: prefix.span, name: name, arguments: arguments, to: &$0)
        }
        guard isSent else { return false }
        for attachment in attachments { engine.sendBinary(to: state.session, attachment[...]) }
        return true
    }

    // MARK: Ends

    /// Takes a client out of its namespace, or closes its transport too. No `disconnected` output
    /// follows for this socket; for others of the same transport it does.
    public mutating func disconnect(_ socket: Socket, closingTransport: Bool = false) {
        guard let state = state(socket) else { return }
        if state.isConnected {
            send(
                PacketType.disconnect, prefix: namespaces[state.namespace].prefix, [],
                to: state.session)
        }
        removeSocket(socket)
        guard closingTransport else { return }
        engine.close(state.session)
        forget(state.session, .transport(.transportClose))
    }

    /// Ends the transport of a client that stays in its namespace: to the client its connection is
    /// lost, so it connects again by itself, which it does not once it was told to leave. No
    /// `disconnected` output follows for this socket; for others of the same transport it does.
    public mutating func sendAway(_ socket: Socket) {
        guard let state = state(socket) else { return }
        removeSocket(socket)
        engine.close(state.session, isLeaving: true)
        forget(state.session, .transport(.transportClose))
    }

    // The next three change nothing. Called on a server that a class keeps, a method that does not
    // say `mutating` has all of the server copied first.

    /// Whether everything sent to the socket has left this process.
    public mutating func isDrained(_ socket: Socket) -> Bool {
        state(socket).map { engine.isDrained($0.session) } ?? false
    }

    /// How many bytes wait to be sent to the socket's transport.
    public mutating func bufferedByteCount(_ socket: Socket) -> Int {
        state(socket).map { engine.bufferedByteCount($0.session) } ?? 0
    }

    /// Whether a socket is the only one of its transport, also of those that wait to be let in.
    public mutating func isAlone(_ socket: Socket) -> Bool {
        guard let session = state(socket)?.session, let all = sessions[session.slot] else {
            return false
        }
        return all.otherSlots.count + (all.mainSlot < 0 ? 0 : 1) == 1
    }

    /// The namespace that a socket is in; nil once it is gone.
    public func namespace(of socket: Socket) -> String? {
        state(socket).map { namespaces[$0.namespace].name }
    }
}
