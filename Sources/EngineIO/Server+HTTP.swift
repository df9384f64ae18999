public import HTTP
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
        if http.held.isEmpty { return }
        backlog.append((connection, http.held[...]))
        http.held = []
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
