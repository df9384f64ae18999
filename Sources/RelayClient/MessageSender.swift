internal import Clock
public import Failures
public import HTTPClient
internal import Platform

/// Sends the lines of an input through a relay, each as it comes, and tells what became of each in
/// the order of the input.
public final class MessageSender: RelayConnectionOwner {
    /// What is done with each line.
    public enum Mode: Sendable {
        /// Lines are envelopes for this user; a receipt is given once they are as far as this.
        case envelopes(to: String, goal: DeliveryStatus)
        /// Lines are arguments of this event.
        case event(String)
    }

    /// What the sender tells while it runs.
    public struct Report {
        /// A line for standard output.
        public var line: ([UInt8]) throws -> Void
        /// What is wrong with a line of the input, or what the relay says of it.
        public var failure: (any Failure, Int) -> Void
        /// All that is known for now has been told.
        public var flush: () throws -> Void

        public init(
            line: @escaping ([UInt8]) throws -> Void,
            failure: @escaping (any Failure, Int) -> Void, flush: @escaping () throws -> Void
        ) {
            self.line = line
            self.failure = failure
            self.flush = flush
        }
    }

    /// Names that Socket.IO keeps for itself: a server drops the connection that they come over.
    public static let reservedEvents: Set<String> = [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    ]

    private let mode: Mode
    private let timeout: Duration
    private let report: Report
    private let loop: EventLoop
    private var outbox: Outbox
    private var splitter = LineSplitter(limit: OutgoingMessage.limit)
    private var input: InputSource?
    private var connection: RelayConnection?
    private var progressDeadline: EventLoop.Timer?
    /// How much of the time for an answer is left, once connections that were lost took of it.
    private var patienceLeft: Duration
    private var isInputEnded = false
    private var hasBeenOnline = false
    private var error: (any Error)?
    private var isDone = false
    private var flushes = false
    private var refusals = RefusalTally()

    /// - Parameter timeout: how long the relay may be away or leave a message without answer.
    public init(
        _ mode: Mode, to relay: RelayAddress, store: AccountStore = AccountStore(),
        timeout: Duration, report: Report, story: Story
    ) throws {
        self.mode = mode
        self.timeout = timeout
        patienceLeft = timeout
        self.report = report
        loop = try EventLoop()
        switch mode {
        case .envelopes(let user, let goal): outbox = Outbox(recipient: user, goal: goal)
        case .event: outbox = Outbox(recipient: "", goal: .stored)
        }
        progressDeadline = EventLoop.Timer(on: loop) { [unowned self] in stalled() }
        connection = try RelayConnection(
            to: relay, store: store, on: loop, patience: timeout, owner: self, story: story)
    }

    /// Sends all lines of the descriptor; returns once each has its outcome.
    public func run(reading descriptor: CInt) throws {
        input = try InputSource(on: loop, reading: descriptor) { [unowned self] in
            splitter.append($0)
            readLines()
        } ended: { [unowned self] failure in
            isInputEnded = true
            if let failure { error = failure }
            splitter.finish()
            readLines()
        }
        connection?.start()
        while !isDone { try loop.turn() }
        connection?.stop()
        try loop.turn(waitingAtMost: .zero)
        if let error { throw error }
    }

    // MARK: Input

    private func readLines() {
        while outbox.hasRoom {
            do throws(LineSplitter.LineTooLong) {
                guard let line = try splitter.next() else { break }
                take(line, number: splitter.lineNumber)
                send()
            } catch {
                report.failure(LineError.tooLong(limit: splitter.limit), error.line)
            }
        }
        input?.pause(!outbox.hasRoom)
        settle()
    }

    private func take(_ line: [UInt8], number: Int) {
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return }
        do throws(LineError) {
            switch mode {
            case .envelopes(let user, _):
                outbox.add(try OutgoingMessage(envelope: line, to: user), line: number)
            case .event(let name):
                outbox.add(try OutgoingMessage(event: name, line), line: number)
            }
        } catch {
            report.failure(error, number)
        }
    }

    // MARK: Sending

    private func send() {
        guard let connection, connection.isOnline else { return }
        while let (number, message) = outbox.next() {
            if let limit = connection.argumentLimit, message.arguments.count > limit {
                outbox.refuse(number, .tooLarge(limit: limit), at: WallClock().now)
                continue
            }
            connection.emit(
                message.event, message.arguments,
                acknowledgement: message.id == nil ? number : nil)
        }
    }

    /// Prints what has its outcome, and ends when nothing is left to do.
    private func settle() {
        guard !isDone else { return }
        do {
            while let outcome = outbox.nextOutcome() {
                progressDeadline?.cancel()
                patienceLeft = timeout
                connection?.wasOfUse()
                try tell(outcome)
                flushSoon()
            }
        } catch { return end(error) }
        let waits = !outbox.isEmpty
        if !waits { tellRepeats() }
        connection?.somebodyWaits(waits || !hasBeenOnline)
        if !waits {
            progressDeadline?.cancel()
            if isInputEnded, !splitter.hasLine() { end(nil) }
        } else if connection?.isOnline == true, progressDeadline?.deadline == nil {
            progressDeadline?.schedule(after: patienceLeft)
        }
    }

    /// One write for all that a turn brings.
    private func flushSoon() {
        guard !flushes else { return }
        flushes = true
        loop.atEndOfTurn { [unowned self] in
            flushes = false
            do { try report.flush() } catch {
                // Even where all is sent: who asked for receipts does not get them.
                self.error = self.error ?? error
                end(error)
            }
        }
    }

    private func tell(_ outcome: Outbox.Outcome) throws {
        switch outcome {
        case .receipt(let receipt):
            try report.line(receipt.text)
            if let refusal = receipt.refusal {
                tell(refusal, receipt.line)
            } else {
                tellRepeats()
            }
        case .acknowledged(let arguments, _):
            try report.line(acknowledgement(arguments))
            tellRepeats()
        case .refused(let refusal, let line): tell(refusal, line)
        }
    }

    private func tell(_ refusal: Refusal, _ line: Int) {
        for entry in refusals.add(refusal, line: line) { report.failure(entry.failure, entry.line) }
    }

    private func tellRepeats() {
        if let entry = refusals.finish() { report.failure(entry.failure, entry.line) }
    }

    private func acknowledgement(_ arguments: [UInt8]) -> [UInt8] {
        guard case .event(let name) = mode else { return [] }
        return acknowledgementLine(event: name, arguments: arguments)
    }

    private func stalled() {
        guard !outbox.isEmpty else { return }
        let what: String
        switch mode {
        case .envelopes(_, .delivered): what = "the receiver to get the message"
        case .envelopes(_, .read): what = "the receiver to read the message"
        default: what = "the relay's answer"
        }
        end(RelayError.timedOut(what: what, after: timeout))
    }

    private func end(_ failure: (any Error)?) {
        guard !isDone else { return }
        isDone = true
        error = error ?? failure
        tellRepeats()
        guard failure != nil else { return }
        let receipts = outbox.abandon(at: WallClock().now)
        let count = receipts.count { $0.status == .unknown }
        if count > 0, let cause = error as? any Failure {
            error = OutcomeUnknown(cause: cause, count: count)
        }
        guard !StandardOutput.readerIsGone else { return }
        for receipt in receipts { try? report.line(receipt.text) }
        try? report.flush()
    }

    // MARK: The relay

    public func relayCameOnline() {
        hasBeenOnline = true
        send()
        readLines()
    }

    public func relayWentOffline() {
        outbox.connectionLost()
        if let deadline = progressDeadline?.deadline { patienceLeft = deadline - loop.now }
        progressDeadline?.cancel()
    }

    public func relaySent(_ event: String, _ arguments: ArraySlice<UInt8>) {
        if outbox.receive(event, arguments, at: WallClock().now) { progress() }
    }

    public func relayAcknowledged(_ number: Int, _ arguments: ArraySlice<UInt8>) {
        outbox.acknowledge(number, arguments)
        progress()
    }

    private func progress() {
        send()
        readLines()
    }

    public func relayFailed(_ error: any Failure) { end(error) }
}
