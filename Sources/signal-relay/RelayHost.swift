internal import CLI
internal import Clock
internal import Crypto
internal import EngineIO
internal import Failures
internal import JWT
internal import Platform
internal import Relay
internal import SocketIO
internal import Sockets
internal import Storage
internal import TLS
internal import Wire

/// Joins the relay to the world: sockets and protocols on one side, the store on the other.
///
/// Everything here happens on the loop's thread. What the turn's events bring about is gathered,
/// and at its end each connection is written to once and the store is handed its work in one go.
///
/// What every message touches is not checked for exclusive access each time: neither the protocols
/// nor the relay call the host, and what they are lent for a call (a write to a socket, an event's
/// way out) touches nothing of the host that the call has.
final class RelayHost {
    /// How often the relay is told the time when nothing else happens.
    private static let tick = Duration.seconds(1)

    let loop: EventLoop
    let console: Console
    @exclusivity(unchecked) private var front: Front
    @exclusivity(unchecked) var relay: RelayServer
    let store: Store
    let passwords: PasswordWorker
    let options: RelayOptions
    private var tls: Context?
    private let replies: Inbox<[StoreReply]>
    private let hashes: Inbox<(Ticket, PasswordResult)>
    private(set) var listener: TCPListener?
    private(set) var control: ControlService?
    private(set) var trace: Trace?
    private(set) var metricsService: MetricsService?
    let startedAt: Timestamp
    private var serverTimer: EventLoop.Timer?
    private var tickTimer: EventLoop.Timer?

    @exclusivity(unchecked) var connections = ConnectionTable()
    /// The connection whose bytes are being taken apart.
    @exclusivity(unchecked) var current: RelayConnection?
    /// Requests that the relay has not answered.
    var requests: [RequestNumber: OpenRequest] = [:]
    var lastRequest: RequestNumber = 0
    /// What the store is to do, gathered over the turn.
    var operations: [(Ticket, StoreOperation)] = []
    @exclusivity(unchecked) var dirty: [Int] = []
    /// Who is told of what came for users who are away.
    private(set) var hooks: [Hook] = []
    /// What the relay wants done, while it is being done.
    @exclusivity(unchecked) var effects: [Effect] = []
    /// Whether the last thing that the store was to keep is kept.
    var storeIsWritable = true
    var end = End.notYet
    var isShuttingDown: Bool { if case .notYet = end { false } else { true } }

    init(
        _ loop: EventLoop, _ options: RelayOptions, _ key: SigningKey, _ tls: Context?,
        _ console: Console
    ) throws {
        self.loop = loop
        self.options = options
        self.console = console
        self.tls = tls
        let replies = try Inbox<[StoreReply]>(on: loop)
        let hashes = try Inbox<(Ticket, PasswordResult)>(on: loop)
        self.replies = replies
        self.hashes = hashes
        var storeOptions = StoreOptions(database: options.database, keyFile: options.keyFile)
        storeOptions.retention = options.retention
        storeOptions.logRetention = options.logRetention
        storeOptions.maximumPageCount = options.limits.databaseBytes / 4096
        storeOptions.history = options.history
        let wall = WallClock().now
        let opened = try Store.open(storeOptions, now: wall) { replies.send($0) }
        store = opened.store
        if opened.state.unreadableCount > 0 {
            let lost = UnreadableMessages(count: opened.state.unreadableCount)
            console.warn("\(lost.message) (\(options.keyFile))")
        }
        passwords = try PasswordWorker { hashes.send(($0, $1)) }
        var limits = options.limits.relay
        limits.cleanUpInterval = min(limits.cleanUpInterval, options.retention)
        limits.history = options.history
        if options.history > .zero {
            limits.cleanUpInterval = min(limits.cleanUpInterval, options.history)
        }
        limits.recoversByDefault = options.recovery != nil
        limits.recoveryTime = options.recovery ?? limits.recoveryTime
        relay = RelayServer(
            key: key, limits: limits, state: opened.state, now: loop.now, wall: wall)
        startedAt = wall
        front = Front(
            server: SocketIO.Server(Self.configuration(options, limits)),
            counters: HostCounters(eventNames: relay.eventNames),
            congestionBytes: limits.congestionBytes)
    }

    var server: SocketIO.Server {
        _read { yield front.server }
        _modify { yield &front.server }
    }

    var clients: ClientTable {
        _read { yield front.clients }
        _modify { yield &front.clients }
    }

    var counters: HostCounters {
        _read { yield front.counters }
        _modify { yield &front.counters }
    }

    /// Lets the relay have the events that came, up to something else that is to be done.
    func passEvents() -> Front.Step { front.passEvents(to: &relay) }

    private static func configuration(
        _ options: RelayOptions, _ limits: Relay.Limits
    ) -> SocketIO.Configuration {
        var configuration = options.limits.protocols
        configuration.connectTimeout = limits.connectTimeout
        configuration.engine.maximumBufferedByteCount = limits.bufferedBytes
        configuration.engine.stallTimeout = limits.stallTimeout
        configuration.engine.requestBodyByteCount = limits.bodyByteCount
        configuration.engine.requestTimeout = limits.requestTimeout
        configuration.engine.bodyTimeout = limits.bodyTimeout
        configuration.engine.maxPayload = limits.messageBytes
        configuration.engine.untrustedPayload = limits.untrustedMessageBytes
        configuration.engine.proxies = options.proxies.rule
        configuration.engine.addresses.connections = limits.connectionsPerAddress
        configuration.engine.addresses.sessions = limits.sessionsPerAddress
        configuration.engine.addresses.handshakeBurst = limits.handshakeBurst
        configuration.engine.addresses.handshakesPerSecond = limits.handshakesPerSecond
        configuration.namespaces = options.namespaces
        if options.origins.contains("*") {
            configuration.engine.origins = .any
        } else if !options.origins.isEmpty {
            configuration.engine.origins = .listed(Set(options.origins))
        }
        return configuration
    }

    /// Where it listens, with the port that the system chose.
    var address: SocketAddress { listener?.address ?? options.address }

    func start() throws {
        replies.receive = { [unowned self] in stored($0) }
        hashes.receive = { [unowned self] in hashed($0) }
        serverTimer = EventLoop.Timer(on: loop) { [unowned self] in
            server.advance(to: loop.now)
            handleOutputs()
        }
        tickTimer = EventLoop.Timer(on: loop) { [unowned self] in
            tellTime()
            performEffects()
            settleTrace()
            tickTimer?.schedule(after: Self.tick)
        }
        tickTimer?.schedule(after: Self.tick)
        loop.atEndOfEveryTurn { [unowned self] in endTurn() }
        listener = try TCPListener(on: loop, address: options.address) { [unowned self] in
            accept($0)
        }
        if let path = options.trace { try startTrace(path) }
        if let address = options.metrics {
            let service = try MetricsService(self, at: address)
            metricsService = service
            console.note("metrics on http://\(service.address ?? address)/metrics")
        }
        hooks = try Self.hooks(on: loop, options, console)
        control = ControlService(self, at: options.controlSocket)
    }

    private static func hooks(
        on loop: EventLoop, _ options: RelayOptions, _ console: Console
    ) throws -> [Hook] {
        var hooks: [Hook] = []
        if let url = options.notifyURL {
            let secret = try options.notifySecret()
            hooks.append(Hook(on: loop, try Webhook(on: loop, url, secret: secret, console)))
        }
        if let command = options.notifyCommand {
            hooks.append(Hook(on: loop, CommandHook(on: loop, command, console)))
        }
        return hooks
    }

    private func accept(_ transport: TCPConnection) {
        let address = transport.peerAddress?.host ?? ""
        let connection = RelayConnection(self, transport)
        connection.id = connections.add(connection)
        transport.owner = connection
        counters.connectionsAccepted += 1
        transport.queueLimit = max(relay.limits.bufferedBytes, relay.limits.messageBytes) * 2
        if let tls { transport.startTLS(Session(server: tls)) }
        server.open(connection.id, remote: address, at: loop.now)
    }

    /// Shows new clients another certificate; a bad one leaves the old as it is.
    func reloadCertificate() {
        guard options.certificateFile != nil else {
            return console.detail("SIGHUP is ignored: there is no certificate to be read again")
        }
        do {
            tls = try options.tlsContext()
            console.note("the certificate was read again")
        } catch let error as any Failure {
            counters.failedReloads += 1
            console.warn("the old certificate is kept: \(error.message)")
        } catch { console.warn("the old certificate is kept: \(error)") }
    }

    func tellTime() {
        if loop.now != toldAt {
            toldAt = loop.now
            relay.advance(to: loop.now, wall: WallClock().now)
        }
    }
    @exclusivity(unchecked) private var toldAt = Instant.origin

    // MARK: The end of a turn

    private func endTurn() {
        repeat {
            relay.endTurn()
            performEffects()
            server.takeDirty(into: &dirty)
            for id in dirty { flush(id) }
            settleClients()
        } while !dirty.isEmpty
        if counters.eventsOfTurn > 0 {
            counters.endTurn(after: MonotonicClock().now - loop.now)
        }
        if !operations.isEmpty {
            store.submit(operations)
            operations.removeAll(keepingCapacity: true)
        }
        if let deadline = server.deadline {
            serverTimer?.schedule(at: deadline)
        } else {
            serverTimer?.cancel()
        }
        if case .finishing = end, !relay.isWaiting { closeEverything() }
    }

    func flush(_ id: Int) {
        guard let connection = connections[id] else { return }
        var byteCount = 0
        let flushed = server.flush(id) {
            byteCount = connection.transport.sendNow($0)
            return byteCount
        }
        counters.bytesOut &+= UInt64(byteCount)
        guard case .finished = flushed else { return }
        connections.remove(id)
        connection.id = -1
        connection.transport.close()
    }

    // MARK: The end

    /// After the loop: what is left goes to the store, and is on the disk when this returns.
    func finish() {
        for hook in hooks { hook.cancel() }
        relay.finish()
        performEffects()
        store.submit(operations)
        operations = []
        store.close()
        passwords.close()
        trace?.close()
    }

    private func startTrace(_ path: String) throws {
        let trace = try Trace(path)
        self.trace = trace
        server.observer = { trace.note($0, at: WallClock().now) }
    }

    /// Brings the trace on its way to the disk, or gives it up where there is no room.
    private func settleTrace() {
        guard let trace else { return }
        trace.flush()
        guard let failure = trace.failure else { return }
        console.warn("the trace ends: \(failure)")
        server.observer = nil
        self.trace = nil
        trace.close()
    }
}
