public import HTTP
internal import JSON
internal import WebSocket

extension Server {
    // MARK: Requests

    mutating func nextRequest(_ connection: Connection) -> Output? {
        guard let http = connection.http, http.awaiting == nil else { return nil }
        if http.isIdle, !activeBytes.isEmpty {
            http.isIdle = false
            expire(connection, after: configuration.requestTimeout)
        }
        do throws(HTTPError) {
            while posted == nil, outputs.isEmpty, http.awaiting == nil, !connection.isFinished,
                connection.endpoint == nil, let event = try http.parser.next(&activeBytes)
            {
                switch event {
                case .head(let request): announced(request, on: connection, http)
                case .request(let request):
                    if let output = dispatch(request, on: connection, http) { return output }
                }
            }
        } catch {
            http.keepsAlive = false
            respond(connection, .text(error.status, error.message))
        }
        return nil
    }

    /// Keeps what came while a request waits for its answer.
    mutating func hold(_ connection: Connection) {
        guard let http = connection.http, http.awaiting != nil else { return }
        guard http.held.count + activeBytes.count <= HTTPState.heldByteCount else {
            return abort(connection)
        }
        http.held.append(contentsOf: activeBytes)
    }

    /// The fields of a request have come, and its body has not.
    private mutating func announced(
        _ request: Request, on connection: Connection, _ http: HTTPState
    ) {
        expire(connection, after: configuration.bodyTimeout)
        http.parser.limits.bodyByteCount = configuration.requestBodyByteCount
        if isForSessions(request), request.method == .post {
            http.parser.limits.bodyByteCount = configuration.maxPayload
            beginPost(request, on: connection, http)
        }
        if request.expectsContinue, !connection.isFinished {
            connection.output.append(contentsOf: "HTTP/1.1 100 Continue\r\n\r\n".utf8)
            touch(connection)
        }
    }

    private func isForSessions(_ request: Request) -> Bool {
        request.target.path == configuration.path
            || request.target.path + "/" == configuration.path
    }

    private mutating func dispatch(
        _ request: Request, on connection: Connection, _ http: HTTPState
    ) -> Output? {
        http.keepsAlive = request.keepsAlive
        http.isHead = request.method == .head
        http.corsFields = configuration.origins.fields(for: request)
        connection.expires = .max
        if request.method == .options, request.fields["Origin"] != nil {
            http.corsFields = Fields()
            respond(connection, configuration.origins.preflight(request))
            return nil
        }
        if isForSessions(request) {
            sessionRequest(request, on: connection, http)
            return nil
        }
        serial += 1
        http.awaiting = serial
        let token = RequestToken(connection: connection.id, serial: serial)
        return .request(token, request, remote: connection.remote)
    }

    /// Answers a request; nothing where its connection has gone since. Take outputs afterwards: the
    /// next request may have come already.
    public mutating func respond(to token: RequestToken, _ response: Response) {
        guard let connection = connection(token.connection),
            connection.http?.awaiting == token.serial
        else { return }
        respond(connection, response)
    }

    mutating func respond(_ connection: Connection, _ response: Response) {
        guard let http = connection.http, !connection.isFinished else { return }
        http.awaiting = nil
        var response = response
        for field in http.corsFields.all { response.fields.append(field.name, field.value) }
        http.corsFields = Fields()
        reserve(connection, 256 + response.body.count)
        response.encode(
            to: &connection.output, closes: !http.keepsAlive, omitsBody: http.isHead)
        touch(connection)
        guard http.keepsAlive else { return finish(connection) }
        http.isIdle = true
        expire(connection, after: configuration.idleTimeout)
        if http.held.isEmpty { return }
        backlog.append((connection, http.held[...]))
        http.held = []
    }

    // MARK: Requests for a session

    private mutating func refuse(
        _ connection: Connection, _ error: RequestError, status: Status = .badRequest
    ) {
        let text = "{\"code\":\(error.rawValue),\"message\":\"\(error.message)\"}"
        respond(connection, .json(status, Array(text.utf8)))
    }

    private mutating func sessionRequest(
        _ request: Request, on connection: Connection, _ http: HTTPState
    ) {
        let query = request.target.query
        let isWebSocket = query["transport"] == "websocket"
        let asksForUpgrade = Handshake.isAsked(by: request)
        if asksForUpgrade { http.keepsAlive = false }
        guard configuration.origins.allow(request) else {
            return refuse(connection, .forbidden, status: .forbidden)
        }
        guard isWebSocket || query["transport"] == "polling" else {
            return refuse(connection, .unknownTransport)
        }
        guard ["transport", "sid", "EIO"].allSatisfy({ query.count(of: $0) <= 1 }) else {
            return refuse(connection, .badRequest)
        }
        if let name = query["sid"] {
            guard let session = session(named: name) else {
                return refuse(connection, .unknownSession)
            }
            guard isWebSocket ? asksForUpgrade : session.isPolling else {
                return refuse(connection, .badRequest)
            }
            if isWebSocket { return startProbe(request, of: session, on: connection) }
            switch request.method {
            case .get: poll(session, on: connection)
            case .post: post(request.body, to: session, on: connection)
            default: refuse(connection, .badRequest)
            }
            return
        }
        guard request.method == .get else { return refuse(connection, .badHandshakeMethod) }
        guard !isWebSocket || asksForUpgrade else { return refuse(connection, .badRequest) }
        guard query["EIO"] == "4" else {
            return refuse(connection, .unsupportedProtocolVersion)
        }
        guard sessionCount < configuration.maximumSessionCount else {
            return respond(connection, Response(.serviceUnavailable))
        }
        if isWebSocket {
            openWebSocket(request, on: connection)
        } else {
            let session = makeSession(isPolling: true)
            outputs.append(.opened(session.handle, remote: connection.remote))
            respondToPoll(connection, openPacket(session))
        }
    }

    // MARK: Polling

    /// A GET that fetches packets: answered now if there are some, else when there are.
    private mutating func poll(_ session: SessionState, on connection: Connection) {
        if session.connection != nil {
            refuse(connection, .badRequest)
            return end(session, .transportError)
        }
        guard session.waiting.isEmpty else {
            session.connection = connection
            return answerPoll(session)
        }
        if session.isUpgrading {
            return respondToPoll(connection, [PacketType.noop.rawValue])
        }
        serial += 1
        connection.http?.awaiting = serial
        connection.session = session
        session.connection = connection
    }

    /// Packets in one answer to a GET: python-engineio takes no body with more.
    private static let packetsPerPoll = 16

    /// Answers the GET that waits, if any, with the packets that wait, as many as a client takes
    /// at once.
    mutating func answerPoll(_ session: SessionState) {
        guard session.isPolling, !session.waiting.isEmpty, let connection = session.connection
        else { return }
        session.connection = nil
        let (count, byteCount) = packetsForPoll(session)
        var body: [UInt8] = []
        body.reserveCapacity(byteCount + count)
        for (at, packet) in session.waiting.prefix(count).enumerated() {
            if at > 0 { body.append(Packet.separator) }
            if packet.isBinary {
                body.append(Packet.binaryPrefix)
                Packet.appendBase64(packet.bytes, to: &body)
            } else {
                body.append(contentsOf: packet.bytes)
            }
        }
        session.waiting.removeFirst(count)
        session.waitingByteCount -= byteCount
        respondToPoll(connection, body)
        if session.isClosing, session.waiting.isEmpty { remove(session, code: .normal) }
    }

    /// How many packets go into the next answer, one at least, and their bytes together.
    private func packetsForPoll(_ session: SessionState) -> (count: Int, byteCount: Int) {
        var (count, byteCount) = (0, 0)
        for packet in session.waiting.prefix(Self.packetsPerPoll) {
            let isFull = byteCount + packet.bytes.count > configuration.maxPayload
            if count > 0, isFull { break }
            count += 1
            byteCount += packet.bytes.count
        }
        return (count, byteCount)
    }

    mutating func respondToPoll(_ connection: Connection, _ body: [UInt8]) {
        connection.session = nil
        let fields: Fields = [
            "Content-Type": "text/plain; charset=UTF-8", "Cache-Control": "no-store",
        ]
        respond(connection, Response(.ok, fields: fields, body: body))
    }

    /// The fields of a POST have come: a second one under way ends the session.
    private mutating func beginPost(
        _ request: Request, on connection: Connection, _ http: HTTPState
    ) {
        guard let name = request.target.query["sid"], let session = session(named: name) else {
            http.keepsAlive = false
            return refuse(connection, .unknownSession)
        }
        if session.posting != nil {
            http.keepsAlive = false
            refuse(connection, .badRequest)
            return end(session, .transportError)
        }
        session.posting = connection
        connection.posting = session
    }

    private mutating func post(
        _ body: [UInt8], to session: SessionState, on connection: Connection
    ) {
        if let other = session.posting, other !== connection {
            refuse(connection, .badRequest)
            return end(session, .transportError)
        }
        session.posting = nil
        connection.posting = nil
        guard !body.isEmpty, JSONScanner.isUTF8(body[...]) else {
            refuse(connection, .badRequest)
            return end(session, .parseError)
        }
        posted = Posted(connection: connection, session: session, body: body[...])
    }

    /// The next output of the polling body under way.
    mutating func nextPosted() -> Output? {
        guard let (connection, session) = posted.map({ ($0.connection, $0.session) }) else {
            return nil
        }
        guard sessions[session.handle.slot] === session else {
            posted = nil
            refuse(connection, .badRequest)
            return nil
        }
        do throws(EngineIOError) {
            guard let packet = try posted?.next() else {
                posted = nil
                respond(connection, .text(.ok, "ok"))
                return nil
            }
            switch packet {
            case .binary(let bytes): return .binary(session.handle, bytes[...])
            case .text(.message, let text): return .text(session.handle, text)
            case .text(.pong, _): receivedPong(session)
            case .text(.noop, _): return nil
            case .text(.close, _):
                posted = nil
                respond(connection, .text(.ok, "ok"))
                if let waiting = session.connection {
                    session.connection = nil
                    respondToPoll(waiting, [PacketType.noop.rawValue])
                }
                end(session, .transportClose)
            default: throw .unexpectedPacket
            }
        } catch {
            posted = nil
            refuse(connection, .badRequest)
            end(session, .parseError)
        }
        return nil
    }
}

/// A polling body whose packets are handed out one by one.
struct Posted {
    let connection: Connection
    let session: SessionState
    var body: ArraySlice<UInt8>

    mutating func next() throws(EngineIOError) -> Packet? {
        body.isEmpty ? nil : try Packet.next(&body)
    }
}
