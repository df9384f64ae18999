internal import HTTP
internal import WebSocket

extension Server {
    // MARK: Opening

    mutating func openWebSocket(
        _ request: Request, of remote: String, on connection: Connection
    ) {
        guard shakeHands(request, on: connection) else {
            return addresses.removeSession(remote, at: now)
        }
        let session = makeSession(of: remote, isPolling: false)
        connection.endpoint?.messageLimit = payloadLimit(session)
        session.connection = connection
        connection.session = session
        outputs.append(.opened(session.handle, remote: remote))
        sendControl(openPacket(session), to: session)
    }

    /// A session that polls wants to change to WebSocket. One that has changed already, or is about
    /// to, keeps the connection it has; the new one is opened and closed again, as clients expect.
    mutating func startProbe(
        _ request: Request, of session: SessionState, on connection: Connection
    ) {
        guard shakeHands(request, on: connection) else { return }
        guard session.isPolling, session.probe == nil, !session.isClosing else {
            return shut(connection, .policyViolation)
        }
        connection.endpoint?.messageLimit = payloadLimit(session)
        session.probe = connection
        connection.session = session
        expire(connection, after: configuration.upgradeTimeout)
    }

    private mutating func shakeHands(_ request: Request, on connection: Connection) -> Bool {
        reserve(connection, 512)
        do {
            let fields = connection.http?.corsFields ?? Fields()
            try Handshake.accept(request, fields: fields, to: &connection.output)
        } catch {
            refuseHandshake(request, error, on: connection)
            return false
        }
        connection.http = nil
        connection.expires = .max
        connection.endpoint = Endpoint(serverWithMessageLimit: configuration.maxPayload)
        touch(connection)
        return true
    }

    /// A client of another version is told of ours (RFC 6455 section 4.4).
    private mutating func refuseHandshake(
        _ request: Request, _ error: WebSocketError, on connection: Connection
    ) {
        let versions = request.fields.values("Sec-WebSocket-Version")
        guard !versions.isEmpty, versions != ["13"] else {
            return respond(connection, .text(.badRequest, error.message))
        }
        var response = Response.text(.upgradeRequired, "WebSocket has to be of version 13")
        response.fields.append("Upgrade", "websocket")
        response.fields.append("Connection", "Upgrade")
        response.fields.append("Sec-WebSocket-Version", "13")
        respond(connection, response)
    }

    // MARK: Messages

    mutating func nextMessage(_ connection: Connection) -> Output? {
        while !connection.isFinished, outputs.isEmpty,
            let event = connection.endpoint?.next(
                &activeBytes, scratch: &scratch, output: &replies)
        {
            sendReplies(on: connection)
            if let output = handle(event, on: connection) { return output }
        }
        sendReplies(on: connection)
        return nil
    }

    private mutating func sendReplies(on connection: Connection) {
        guard !replies.isEmpty else { return }
        connection.output.append(contentsOf: replies)
        replies.removeAll(keepingCapacity: true)
        touch(connection)
    }

    private mutating func handle(_ event: Endpoint.Event, on connection: Connection) -> Output? {
        guard let session = connection.session else {
            switch event {
            case .closed, .failed: finish(connection)
            case .text, .binary: break
            }
            return nil
        }
        guard session.connection === connection else {
            handleProbe(event, of: session, on: connection)
            return nil
        }
        switch event {
        case .text(let bytes):
            note(.incoming, bytes, of: session)
            if bytes.first == PacketType.message.rawValue {
                return .text(session.handle, bytes.dropFirst())
            }
            handleControl(bytes, of: session)
        case .binary(let bytes):
            note(.incoming, bytes, of: session, isBinary: true)
            return .binary(session.handle, bytes)
        case .closed: lose(connection, .transportClose)
        case .failed: lose(connection, .transportError)
        }
        return nil
    }

    private mutating func handleControl(_ bytes: ArraySlice<UInt8>, of session: SessionState) {
        switch bytes.first.flatMap(PacketType.init(rawValue:)) {
        case .pong: receivedPong(session)
        case .noop: return
        case .close: end(session, .transportClose)
        default: end(session, .parseError)
        }
    }

    /// The connection below is over, or about to be.
    private mutating func lose(_ connection: Connection, _ reason: CloseReason) {
        finish(connection)
        guard let session = connection.session else { return }
        connection.session = nil
        session.connection = nil
        end(session, reason)
    }

    // MARK: Changing over

    private mutating func handleProbe(
        _ event: Endpoint.Event, of session: SessionState, on connection: Connection
    ) {
        if case .text(let bytes) = event { note(.incoming, bytes, of: session) }
        switch event {
        case .text(let bytes) where !session.isUpgrading && bytes.elementsEqual("2probe".utf8):
            connection.endpoint?.send(text: "3probe".utf8, to: &connection.output)
            note(.outgoing, Array("3probe".utf8)[...], of: session)
            touch(connection)
            session.isUpgrading = true
            freePoll(session)
        case .text(let bytes) where session.isUpgrading && bytes.elementsEqual("5".utf8):
            changeOver(session, to: connection)
        default:
            session.probe = nil
            session.isUpgrading = false
            connection.session = nil
            shut(connection, .protocolError)
            if case .text = event { return }
            if case .binary = event { return }
            finish(connection)
        }
    }

    /// Answers the GET that waits, so that the client can stop polling.
    private mutating func freePoll(_ session: SessionState) {
        answerPoll(session)
        guard session.isPolling, let waiting = session.connection else { return }
        session.connection = nil
        note(.outgoing, [PacketType.noop.rawValue], of: session)
        respondToPoll(waiting, [PacketType.noop.rawValue])
    }

    private mutating func changeOver(_ session: SessionState, to connection: Connection) {
        freePoll(session)
        session.isPolling = false
        session.isUpgrading = false
        session.probe = nil
        session.connection = connection
        connection.expires = .max
        let waiting = session.waiting
        session.waiting = []
        session.waitingByteCount = 0
        for packet in waiting {
            if packet.isBinary {
                sendBinary(to: session.handle, packet.bytes[...])
            } else {
                sendControl(packet.bytes, to: session)
            }
        }
    }
}
