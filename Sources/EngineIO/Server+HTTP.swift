public import HTTP
internal import JSON
internal import WebSocket

extension Server {
    // MARK: Requests

    mutating func nextRequest(_ connection: Connection) -> Output? {
        guard let http = connection.http, http.held.isEmpty, !mustWait(connection) else {
            return nil
        }
        if http.isIdle, !activeBytes.isEmpty {
            http.isIdle = false
            expire(connection, after: configuration.requestTimeout)
        }
        do throws(HTTPError) {
            while posted == nil, outputs.isEmpty, !mustWait(connection), !connection.isFinished,
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
            let body: JSON = ["message": .string(error.message), "code": .string(error.code)]
            respond(connection, .json(error.status, body.encoded))
        }
        return nil
    }

    /// Whether a connection's next request has to wait: for the answer to the one before, or until
    /// the client has taken its answers.
    private func mustWait(_ connection: Connection) -> Bool {
        connection.http?.awaiting != nil || connection.pendingByteCount >= Self.mostAnswerBytes
    }

    /// The bytes of answers after which one connection's next request waits for the next turn.
    private static let mostAnswerBytes = 32 << 10

    /// Keeps what came while a request has to wait.
    mutating func hold(_ connection: Connection) {
        guard let http = connection.http, !http.held.isEmpty || mustWait(connection) else { return }
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
        // Scripts of a page can read a refusal of the body, too.
        http.corsFields = configuration.origins.fields(for: request)
        http.parser.limits.bodyByteCount = configuration.requestBodyByteCount
        if isForSessions(request), request.method == .post {
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
        return .request(token, request, remote: remote(of: request, on: connection))
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
        if !mustWait(connection) { release(http, of: connection) }
    }

    /// Reads on in what came while a request had to wait.
    private mutating func release(_ http: HTTPState, of connection: Connection) {
        if http.held.isEmpty { return }
        backlog.append((connection, http.held[...]))
        http.held = []
    }

    /// A client has taken its answers: its next requests are read in the next turn, after others'.
    mutating func resumeLater(_ connection: Connection) {
        if connection.http?.held.isEmpty == false { resuming.append(connection) }
    }

    mutating func resume() {
        for connection in resuming where self.connection(connection.id) === connection {
            if let http = connection.http, !mustWait(connection) { release(http, of: connection) }
        }
        resuming.removeAll()
    }

    // MARK: Requests for a session

    mutating func refuse(
        _ connection: Connection, _ error: RequestError, status: Status = .badRequest
    ) {
        let text = "{\"code\":\(error.rawValue),\"message\":\"\(error.message)\"}"
        respond(connection, .json(status, Array(text.utf8)))
    }

    private static func tooMany() -> Response {
        var response = Response.json(
            .tooManyRequests, Array(#"{"code":4,"message":"Too many sessions"}"#.utf8))
        response.fields.append("Retry-After", "1")
        return response
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
        guard let name = query["sid"] else {
            return open(request, on: connection, isWebSocket: isWebSocket, asksForUpgrade)
        }
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
    }

    /// A request that begins a session.
    private mutating func open(
        _ request: Request, on connection: Connection, isWebSocket: Bool, _ asksForUpgrade: Bool
    ) {
        guard request.method == .get else { return refuse(connection, .badHandshakeMethod) }
        guard !isWebSocket || asksForUpgrade else { return refuse(connection, .badRequest) }
        guard request.target.query["EIO"] == "4" else {
            return refuse(connection, .unsupportedProtocolVersion)
        }
        guard takesSessions, sessionCount < configuration.maximumSessionCount else {
            return respond(connection, Response(.serviceUnavailable))
        }
        let remote = remote(of: request, on: connection)
        guard addresses.addSession(remote, at: now) else {
            return respond(connection, Self.tooMany())
        }
        if isWebSocket {
            openWebSocket(request, of: remote, on: connection)
        } else {
            let session = makeSession(of: remote, isPolling: true)
            outputs.append(.opened(session.handle, remote: remote))
            let packet = openPacket(session)
            note(.outgoing, packet[...], of: session)
            respondToPoll(connection, packet)
        }
    }
}
