internal import CLI
internal import Clock
internal import Crypto
internal import Envelopes
internal import Failures
internal import Identities
internal import JSON
internal import Keyring
internal import Platform
internal import Wire

/// Opens a stream of envelopes: judges each, and prints those that are good.
final class EnvelopeOpening {
    private let console: Console
    private let opener: Opener
    private let senders: Set<Fingerprint>
    private let known: KnownPeers
    private let ownFingerprints: Set<Fingerprint>
    private let hasPassphrase: Bool
    private var journal: ReplayJournal?
    private let printsJSON: Bool
    private var output: OutputFile?
    private let writesFile: Bool
    private let escapes: Bool
    /// Whether what was printed last was not a line, so that one must be begun.
    private var isWithinLine = false
    private var notedSenders: Set<Fingerprint> = []

    init(_ arguments: Arguments, _ console: Console, _ opener: Opener) throws {
        self.console = console
        self.opener = opener
        let pinned = try arguments[Decrypt.senders].flatMap { path in
            try Recipients.identities(inFile: path)
        }
        senders = Set(pinned.map(\.fingerprint))
        known = KnownPeers { path, reason in
            console.warn("\"\(path)\" is passed over: \((reason as? any Failure)?.message ?? "")")
        }
        ownFingerprints = Set(opener.fingerprints)
        hasPassphrase = opener.hasPassphrase
        printsJSON = console.printsJSON
        writesFile = arguments[Decrypt.output] != nil && arguments[Decrypt.output] != "-"
        escapes = console.outputIsTerminal && !writesFile
        journal =
            arguments[Decrypt.stateless]
            ? nil : try Self.journal(maximumAge: arguments[Decrypt.maximumAge])
    }

    /// Without a log no replay would be noticed, so its absence is not passed over.
    private static func journal(maximumAge: Duration) throws -> ReplayJournal {
        do throws(FileError) {
            return try ReplayJournal(policy: ReplayPolicy(maximumAge: maximumAge))
        } catch { throw ReplayLogUnavailable(reason: error) }
    }

    /// Opens all lines. A file appears only where every one of them is good.
    func open(_ source: LineSource, to output: consuming OutputFile) throws {
        self.output = consume output
        let first = LineOpener(self, opener, source)
        var count = 0
        while count < LineOpener.countWorthThreads || hasPassphrase, try first.read() {
            try first.process()
            try first.write()
            count += first.count
        }
        if count >= LineOpener.countWorthThreads && !hasPassphrase {
            source.allowInterrupts()
            try runInOrder(
                (0..<usefulWorkerCount).map { _ in LineOpener(self, opener, source) })
        }
        try finish()
    }

    private func finish() throws {
        guard let output = output.take(), console.failure == nil || !writesFile else { return }
        try flush()
        if writesFile, try journal?.confirm() == false { throw EnvelopeError.replayed }
        try output.commit()
        try journal?.remember()
        try journal?.synchronize()
    }

    /// Judges and prints a batch, in the order of its lines, and remembers what was printed.
    ///
    /// - Parameter isCaughtUp: whether the next line is still to come.
    func give(_ batch: [LineOpener.Opened], isCaughtUp: Bool) throws {
        var rest = batch[...]
        while !rest.isEmpty {
            try give(judged(&rest))
            try flush()
            if !writesFile { try journal?.remember() }
        }
        if isCaughtUp { try journal?.synchronize() }
    }

    private func give(_ lines: [(LineOpener.Opened, (any Failure)?)]) throws {
        for (opened, failure) in lines {
            if let failure {
                console.report(failure, line: opened.number)
            } else if case .message(let message) = opened.outcome {
                try show(message)
            }
        }
    }

    /// Writes out what was printed; what nobody reads any more was not opened.
    private func flush() throws {
        try console.flush()
        if journal != nil, !writesFile, StandardOutput.findReaderGone() { throw ReaderIsGone() }
    }

    /// Takes the first lines, all of them where no other process has claimed a message, each with
    /// what speaks against it.
    private func judged(
        _ rest: inout ArraySlice<LineOpener.Opened>
    ) throws -> [(LineOpener.Opened, (any Failure)?)] {
        let messages = rest.compactMap { opened in
            if case .message(let message) = opened.outcome { message } else { nil }
        }
        var verdicts: ArraySlice<Result<ReplayLog.Verdict, EnvelopeError>> = []
        if !messages.isEmpty, journal != nil {
            verdicts = try judge(messages)[...]
        }
        var lines: [(LineOpener.Opened, (any Failure)?)] = []
        while let opened = rest.first {
            var failure: (any Failure)?
            switch opened.outcome {
            case .failure(let error): failure = error
            case .message(let message) where journal != nil:
                guard let verdict = verdicts.popFirst() else { return lines }
                failure = self.failure(of: verdict, message, line: opened.number)
            case .message: break
            }
            lines.append((opened, failure))
            rest.removeFirst()
        }
        return lines
    }

    private func judge(
        _ messages: [OpenedMessage]
    ) throws -> [Result<ReplayLog.Verdict, EnvelopeError>] {
        let now = WallClock().now
        let verdicts = try journal?.judge(messages[...], at: now, claiming: !writesFile) ?? []
        if let path = journal?.path, let count = journal?.takeDamagedCount(), count > 0 {
            console.warn(
                "the replay log \"\(path)\" was damaged: \(count == 1 ? "a message" : "messages") "
                    + "that \(count == 1 ? "was" : "were") opened before may open again")
        }
        return verdicts
    }

    private func failure(
        of verdict: Result<ReplayLog.Verdict, EnvelopeError>, _ message: OpenedMessage, line: Int
    ) -> EnvelopeError? {
        switch verdict {
        case .failure(let error): return error
        case .success(.new): return nil
        case .success(.newWithUsedSequence):
            console.note(
                "line \(line): another message of this sender has the number "
                    + "\(message.envelope.sequence) too")
            return nil
        }
    }

    func open(_ envelope: Envelope, with opener: inout Opener) throws(EnvelopeError)
        -> OpenedMessage
    {
        try opener.open(envelope, from: senders)
    }
}

// Printing.
extension EnvelopeOpening {
    private func show(_ opened: OpenedMessage) throws {
        let isVerified = isVerified(opened.envelope.sender)
        if printsJSON { return try write(json(of: opened, isVerified).encoded + [0x0a]) }
        if !isVerified { noteSender(opened.envelope.sender) }
        if isWithinLine { try write([0x0a]) }
        var bytes = opened.message.bytes
        if escapes {
            let text = String(decoding: bytes, as: UTF8.self)
            bytes = Array(escapedMessage(text).utf8)
        }
        if opened.message.isLine || escapes && bytes.last != 0x0a { bytes.append(0x0a) }
        isWithinLine = !bytes.isEmpty && bytes.last != 0x0a
        try write(bytes)
        wipe(&bytes)
    }

    private func write(_ bytes: [UInt8]) throws {
        if writesFile { try output?.write(bytes) } else { try console.write(bytes) }
    }

    private func json(of opened: OpenedMessage, _ isVerified: Bool) -> JSON {
        let envelope = opened.envelope
        var members: [JSON.Member] = []
        if let sender = envelope.sender {
            members.append(JSON.Member("from", .string(sender.description)))
        }
        members += [
            JSON.Member("verified", .bool(isVerified)),
            JSON.Member("seq", .integer(envelope.sequence)),
            JSON.Member("ts", .string(envelope.timestamp.description)),
        ]
        if let text = String(validating: opened.message.bytes, as: UTF8.self) {
            members.append(JSON.Member("text", .string(text)))
        } else {
            let bytes = Base64.standard.encode(opened.message.bytes)
            members.append(JSON.Member("bytes", .string(bytes)))
        }
        return .object(members)
    }

    /// Whether the signature is of somebody whom the user knows.
    private func isVerified(_ sender: Fingerprint?) -> Bool {
        guard let sender else { return false }
        return senders.contains(sender) || ownFingerprints.contains(sender)
            || known[sender] != nil
    }

    /// Says once for each sender that nobody vouches for them.
    private func noteSender(_ sender: Fingerprint?) {
        guard let sender else {
            return console.note("the message is not signed: anybody may have sent it")
        }
        guard notedSenders.insert(sender).inserted else { return }
        let peers = StateDirectory.configuration().path(of: "peers")
        console.note(
            "the sender \(sender) is not known: name them with -r, or put their public identity "
                + "into \(peers)")
    }
}

/// The replay log cannot be read or written.
struct ReplayLogUnavailable: Failure {
    let reason: FileError
    var kind: FailureKind { reason.kind }
    var code: String { "noReplayLog" }
    var message: String { "cannot keep the replay log: \(reason.message)" }
    var hint: String? { "give --stateless to open without it" }
}

/// Standard output was closed before what was written there was read. The program ends quietly.
private struct ReaderIsGone: Error {}
