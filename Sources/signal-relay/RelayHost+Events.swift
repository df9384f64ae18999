internal import CLI
internal import Clock
internal import Crypto
internal import EngineIO
internal import HTTP
internal import Platform
internal import Relay
internal import SocketIO
internal import Sockets
internal import Storage
internal import Wire

// What happens outside goes into the protocols, what comes of that into the relay, and the
// relay's effects out again.

extension RelayHost {
    private static let socketIDByteCount = 15

    func received(_ bytes: ArraySlice<UInt8>, on connection: RelayConnection) {
        guard connection.id >= 0 else { return }
        current = connection
        counters.bytesIn &+= UInt64(bytes.count)
        server.receive(bytes, on: connection.id, at: loop.now)
        handleOutputs()
        current = nil
    }

    func closed(_ connection: RelayConnection) {
        guard connection.id >= 0 else { return }
        server.closed(connection.id, at: loop.now)
        connections.remove(connection.id)
        connection.id = -1
        handleOutputs()
    }

    func handleOutputs() {
        tellTime()
        while true {
            switch passEvents() {
            case .end: return
            case .effects: break
            case .output(let output): handle(output)
            }
            performEffects()
        }
    }

    private func handle(_ output: SocketIO.Server.Output) {
        switch output {
        case .connecting(let socket, _, let auth, let remote):
            clients[socket.slot] = ClientTable.Client(socket: socket)
            relay.connect(
                socket.slot,
                socketID: Base64.url.encode(randomBytes(Self.socketIDByteCount)), auth: auth,
                address: remote)
        case .disconnected(let socket, let reason):
            counters.countClose(reason.code)
            if console.verbosity > 0 {
                console.detail("\(relay.name(of: socket.slot)) is gone: \(reason.code)")
            }
            forget(socket.slot, mayReturn: reason.mayReturn)
        case .request(let token, let request, let remote): answer(request, token, remote)
        case .event, .acknowledged: return
        }
    }

    /// Keeps what a client may not have read, and tells the relay that it is gone.
    func forget(_ slot: SocketNumber, mayReturn: Bool = false) {
        if let lost = clients[slot]?.unsent, !lost.isEmpty { relay.undelivered(lost, on: slot) }
        clients[slot] = nil
        relay.disconnect(slot, mayReturn: mayReturn)
    }

    private func answer(_ request: Request, _ token: RequestToken, _ remote: String) {
        let isRead = request.method == .get || request.method == .head
        switch request.target.path {
        case "/healthz" where !isRead, "/readyz" where !isRead,
            "/metrics" where !isRead && mayHaveMetrics(request, from: remote):
            server.respond(to: token, .wrongMethod(allowed: "GET, HEAD"))
        case "/healthz": server.respond(to: token, Self.state(.ok, "ok"))
        case "/readyz":
            let isReady = storeIsWritable && !isShuttingDown
            let response =
                isReady
                ? Self.state(.ok, "ready")
                : Self.state(.serviceUnavailable, isShuttingDown ? "draining" : "storeUnavailable")
            server.respond(to: token, response)
        case "/metrics" where mayHaveMetrics(request, from: remote):
            server.respond(to: token, metrics())
        default:
            lastRequest += 1
            requests[lastRequest] = OpenRequest(token, request, from: remote)
            relay.receive(request, number: lastRequest, from: remote)
        }
    }

    private static func state(_ status: Status, _ word: String) -> Response {
        var response = Response.json(status, Array(#"{"status":"\#(word)"}"#.utf8))
        response.fields.append("Cache-Control", "no-store")
        return response
    }

    // MARK: Results

    func stored(_ batches: [[StoreReply]]) {
        tellTime()
        for reply in batches.joined() {
            switch reply.result {
            case .failed: storeIsWritable = false
            case .kept, .recovered: storeIsWritable = true
            default: break
            }
            relay.storeDid(reply.ticket, reply.result)
            // At once, so that it is noticed in time when much waits for a connection.
            performEffects()
        }
        handleOutputs()
    }

    func hashed(_ results: [(Ticket, PasswordResult)]) {
        tellTime()
        for (ticket, result) in results { relay.passwordDid(ticket, result) }
        performEffects()
        handleOutputs()
    }

    // MARK: Effects

    func performEffects() {
        while true {
            relay.takeEffects(into: &effects)
            if effects.isEmpty { return }
            for index in effects.indices { perform(effects[index]) }
        }
    }

    private func perform(_ effect: Effect) {
        switch effect {
        case .emit(let slot, let event, let delivery): emit(event, delivery, slot)
        case .acknowledge(let slot, let id, let arguments):
            guard let socket = clients.socket(slot) else { return }
            server.answer(Acknowledgement(socket: socket, id: id), arguments.span)
        case .store(let ticket, let operation): operations.append((ticket, operation))
        case .password(let ticket, let job):
            if !passwords.submit(ticket, job) { relay.passwordDid(ticket, .busy) }
        case .respond(let number, let response):
            guard let request = requests.removeValue(forKey: number) else { return }
            server.respond(to: request.token, response)
        case .refuseRequest(let number, let code):
            guard let request = requests[number] else { return }
            console.detail("refused the request \(request.name): \(code)")
        case .accept(let slot, let socketID, let answer):
            guard let socket = clients.socket(slot) else { return }
            let recovery = answer.map {
                Recovery(
                    pid: $0.pid, offset: $0.offset, isRecovered: $0.isRecovered, reason: $0.reason)
            }
            server.accept(socket, sid: socketID, recovery: recovery)
        case .refuse(let slot, let message, let code):
            guard let socket = clients.socket(slot) else { return }
            clients[slot] = nil
            server.refuse(
                socket, message: message, data: Array(#"{"code":"\#(code)"}"#.utf8))
        case .reportDrained(let slot): clients.watchForDrain(slot)
        case .pause(_, let time): pause(current, for: time)
        case .close(let slot, let reason): close(slot, reason)
        case .notice(let notice): for hook in hooks { hook.add(notice) }
        case .reply(let number, let lines, let isLast):
            control?.reply(number, lines, isLast: isLast)
        case .log(.warning, let line): console.warn(line)
        case .log(.notice, let line): console.note(line)
        case .log(.detail, let line): console.detail(line)
        }
    }

    /// Ends a client's place in its namespace. Others on its transport are told of their own end,
    /// which comes after this one or, where another login holds them, not at all; the last of them
    /// ends the transport. One that came back elsewhere has lost its transport, and knows it.
    private func close(_ slot: SocketNumber, _ reason: Relay.CloseReason) {
        guard let socket = clients.socket(slot) else { return }
        counters.countClose(reason.code)
        if console.verbosity > 0 {
            console.detail("closing \(relay.name(of: slot)): \(reason.code)")
        }
        let isLast = server.isAlone(socket)
        server.disconnect(socket, closingTransport: isLast || reason == .replaced)
        forget(slot)
    }

    private func emit(_ event: EventText, _ delivery: Delivery, _ slot: SocketNumber) {
        guard let socket = clients.socket(slot), !isHeld(event, delivery, socket) else { return }
        clients.emitted(event, delivery, on: slot)
        server.emit(event.nameText.span, event.arguments.span, to: socket)
        guard server.bufferedByteCount(socket) > relay.limits.congestionBytes else { return }
        relay.congested(slot)
    }

    /// Whether a message stays in the store, or goes there, because too much waits for its
    /// connection already. A message alone may be larger than what may wait.
    private func isHeld(_ event: EventText, _ delivery: Delivery, _ socket: Socket) -> Bool {
        if delivery == .transient { return false }
        if let row = delivery.storedRow, clients[socket.slot]?.isHeld == true {
            relay.held(socket.slot, from: row)
            return true
        }
        let waiting = server.bufferedByteCount(socket)
        guard waiting > 0, waiting + event.arguments.count > relay.limits.bufferedBytes else {
            return false
        }
        if let row = delivery.storedRow {
            clients[socket.slot]?.isHeld = true
            relay.held(socket.slot, from: row)
        } else if case .message(let serial) = delivery {
            relay.undelivered([EmittedMessage(event, serial)], on: socket.slot, wereSent: false)
            relay.congested(socket.slot)
        }
        return true
    }

    /// Reads nothing from a connection for a while, so that its sender slows down.
    private func pause(_ connection: RelayConnection?, for time: Duration) {
        guard let connection else { return }
        connection.transport.pauseReading(true)
        loop.after(time) { [weak connection] in connection?.transport.pauseReading(false) }
    }

    /// After a flush: tells the relay what has left and who can take more.
    func settleClients() {
        for slot in clients.takeWatched() {
            guard let socket = clients.socket(slot) else { continue }
            guard server.isDrained(socket) else {
                let waiting = server.bufferedByteCount(socket)
                clients.trim(slot, waiting: waiting)
                clients.watchAgain(slot)
                continue
            }
            let (rows, wantsDrained) = clients.sent(slot)
            if !rows.isEmpty { relay.written(rows, on: slot) }
            if wantsDrained { relay.drained(slot) }
        }
        relay.endTurn()
        performEffects()
    }
}
