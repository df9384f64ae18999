internal import Clock
public import Failures
public import HTTPClient
public import Platform

/// Gets the messages that a relay has for a user, and tells the relay of each that it came.
///
/// A message is acknowledged once it has been given out and recorded. Whatever was not is sent
/// again by the relay, and what was recorded already is acknowledged and not given out again.
public final class MessageReceiver: RelayConnectionOwner {
    public struct Options: Sendable {
        public var sink: MessageSink
        /// How many messages to get; nil for as many as come.
        public var count: Int?
        /// Messages of others stay at the relay.
        public var sender: String?
        /// Whether messages count as read, too.
        public var marksRead = false
        /// How long the relay may be away, and with `count`, how long the next message may take.
        public var timeout: Duration

        public init(sink: MessageSink, timeout: Duration) {
            self.sink = sink
            self.timeout = timeout
        }
    }

    /// How long the relay may take to say that it has the last acknowledgement.
    private static let farewellTime = Duration.seconds(3)
    /// Messages that may wait for a command; beyond, the relay is not read.
    private static let queueLimit = 1000
    private static let farewellNumber = 1

    /// How often it is tried whether another process receives no more.
    private static let lockRetryTime = Duration.milliseconds(10)

    private let options: Options
    private let relay: RelayAddress
    private let loop: EventLoop
    private var log: ReceivedLog
    private let inbox: Maildir?
    private var names: InboxNames
    private let report: (any Failure) -> Void
    private let story: Story
    private var connection: RelayConnection?
    private var queue: [IncomingMessage] = []
    private var queuedKeys: Set<MessageKey> = []
    private var isProcessing = false
    private var remaining: Int?
    private var messageDeadline: EventLoop.Timer?
    private var child: ChildProcess?
    private var error: (any Error)?
    private var isDone = false
    private var isLeaving = false

    /// - Parameters:
    ///   - report: gets what went wrong with one message, after which it goes on.
    /// - Throws: `RelayError` where there is no login, `FileError`.
    public init(
        _ options: Options, from relay: RelayAddress, store: AccountStore = AccountStore(),
        state: StateDirectory = .state(), report: @escaping (any Failure) -> Void,
        story: Story
    ) throws {
        self.options = options
        self.relay = relay
        self.report = report
        self.story = story
        remaining = options.count
        loop = try EventLoop()
        let account = try store.account(at: relay)
        log = ReceivedLog(of: account, at: relay, in: state)
        names = InboxNames(of: account, at: relay)
        if case .inbox(let path) = options.sink { inbox = try Maildir(path) } else { inbox = nil }
        messageDeadline = EventLoop.Timer(on: loop) { [unowned self] in
            let limit = options.timeout
            end(connection?.outage(atMost: limit) ?? .timedOut(what: "a message", after: limit))
        }
        connection = try RelayConnection(
            to: relay, store: store, on: loop, patience: options.timeout, owner: self, story: story)
    }

    /// What a kill interrupted: a message that was recorded is published, any other comes again.
    /// That goes for the inbox that was used last too, if this one is another, or none.
    private func finishInboxes() throws {
        let last = try log.lastInbox()
        if let last, last != inbox?.path {
            do { try finish(Maildir(existing: last)) } catch let failure as InboxFailure {
                story.note("\(failure.message): \(InboxFailure.keeping)")
            }
        }
        if let inbox { try finish(inbox) }
        if last != inbox?.path { try log.setLastInbox(inbox?.path) }
    }

    private func finish(_ inbox: Maildir) throws {
        var recorded: [(name: String, key: MessageKey)] = []
        for name in inbox.staged() {
            guard let key = names.key(name) else { continue }
            if log.contains(key) { recorded.append((name, key)) } else { inbox.discard(name) }
        }
        if let failure = try publish(recorded, in: inbox).failure { throw failure }
    }

    /// Receives until there is enough, or until SIGTERM or SIGINT.
    ///
    /// - Returns: the signal that ended it before there was enough; nil where there is no such thing
    ///   as enough.
    /// - Throws: `RelayError`, `alreadyReceiving` where another process receives for the account;
    ///   `FileError`, `InboxFailure`.
    public func run() throws -> Signal? {
        var ending: Signal?
        for signal in [Signal.terminate, .interrupt] {
            try loop.onSignal(signal) { [unowned self] in
                if !isLeaving, remaining != nil { ending = signal }
                interrupted()
            }
        }
        if try openLog() {
            try finishInboxes()
            connection?.start()
            if remaining != nil { messageDeadline?.schedule(after: options.timeout) }
        }
        while !isDone { try loop.turn() }
        connection?.stop()
        try loop.turn(waitingAtMost: .zero)
        if let error { throw error }
        return ending
    }

    /// Waits until no other process receives for the account.
    ///
    /// - Returns: false where it was ended meanwhile.
    private func openLog() throws -> Bool {
        let limit = min(FileLock.defaultTimeout, options.timeout)
        let deadline = loop.now + limit
        var isWaiting = false
        while !isDone {
            do throws(FileError) {
                try log.open(now: WallClock().now)
                return true
            } catch {
                guard case .locked = error else { throw error }
                guard loop.now < deadline else {
                    throw RelayError.alreadyReceiving(relay: relay.description, waited: limit)
                }
            }
            if !isWaiting { story.detail("\(relay): waiting for another recvmsg to end") }
            isWaiting = true
            try loop.turn(waitingAtMost: Self.lockRetryTime)
        }
        return false
    }

    private func interrupted() {
        guard !isLeaving else { return end(nil) }
        child?.kill(.terminate)
        leave()
    }

    private func end(_ failure: (any Error)?) {
        guard !isDone else { return }
        isDone = true
        error = error ?? failure
    }

    /// Ends once the relay has said that it has all acknowledgements, which go before this one.
    ///
    /// - Parameter last: the only message that is not acknowledged yet, if there is one.
    private func leave(acknowledging last: IncomingMessage? = nil) {
        guard !isLeaving else { return }
        isLeaving = true
        messageDeadline?.cancel()
        if let last { lastAcknowledgement = last.acknowledgement }
        guard let connection, connection.isOnline, let lastAcknowledgement else {
            return end(nil)
        }
        // The relay tells the sender of each: the last is said once more only if it was said before.
        let marksRead = last != nil && options.marksRead
        if marksRead { connection.emit("message:delivered", lastAcknowledgement) }
        connection.emit(
            marksRead ? "message:read" : "message:delivered", lastAcknowledgement,
            acknowledgement: Self.farewellNumber)
        loop.after(Self.farewellTime) { [unowned self] in end(nil) }
    }

    private var lastAcknowledgement: [UInt8]?

    // MARK: The relay

    public func relayCameOnline() {}

    public func relayWentOffline() {
        if isLeaving { end(nil) }
    }

    public func relayFailed(_ error: any Failure) { end(error) }

    public func relayAcknowledged(_ number: Int, _ arguments: ArraySlice<UInt8>) {
        if number == Self.farewellNumber, isLeaving { end(nil) }
    }

    public func relaySent(_ event: String, _ arguments: ArraySlice<UInt8>) {
        guard event == "receive_message", !isLeaving else { return }
        guard let message = IncomingMessage(arguments) else { return }
        if let sender = options.sender, !message.isFrom(sender) { return leaveAtRelay(message) }
        // It may come again while it waits, when the connection was lost and made again.
        guard queuedKeys.insert(message.key).inserted else { return }
        queue.append(message)
        if queue.count >= Self.queueLimit { connection?.pauseReading(true) }
        guard !isProcessing else { return }
        isProcessing = true
        loop.atEndOfTurn { [unowned self] in process() }
    }

    // MARK: Giving out

    private func process() {
        isProcessing = false
        guard !isDone, !isLeaving else { return }
        do {
            switch options.sink {
            case .standardOutput: try printAll()
            case .inbox: try publishAll()
            case .command(let command): try runNext(command)
            }
        } catch { end(error) }
    }

    /// Takes the queued messages out, and acknowledges those that are known. No more are given than
    /// are wanted; the rest stays at the relay.
    private func takeAll() -> [IncomingMessage] {
        let messages = queue
        queue = []
        queuedKeys = []
        connection?.pauseReading(false)
        var fresh: [IncomingMessage] = []
        for message in messages {
            if log.contains(message.key) {
                acknowledge(message)
            } else if fresh.count < remaining ?? .max {
                fresh.append(message)
            }
        }
        return fresh
    }

    private func printAll() throws {
        let messages = takeAll()
        guard !messages.isEmpty else { return }
        for message in messages {
            // One by one, so that a kill in between repeats one line and not all of them.
            try writeLine(message.line)
            try log.record([message.key], at: WallClock().now)
        }
        try log.synchronize()
        given(messages)
    }

    private func writeLine(_ line: [UInt8]) throws {
        let output = FileDescriptor.standardOutput
        do throws(SystemError) {
            if output.isTerminal {
                try output.writeAll(
                    escapedInJSON(String(decoding: line, as: UTF8.self)) + "\n")
            } else {
                try output.writeAll(line + [0x0a])
            }
        } catch { throw FileError.cannotWrite("standard output", reason: error.reason) }
    }

    private func publishAll() throws {
        let messages = takeAll()
        guard let inbox, !messages.isEmpty else { return }
        let now = WallClock().now
        var staged: [(name: String, key: MessageKey)] = []
        var failure: InboxFailure?
        for message in messages {
            let name = names.next(message.key, at: now)
            do throws(FileError) { try inbox.stage(name, message.line + [0x0a]) } catch {
                failure = InboxFailure(error)
                break
            }
            staged.append((name, message.key))
        }
        try log.record(staged.map(\.key), at: now)
        try log.synchronize()
        let (count, reason) = try publish(staged, in: inbox)
        if count > 0 { given(Array(messages[..<count])) }
        if let failure = reason ?? failure { throw failure }
    }

    /// Moves recorded messages to where they count as got. What cannot be moved is not got: it comes
    /// again from the relay, to wherever messages go by then.
    private func publish(
        _ staged: [(name: String, key: MessageKey)], in inbox: Maildir
    ) throws(FileError) -> (count: Int, failure: InboxFailure?) {
        let (count, failure) = inbox.publish(staged.map(\.name))
        guard let failure else { return (count, nil) }
        let rest = staged[count...]
        try log.revoke(rest.map(\.key))
        for (name, _) in rest { inbox.discard(name) }
        return (count, InboxFailure(failure))
    }

    private func runNext(_ command: String) throws {
        guard child == nil, let message = queue.first else { return }
        guard !log.contains(message.key) else {
            acknowledge(message)
            return runNextSoon(after: message)
        }
        child = try ChildProcess(
            on: loop, ["sh", "-c", command], input: message.line + [0x0a]
        ) { [unowned self] ending in
            child = nil
            commandEnded(command, ending, message)
        }
    }

    private func commandEnded(
        _ command: String, _ ending: ChildProcess.Ending, _ message: IncomingMessage
    ) {
        if ending == .exited(status: 0) {
            do {
                try log.record([message.key], at: WallClock().now)
                try log.synchronize()
            } catch { return end(error) }
            given([message])
        } else if !isLeaving {
            report(CommandFailure(command: command, ending: ending))
            leaveAtRelay(message)
            given([])
        }
        runNextSoon(after: message)
    }

    private func runNextSoon(after message: IncomingMessage) {
        if queue.first?.key == message.key { queue.removeFirst() }
        queuedKeys.remove(message.key)
        if queue.count < Self.queueLimit / 2 { connection?.pauseReading(false) }
        guard !isProcessing, !queue.isEmpty else { return }
        isProcessing = true
        loop.atEndOfTurn { [unowned self] in process() }
    }

    /// The messages are given out and recorded.
    private func given(_ messages: [IncomingMessage]) {
        if !messages.isEmpty { connection?.wasOfUse() }
        let isEnough = remaining.map { $0 <= messages.count } ?? false
        for message in messages.dropLast(isEnough ? 1 : 0) { acknowledge(message) }
        guard let left = remaining else { return }
        remaining = left - messages.count
        if isEnough {
            leave(acknowledging: messages.last)
        } else {
            messageDeadline?.schedule(after: options.timeout)
        }
    }

    /// The message stays at the relay until the next connection; those behind it do not wait for it.
    private func leaveAtRelay(_ message: IncomingMessage) {
        connection?.emit("message:left", message.acknowledgement)
    }

    private func acknowledge(_ message: IncomingMessage) {
        lastAcknowledgement = message.acknowledgement
        connection?.emit("message:delivered", message.acknowledgement)
        if options.marksRead { connection?.emit("message:read", message.acknowledgement) }
    }
}
