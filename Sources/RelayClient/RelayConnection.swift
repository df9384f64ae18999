internal import Clock
public import Failures
public import HTTPClient
public import Platform
public import Sockets
internal import TLS

/// Who uses a relay. None of these is called from within a call to the connection.
public protocol RelayConnectionOwner: AnyObject {
    /// The relay let us in, for the first time or again: what was not acknowledged is to be sent.
    func relayCameOnline()
    func relayWentOffline()
    /// An event; its arguments are JSON values with commas between them, to be copied if kept.
    func relaySent(_ event: String, _ arguments: ArraySlice<UInt8>)
    /// The answer to an event that was emitted with this number.
    func relayAcknowledged(_ number: Int, _ arguments: ArraySlice<UInt8>)
    /// It is over: the relay stayed away for too long, or does not want us.
    func relayFailed(_ error: any Failure)
}

/// A Socket.IO connection to a relay that is made again whenever it is lost, and that renews the
/// login when it runs out.
public final class RelayConnection: TCPConnectionOwner {
    /// How long a connection may take to come to be.
    private static let connectTime = Duration.seconds(15)
    /// A token that is good for less is renewed before it is used.
    private static let tokenReserve = Duration.seconds(60)

    /// How long the relay may be away before the user is told.
    private static let quietOutage = Duration.seconds(3)
    /// What an event has around its arguments, with room to spare.
    private static let framingByteCount = 256

    public let account: Account
    private var current: Account
    private let relay: RelayAddress
    private let store: AccountStore
    private let loop: EventLoop
    private let context: Context?
    private let story: Story
    /// Whether the user was told that the relay is away.
    private var hasToldOutage = false
    private unowned let owner: any RelayConnectionOwner
    private var machine: RelayMachine
    private var connector: TCPConnector?
    private var transport: TCPConnection?
    private var timer: EventLoop.Timer?
    public private(set) var isOnline = false

    /// - Parameters:
    ///   - patience: how long the relay may be away, while somebody waits for it.
    /// - Throws: `RelayError` where there is no login, `FileError`, `TLSError`.
    public init(
        to relay: RelayAddress, store: AccountStore, on loop: EventLoop, patience: Duration,
        owner: any RelayConnectionOwner, story: Story
    ) throws {
        account = try store.account(at: relay)
        current = account
        context = relay.isSecure ? try clientContext() : nil
        machine = RelayMachine(relay: relay, token: account.token, patience: patience)
        self.relay = relay
        self.store = store
        self.loop = loop
        self.owner = owner
        self.story = story
        timer = EventLoop.Timer(on: loop) { [unowned self] in
            machine.advance(to: loop.now)
            step()
        }
    }

    /// Begins to connect, and counts from now on how long the relay is away.
    public func start() {
        machine.waitingSince = loop.now
        machine.start(at: loop.now)
        loop.atEndOfTurn { [self] in step() }
    }

    /// Says whether somebody waits for the relay; while nobody does it may be away for ever.
    public func somebodyWaits(_ waits: Bool) {
        guard waits != (machine.waitingSince != nil) else { return }
        machine.waitingSince = waits ? loop.now : nil
        updateTimer()
    }

    /// Says that a message got through. A connection that ends without one counts little.
    public func wasOfUse() { machine.wasOfUse() }

    /// What to say of a relay that is not there; nil while it is.
    public func outage(atMost limit: Duration) -> RelayError? {
        machine.outage(at: loop.now, atMost: limit)
    }

    /// Sends an event, if the relay is there.
    ///
    /// - Parameters:
    ///   - arguments: JSON values with commas between them.
    ///   - acknowledgement: a number under which the relay is asked to answer.
    public func emit(
        _ event: String, _ arguments: [UInt8], acknowledgement: Int? = nil
    ) {
        machine.emit(event, arguments, number: acknowledgement)
        sendOutgoing()
    }

    private func sendOutgoing() {
        let bytes = machine.takeOutgoing()
        if !bytes.isEmpty { transport?.write(bytes) }
    }

    /// The most bytes of arguments that the relay takes with an event; nil where it did not say.
    public var argumentLimit: Int? { machine.maxPayload.map { $0 - Self.framingByteCount } }

    /// Bytes that wait to be sent.
    public var queuedByteCount: Int { transport?.queuedByteCount ?? 0 }

    /// Stops and resumes reading what the relay sends.
    public func pauseReading(_ paused: Bool) { transport?.pauseReading(paused) }

    /// Says goodbye; nothing is told to the owner any more.
    public func stop() {
        transport?.write(machine.stop())
        timer?.cancel()
        connector?.cancel()
        transport?.close()
        transport?.owner = nil
        transport = nil
    }

    // MARK: The machine's steps

    private func step() {
        while let step = machine.nextStep() {
            switch step {
            case .connect: connect()
            case .disconnect: disconnect()
            case .renew(let spent): renew(spent)
            case .fail(let error):
                wentOffline()
                owner.relayFailed(error)
            }
        }
        updateTimer()
    }

    private func updateTimer() {
        if let deadline = machine.deadline {
            timer?.schedule(at: deadline)
        } else {
            timer?.cancel()
        }
    }

    private func connect() {
        if machine.mayRenew, let expires = current.expires,
            expires < WallClock().now + Self.tokenReserve
        {
            machine.tokenIsStale()
            return
        }
        connector = TCPConnector(
            on: loop, host: relay.host, port: relay.port, timeout: Self.connectTime
        ) { [unowned self] outcome in
            switch outcome {
            case .success(let connection): opened(connection)
            case .failure(let failure): ended(failure.message)
            }
        }
    }

    private func opened(_ connection: TCPConnection) {
        do throws(TLSError) {
            if let context {
                connection.startTLS(try Session(client: context, host: relay.host))
            }
        } catch {
            connection.abort()
            return ended(error.message)
        }
        transport = connection
        connection.owner = self
        connection.queueLimit = .max  // The window of unacknowledged messages bounds it.
        machine.transportOpened(at: loop.now)
        sendOutgoing()
        updateTimer()
    }

    private func ended(_ reason: String) {
        story.detail("\(relay): \(reason)")
        machine.transportEnded(reason, at: loop.now)
        wentOffline()
        tellOutage(reason)
        step()
    }

    private func tellOutage(_ reason: String) {
        guard !hasToldOutage, loop.now - machine.offlineSince > Self.quietOutage else { return }
        hasToldOutage = true
        story.note("\(relay) is not reachable, trying again: \(reason)")
    }

    private func disconnect() {
        transport?.abort()
        transport?.owner = nil
        transport = nil
        connector?.cancel()
        wentOffline()
    }

    private func wentOffline() {
        guard isOnline else { return }
        isOnline = false
        story.detail("\(relay): connection lost")
        owner.relayWentOffline()
    }

    /// Waits for the relay's answer: whoever leaves before it comes may lose the login.
    private func renew(_ spent: String) {
        story.detail("\(relay): renewing the login")
        do {
            current = try store.renewing(spent, at: relay) { account in
                try RelayAPI(relay, timeout: RelayAPI.renewalTime).refresh(account)
            } warn: {
                story.warn($0)
            }
            machine.renewed(current.token, at: MonotonicClock().now)
        } catch {
            // The loop's time is of before the wait: the next try would follow at once.
            machine.renewalFailed(
                error as? RelayError ?? .loginExpired(relay: relay.description),
                at: MonotonicClock().now)
            guard let reason = machine.retryReason else { return }
            story.detail("\(relay): \(reason)")
            tellOutage(reason)
        }
    }

    // MARK: The transport

    public func connection(_ connection: TCPConnection, received bytes: ArraySlice<UInt8>) {
        guard connection === transport else { return }
        let events = machine.receive(bytes, at: loop.now)
        sendOutgoing()
        for event in events {
            switch event {
            case .online:
                isOnline = true
                hasToldOutage
                    ? story.note("\(relay): connected") : story.detail("\(relay): connected")
                hasToldOutage = false
                owner.relayCameOnline()
            case .event(let name, let arguments): owner.relaySent(name, arguments)
            case .acknowledged(let number, let arguments):
                owner.relayAcknowledged(number, arguments)
            }
        }
        step()
    }

    public func connection(
        _ connection: TCPConnection, closedBecause reason: TCPConnection.Closure
    ) {
        guard connection === transport else { return }
        transport = nil
        if let untrusted = RelayError(untrusted: reason, at: relay) {
            machine.fail(untrusted)
            step()
        } else {
            ended(reason.inWords)
        }
    }
}
