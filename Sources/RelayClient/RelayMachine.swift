internal import Clock
internal import EngineIO
internal import Failures
internal import HTTPClient
internal import JSON
internal import SocketIO

/// A connection to a relay that comes back: when to connect, when to get a new token, when to give
/// up. It has no socket and no clock; whoever drives it does its steps and tells it what happened.
struct RelayMachine {
    enum Step: Equatable {
        /// Open the transport, then call `transportOpened` or `transportEnded`.
        case connect
        /// Drop the transport.
        case disconnect
        /// Get another token than this one, then call `renewed` or `renewalFailed`.
        case renew(spent: String)
        /// It is over.
        case fail(RelayError)
    }

    enum Event: Equatable {
        /// The relay let us in.
        case online
        /// An event; its arguments are JSON texts with commas between.
        case event(String, ArraySlice<UInt8>)
        /// The answer to an event that was emitted with this number.
        case acknowledged(Int, ArraySlice<UInt8>)
    }

    private enum State {
        case waiting(until: Instant)
        case connecting
        /// The transport is there, and the session on it.
        case open
        case renewing
        case stopped
    }

    private let relay: RelayAddress
    private var token: String
    private var generator: any RandomNumberGenerator
    private var state = State.stopped
    private var session: SocketIO.ClientSession?
    /// The numbers under which events were emitted, by the session's own.
    private var numbers: [UInt64: Int] = [:]
    private var steps: [Step] = []
    private var backoff = Backoff()
    private var isOnline = false
    private var onlineSince = Instant.origin
    /// Whether something came of this connection.
    private var isOfUse = false
    /// A connection that ends sooner, and that nothing came of, is as good as none: else a relay
    /// that drops each as soon as it stands would be tried for ever.
    static let steadyTime = Duration.seconds(5)
    /// Whether a new token was got since the relay last let us in; a second would fare no better.
    private var hasRenewed = false
    /// Since when there is no connection, while there is none; later by the time that useless ones
    /// stood in between.
    private(set) var offlineSince = Instant.origin
    private var lastReason = "no answer"
    /// Whether what answered last does not speak as a relay does.
    private var lastWasNoRelay = false

    /// How long the relay may be away while somebody waits for it.
    private let patience: Duration
    /// Since when somebody waits; nil while nobody does, and the relay may be away for ever.
    var waitingSince: Instant?

    init(
        relay: RelayAddress, token: String, patience: Duration,
        using generator: any RandomNumberGenerator = SystemRandomNumberGenerator()
    ) {
        self.relay = relay
        self.token = token
        self.patience = patience
        self.generator = generator
    }

    mutating func nextStep() -> Step? { steps.isEmpty ? nil : steps.removeFirst() }

    /// When `advance` has something to do.
    var deadline: Instant? {
        switch state {
        case .waiting(let moment): earlier(moment, giveUpTime)
        case .open: earlier(session?.deadline, giveUpTime)
        case .connecting: giveUpTime
        case .renewing, .stopped: nil
        }
    }

    private var giveUpTime: Instant? {
        isOnline ? nil : waitingSince.map { max($0, offlineSince) + patience }
    }

    mutating func start(at now: Instant) {
        offlineSince = now
        connect()
    }

    private mutating func connect() {
        state = .connecting
        steps.append(.connect)
    }

    mutating func advance(to now: Instant) {
        switch state {
        case .stopped, .renewing: return
        default: break
        }
        if let giveUpTime, now >= giveUpTime {
            return fail(givenUp(after: patience))
        }
        switch state {
        case .waiting(let moment): if now >= moment { connect() }
        case .open:
            session?.advance(to: now)
            _ = takeEvents(at: now)
        case .connecting, .renewing, .stopped: break
        }
    }

    /// It is over, for a reason that trying again does not change.
    mutating func fail(_ error: RelayError) {
        end()
        state = .stopped
        steps += [.disconnect, .fail(error)]
    }

    private mutating func end() {
        session = nil
        numbers = [:]
        isOnline = false
    }

    /// The connection is of no use any more; the next try comes later.
    private mutating func retry(_ reason: String, at now: Instant) {
        if isOnline { countOutage(at: now) }
        end()
        lastReason = reason
        lastWasNoRelay = false
        state = .waiting(until: now + backoff.delay(using: &generator))
    }

    private mutating func countOutage(at now: Instant) {
        let time = now - onlineSince
        if isOfUse || time >= Self.steadyTime {
            offlineSince = now
            backoff.reset()
        } else {
            offlineSince = offlineSince + time
        }
    }

    /// A message got through, so the connection that brought it is a good one.
    mutating func wasOfUse() { isOfUse = true }

    /// What to say of a relay that is not there; nil while it is.
    func outage(at now: Instant, atMost limit: Duration) -> RelayError? {
        guard !isOnline else { return nil }
        let time = min(now - offlineSince, limit)
        return givenUp(after: time)
    }

    /// Why the last try failed, while the next one is to come.
    var retryReason: String? {
        guard case .waiting = state else { return nil }
        return lastReason
    }

    private func givenUp(after time: Duration) -> RelayError {
        lastWasNoRelay
            ? .strangeAnswer(lastReason)
            : .gaveUp(relay: relay.description, after: time, reason: lastReason)
    }

    // MARK: The transport

    mutating func transportOpened(at now: Instant) {
        guard case .connecting = state else { return }
        let auth: JSON = ["token": .string(token), "reliable": true]
        session = ClientSession(
            auth: auth.encoded,
            over: EngineIO.ClientSession(host: relay.hostField, at: now, using: generator), at: now)
        state = .open
    }

    /// The transport could not be opened, or has ended.
    mutating func transportEnded(_ reason: String, at now: Instant) {
        switch state {
        case .connecting, .open: retry(reason, at: now)
        case .waiting, .renewing, .stopped: break
        }
    }

    /// Takes what came, and gives the events in it. Their slices point into `bytes`, or into a
    /// buffer of the session.
    mutating func receive(_ bytes: ArraySlice<UInt8>, at now: Instant) -> [Event] {
        session?.receive(bytes, at: now)
        return takeEvents(at: now)
    }

    /// The bytes to send.
    mutating func takeOutgoing() -> [UInt8] { session?.takeOutgoing() ?? [] }

    private mutating func takeEvents(at now: Instant) -> [Event] {
        var events: [Event] = []
        while let output = session?.nextOutput() {
            switch output {
            case .connected:
                isOnline = true
                onlineSince = now
                isOfUse = false
                hasRenewed = false
                events.append(.online)
            // What holds attachments is none of the events that these tools read.
            case .event(let name, let arguments, _, _): events.append(.event(name, arguments))
            case .acknowledged(let id, let arguments, _):
                if let number = numbers.removeValue(forKey: id) {
                    events.append(.acknowledged(number, arguments))
                }
            case .ended(let error): ended(error, at: now)
            }
        }
        return events
    }

    private mutating func ended(_ error: SocketIOError, at now: Instant) {
        steps.append(.disconnect)
        guard case .connectRefused(let message, let data) = error else {
            retry(error.message, at: now)
            lastWasNoRelay = error.kind == .protocolViolation
            return
        }
        let code = data.flatMap { try? JSON(parsing: $0) }?["code"]?.string
        guard message == "Authentication failed", code != "tooManyConnections" else {
            return retry(message, at: now)
        }
        guard !hasRenewed else { return fail(.loginExpired(relay: relay.description)) }
        renew()
    }

    // MARK: The token

    /// Whether a token that is about to run out may be renewed before the relay refuses it.
    var mayRenew: Bool { !hasRenewed }

    /// Called in place of opening the transport, when the token is about to run out.
    mutating func tokenIsStale() {
        guard case .connecting = state, !hasRenewed else { return }
        renew()
    }

    private mutating func renew() {
        end()
        hasRenewed = true
        state = .renewing
        steps.append(.renew(spent: token))
    }

    mutating func renewed(_ token: String, at now: Instant) {
        guard case .renewing = state else { return }
        self.token = token
        connect()
    }

    mutating func renewalFailed(_ error: RelayError, at now: Instant) {
        guard case .renewing = state else { return }
        switch error {
        case .unreachable(_, let reason), .strangeAnswer(let reason): retry(reason, at: now)
        case _ where error.kind == .temporary: retry(error.message, at: now)
        default: return fail(error)
        }
        hasRenewed = false
        lastWasNoRelay = error.kind == .protocolViolation
    }

    // MARK: Sending

    /// The most bytes that the relay takes in a message; nil where it did not say.
    var maxPayload: Int? { session?.maxPayload }

    /// - Parameter number: under which the relay's answer is to come; nil where none is wanted.
    mutating func emit(_ name: String, _ arguments: [UInt8], number: Int?) {
        guard isOnline else { return }
        guard let number else {
            session?.emit(name, arguments[...])
            return
        }
        if let id = session?.emitAwaitingAnswer(name, arguments[...]) { numbers[id] = number }
    }

    /// Ends it for good.
    ///
    /// - Returns: the goodbye to send.
    mutating func stop() -> [UInt8] {
        session?.close()
        let farewell = takeOutgoing()
        end()
        state = .stopped
        return farewell
    }
}

private func earlier(_ a: Instant?, _ b: Instant?) -> Instant? {
    guard let a, let b else { return a ?? b }
    return min(a, b)
}
