public import Clock
internal import Crypto
public import JWT

/// The relay without sockets, files, threads or a clock: what happened goes in, and what is to be
/// done about it comes out as effects.
///
/// Give it the time with `advance`, then what happened, and after each batch of that call
/// `endTurn` and carry out `takeEffects()` in order. Tickets of store and password effects come
/// back with their results through `storeDid` and `passwordDid`.
///
/// What is on the way of every message says `mutating`, even where it changes nothing: for a method
/// that does not, all of the relay, which is large, is copied first.
public struct RelayServer {
    public let limits: Limits
    let key: SigningKey
    var now: Instant
    var wall: Timestamp
    /// `wall` as a JSON string, made once for all messages of one millisecond.
    var timestampText: [UInt8]

    var directory = Directory()
    /// Connections by socket number.
    var peers: [Peer?] = []
    var socketIDs = NameTable()
    var threads: ThreadBook
    var groups: GroupBook
    var devices: DeviceBook
    /// Ended logins and single tokens, until the last token of each has expired.
    var revoked: [String: Timestamp]

    private var effects: [Effect] = []
    /// Where events are composed that are sent at once; empty between them.
    var composed: [UInt8] = []
    /// Memory for where the members of the next event stand.
    var spareRanges = EventPayload.Ranges()
    var pending: [Ticket: Pending] = [:]
    private var lastTicket: Ticket = 0
    var lastSerial: Serial = 0

    let routes: [CompiledRoute]
    /// The events that clients send, by name, and the rows of each: families may share a name.
    private var events = NameTable()
    private var routesByEvent: [[Int]] = []
    /// Names of the events for which clients say that they have them.
    let acknowledgedEvents: Set<String>
    var rooms = RoomBook()
    var calls = CallBook()
    var callStarts: TokenBuckets
    var notifications: TokenBuckets
    var uploads = UploadBook()
    var senderShares = SenderShares()
    /// What receivers get of a file that comes in parts.
    let eventsOfParts: Set<String>
    var random = RandomPool()
    var audit = AuditPage()
    /// Rows to be removed, gathered over a turn, by the number of their mailbox.
    var removals: [Int64: [Int64]] = [:]
    var failuresByAccount: Lockouts
    var failuresByAddress: Lockouts
    var authRequests: TokenBuckets
    var alerts = AlertBook()
    /// Accounts whose imported hashes were not replaced yet, or nearly: it only rises with imports.
    var importedHashCount: Int
    var recoveries = RecoveryBook()
    var registrations: TokenBuckets
    /// E-mail addresses of accounts that are on their way to the store.
    var registering: Set<String> = []
    /// Why the store did not do the last thing that it was to keep; nil where it did.
    var storeFailure: String?
    private var sweptAt: Instant
    private var cleanedUpAt: Instant
    var counters: Counters

    /// How often expired tokens and forgotten failures are looked for.
    private static let sweepInterval = Duration.seconds(5)

    public init(
        key: SigningKey, limits: Limits = Limits(), state: StoredState = StoredState(),
        now: Instant, wall: Timestamp
    ) {
        self.key = key
        self.limits = limits
        self.now = now
        self.wall = wall
        sweptAt = now
        cleanedUpAt = now
        timestampText = quoted(wall.description)
        revoked = state.revoked
        for account in state.accounts { _ = directory.insert(account, isStored: true) }
        directory.setAside(state)
        let user = directory.user(number:)
        threads = ThreadBook(state.threads, user: user)
        groups = GroupBook(state.groups, user: user)
        devices = DeviceBook(state.devices, user: user)
        routes = Route.all.map(CompiledRoute.init)
        counters = Counters(routes: routes)
        eventsOfParts = Set(
            Route.all.filter { $0.whenComplete != nil }.compactMap(\.peerGets?.name))
        acknowledgedEvents = Set(
            Route.all.filter { $0.whenOffline == .keep }.compactMap(\.peerGets?.name))
        failuresByAccount = Lockouts(limits, allowing: limits.failuresPerAccount)
        failuresByAddress = Lockouts(limits, allowing: limits.failuresPerAddress)
        authRequests = TokenBuckets(
            limits, limits.authRequests, every: limits.secondsPerAuthRequest)
        callStarts = TokenBuckets(limits, limits.callsPerUser, every: limits.secondsPerCall)
        notifications = TokenBuckets(
            limits, limits.notificationsPerUser, every: limits.secondsPerNotification)
        registrations = TokenBuckets(
            limits, limits.registrationsPerAddress, every: limits.secondsPerRegistration)
        importedHashCount = state.importedHashCount
        indexRoutes()
        countKept(state.kept)
    }

    private mutating func indexRoutes() {
        for (name, rows) in Dictionary(grouping: Route.all.indices, by: { Route.all[$0].event }) {
            events.insert(Array(name.utf8), routesByEvent.count)
            routesByEvent.append(rows)
        }
    }

    private mutating func countKept(_ queues: [Removal]) {
        for kept in queues {
            guard let box = mailbox(number: kept.receiver) else { continue }
            self[queue: box].keptMessages = kept.count
            self[queue: box].keptBytes = kept.byteCount
        }
    }

    /// Whether something was asked for whose result matters and has not come.
    public var isWaiting: Bool { !pending.isEmpty }

    /// How many accounts there are.
    public var accountCount: Int { directory.users.count }

    /// The rows of an event, by its name in UTF-8.
    mutating func routes(for event: ArraySlice<UInt8>) -> [Int] {
        events[event].map { routesByEvent[$0] } ?? []
    }

    /// Whether there is something to be done.
    public var hasEffects: Bool { mutating get { !effects.isEmpty } }

    /// What is to be done since the last call.
    public mutating func takeEffects() -> [Effect] {
        var taken: [Effect] = []
        takeEffects(into: &taken)
        return taken
    }

    /// Swaps in what is to be done since the last call.
    public mutating func takeEffects(into taken: inout [Effect]) {
        taken.removeAll(keepingCapacity: true)
        swap(&taken, &effects)
    }

    mutating func emit(_ effect: Effect) {
        if !recoveries.isEmpty, case .emit(let socket, let event, let delivery) = effect,
            let session = peers[socket]?.recovery
        {
            append(.emit(socket, remembered(event, delivery, session), delivery))
        } else {
            append(effect)
        }
    }

    /// Emits an effect as it is.
    mutating func append(_ effect: Effect) { effects.append(effect) }

    mutating func ask(_ operation: StoreOperation, then next: Pending = .nothing) {
        lastTicket += 1
        if case .nothing = next {} else { pending[lastTicket] = next }
        effects.append(.store(lastTicket, operation))
    }

    /// - Parameter next: gets the result once it is committed, or the failure.
    mutating func ask(
        _ operation: StoreOperation,
        then next: @escaping (inout RelayServer, StoreResult) -> Void
    ) { ask(operation, then: .store(next)) }

    mutating func ask(
        _ job: PasswordJob, then next: @escaping (inout RelayServer, PasswordResult) -> Void
    ) {
        lastTicket += 1
        pending[lastTicket] = .password(next)
        effects.append(.password(lastTicket, job))
    }
}

extension RelayServer {
    /// The relay acts on these times until the next call. `wall` may go backwards, `now` not.
    public mutating func advance(to now: Instant, wall: Timestamp) {
        self.now = max(self.now, now)
        if wall != self.wall {
            self.wall = wall
            timestampText = quoted(wall.description)
        }
        guard now - sweptAt >= Self.sweepInterval else { return }
        sweptAt = now
        closeExpired()
        recoveries.expire(at: now, limits)
        revoked = revoked.filter { $0.value > wall }
        failuresByAccount.forgetFull(at: now)
        failuresByAddress.forgetFull(at: now)
        registrations.forgetFull(at: now)
        callStarts.forgetFull(at: now)
        notifications.forgetFull(at: now)
        closeUnansweredCalls()
        uploads.forgetIdle(since: now + (.zero - limits.uploadIdleTime))
        authRequests.forgetFull(at: now)
        alerts.sweep(at: now)
        guard now - cleanedUpAt >= limits.cleanUpInterval else { return }
        cleanedUpAt = now
        ask(.cleanUp(now: wall))
    }

    /// A token's end is the end of the connections made with it.
    private mutating func closeExpired() {
        for socket in peers.indices {
            guard let peer = peers[socket], peer.expiresAt <= wall else { continue }
            close(socket, .tokenExpired)
        }
    }

    /// Sends on what was gathered since the last call.
    public mutating func endTurn() {
        flushRemovals()
        if audit.isDue(at: wall) { flushAudit() }
    }

    mutating func flushRemovals() {
        guard !removals.isEmpty else { return }
        for (mailbox, rows) in removals { ask(.remove(receiver: mailbox, rows: rows)) }
        removals.removeAll(keepingCapacity: true)
    }

    /// Hands all that is still gathered to the store, before the end.
    public mutating func finish() {
        endTurn()
        flushAudit()
    }

    mutating func flushAudit() {
        guard let page = audit.take(until: wall) else { return }
        ask(.audit(lines: page.lines, count: page.count, from: page.from, to: wall))
    }
}

/// Random bytes taken from the system some thousand at a time.
struct RandomPool {
    private static let byteCount = 4096
    private var bytes: [UInt8] = []
    private var used = 0

    /// `count` random bytes as hexadecimal digits in quotes.
    mutating func quotedHex(_ count: Int) -> [UInt8] {
        if bytes.count - used < count {
            bytes = randomBytes(Self.byteCount)
            used = 0
        }
        var text: [UInt8] = [0x22]
        text.reserveCapacity(2 * count + 2)
        for at in used..<used + count {
            text.append(Self.digit(bytes[at] >> 4))
            text.append(Self.digit(bytes[at] & 15))
            bytes[at] = 0
        }
        used += count
        text.append(0x22)
        return text
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
