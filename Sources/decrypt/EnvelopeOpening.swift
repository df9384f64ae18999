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
        try console.flush()
        try output.commit()
        try journal?.remember()
        try journal?.synchronize()
    }

    /// Judges and prints a batch, in the order of its lines.
    ///
    /// - Parameter isCaughtUp: whether the next line is still to come.
    func give(_ batch: [LineOpener.Opened], isCaughtUp: Bool) throws {
        for (opened, failure) in try judged(batch) {
            if let failure {
                console.report(failure, line: opened.number)
            } else if case .message(let message) = opened.outcome {
                try show(message)
            }
        }
        try console.flush()
        if isCaughtUp { try journal?.synchronize() }
    }

    /// Each line with what speaks against it.
    private func judged(
        _ batch: [LineOpener.Opened]
    ) throws -> [(LineOpener.Opened, (any Failure)?)] {
        let messages = batch.compactMap { opened in
            if case .message(let message) = opened.outcome { message } else { nil }
        }
        var verdicts =
            try journal?.judge(messages, at: WallClock().now, durably: !writesFile)[...] ?? []
        return batch.map { opened in
            switch opened.outcome {
            case .failure(let error): return (opened, error)
            case .message(let message):
                guard let verdict = verdicts.popFirst() else { return (opened, nil) }
                switch verdict {
                case .failure(let error): return (opened, error)
                case .success(.new): break
                case .success(.newWithUsedSequence):
                    console.note(
                        "line \(opened.number): another message of this sender has the number "
                            + "\(message.envelope.sequence) too")
                }
                return (opened, nil)
            }
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
