internal import CLI
internal import Crypto
internal import Envelopes
internal import Failures
internal import Identities
internal import Keyring
internal import Platform

extension Encrypt {
    static func sealEnvelopes(_ arguments: Arguments, _ console: Console) throws {
        let sealing = try EnvelopeSealing(arguments, console)
        if arguments[lines] {
            try sealing.sealLines(from: input(arguments), to: outputFile(arguments))
        } else {
            try sealing.sealWhole(input(arguments), to: outputFile(arguments))
        }
    }
}

/// Seals messages, and numbers those that are signed.
final class EnvelopeSealing {
    let sealer: Sealer
    private let numbering: Numbering?
    private let console: Console

    init(_ arguments: Arguments, _ console: Console) throws {
        self.console = console
        let passphrase = try Encrypt.sealingPassphrase(arguments)
        let sender = try Self.sender(arguments, sealsWithPassphrase: passphrase != nil)
        if let passphrase {
            let secret = try passphrase.read()
            sealer = Sealer(sender: sender, passphrase: try .random(passphrase: secret))
        } else {
            let recipients = try Encrypt.namedRecipients(arguments)
            if let text = recipients.firstWithoutIdentity {
                throw UsageError.conflict(
                    "\"\(text)\" is no public identity of Parley",
                    hint: "an envelope needs one; or give --format age")
            }
            sealer = try Sealer(sender: sender, recipients: recipients.identities)
            if sender == nil && !arguments[Encrypt.anonymous] {
                console.note("there is no identity, so the message is not signed: give -i")
            }
        }
        numbering = sender.map { Numbering(of: $0.fingerprint, console) }
    }

    /// A passphrase needs no keys, so with one only a sender that was named signs.
    private static func sender(
        _ arguments: Arguments, sealsWithPassphrase: Bool
    ) throws -> SecretIdentity? {
        if arguments[Encrypt.anonymous] { return nil }
        let named = arguments[Encrypt.identity]
        guard let path = try named ?? (sealsWithPassphrase ? nil : KeyFiles.defaultPath()) else {
            return nil
        }
        let files = KeyFiles(passphrase: try PassphraseOptions.readForKeys(arguments))
        return try files.identity(path)
    }

    /// The first of so many numbers that no other message of the sender has; 0 for anonymous ones.
    func reserve(_ count: Int) throws(FileError) -> UInt64 {
        try numbering?.reserve(UInt64(count)) ?? 0
    }

    /// Says what is wrong with a line, if anything.
    func report(_ line: LineSource.Line) {
        if let fault = line.fault { console.report(fault, line: line.number) }
    }

    /// Seals all of the input as one message.
    func sealWhole(_ input: consuming InputFile, to output: consuming OutputFile) throws {
        let limit = Envelope.maximumMessageByteCount + 1
        var bytes: [UInt8]
        do throws(FileError) { bytes = try input.readAll(limit: limit) } catch {
            if case .tooLarge = error { throw EnvelopeError.messageTooLong }
            throw error
        }
        let isLine = bytes.last == 0x0a
        if isLine { bytes.removeLast() }
        let envelope = try sealer.seal(
            Message(bytes, isLine: isLine), sequence: reserve(1), at: WallClock().now)
        wipe(&bytes)
        try output.write(envelope.text + [0x0a])
        try output.commit()
    }

    /// Seals each line, on every processor once there are enough of them. A file appears only where
    /// every one of them is sealed.
    func sealLines(from input: consuming InputFile, to output: consuming OutputFile) throws {
        let source = LineSource(
            input, limit: Envelope.maximumMessageByteCount, keepingCarriageReturns: true)
        let shared = SharedLinesOutput(output)
        var fault: (any Error)?
        do {
            let first = LineSealer(self, source, shared)
            var count = 0
            while count < LineSealer.countWorthThreads, try first.read() {
                try first.process()
                try first.write()
                count += first.count
            }
            if count >= LineSealer.countWorthThreads {
                source.allowInterrupts()
                try runInOrder(
                    (0..<usefulWorkerCount).map { _ in LineSealer(self, source, shared) })
            }
        } catch { fault = error }
        let file = shared.takeFile()
        if let fault { throw fault }
        if console.failure == nil || file.isStandardOutput { try file.commit() }
    }
}

/// The numbers of one sender's messages.
private final class Numbering {
    private let counter: SequenceCounter
    private let console: Console
    /// The next number, once it turned out that none can be kept.
    private var unkept: UInt64?

    init(of sender: Fingerprint, _ console: Console) {
        counter = SequenceCounter(of: sender)
        self.console = console
    }

    func reserve(_ count: UInt64) throws(FileError) -> UInt64 {
        if let next = unkept { return take(count, from: next) }
        do throws(FileError) { return try counter.reserve(count) } catch {
            if case .locked = error { throw error }
            console.warn("\(error.message): messages are numbered by the clock")
            return take(count, from: SequenceCounter.withoutState(at: WallClock().now))
        }
    }

    private func take(_ count: UInt64, from next: UInt64) -> UInt64 {
        unkept = next + count
        return next
    }
}
