internal import Age
public import CLI
internal import Clock
internal import Crypto
internal import Envelopes
internal import Failures
internal import FileSealing
internal import Identities
internal import Keyring
internal import Platform

/// Opens messages and files, whatever format they are in.
public enum Decrypt: Command {
    static let keys = Option.files(
        "identity", short: "i", value: "KEY",
        "Open with this key: an identity of Parley or of age, or an OpenSSH Ed25519 key.")
    static let senders = Option.files(
        "sender", short: "r", value: "SENDER.pub",
        "Take messages of this sender alone, and of nobody who does not sign.")
    static let output = Option.file("output", short: "o", "Write to this file.")
    static let force = Option.flag("force", short: "f", "Write over a file that is there already.")
    static let stateless = Option.flag(
        "stateless", "Open a message that was opened before, or is old, and remember nothing.")
    static let maximumAge = Option.duration(
        "max-age", default: ReplayPolicy.defaultMaximumAge,
        "Refuse messages that are older than this; by default 7 days.")

    public static let description = CommandDescription(
        name: "decrypt",
        summary: "open messages and files",
        details: """
            Opens standard input, or FILE, and finds out its format: envelopes of \
            parley-envelope(5), one a line; an age file, binary or armored; or the cryptojs form. \
            Without -i the default identity opens.

            Nothing of a message is printed before its signature, the commitment to its key and \
            its tag hold. Of several envelopes each that is good is printed, each that is not is \
            reported with its line, and the status is that of the first failure. From an empty \
            standard input comes nothing; an empty FILE, or nothing for -o, is an error. With --json \
            each \
            message is an object on a line of its own; what is in an age file or the cryptojs form \
            is written as it is, and errors alone are JSON, so give -o with it.

            Several texts of the cryptojs form, each on a line, come out as a line each. Since what \
            comes alone is written byte for byte, the end of the first line follows with the next.

            A message counts as verified where its sender is known: named by -r, found in the \
            directory peers, or one's own. The signature of another sender is checked too, but \
            says only that whoever holds that key signed; decrypt notes the fingerprint.

            A message is opened once, also one under a passphrase. It counts as opened when it was \
            written out, and is remembered for as long as it may be old. After a kill in between, or \
            where there is no room to remember it, as on a full disk, which is status 74, the last \
            messages, up to 64, may be printed again. What is in a pipe was written out, \
            even where its reader ends without reading it: with head(1) give --stateless. To open \
            what is kept, give --stateless too.

            A message whose readable parts were changed is refused as altered, or, where what came \
            out is no envelope of a kind that decrypt knows, as malformed.
            """,
        sections: [
            OptionSection(nil, [keys, senders, stateless, maximumAge]),
            OptionSection("Passphrase", PassphraseOptions.all + [PassphraseOptions.keyFile]),
            OptionSection(
                "Output", [output, force, StandardOption.progress, StandardOption.json]),
        ],
        operands: [Operand("FILE", .optional, .file("FILE"), "The input, not standard input.")],
        environment: [
            EnvironmentVariable("PARLEY_IDENTITY", "The file of the default identity."),
            EnvironmentVariable("ENCRYPTION_KEY", "The passphrase of the format cryptojs."),
        ],
        files: [
            FileNote("$XDG_CONFIG_HOME/parley/identity.key", "The default identity."),
            FileNote("$XDG_CONFIG_HOME/parley/peers/*.pub", "Public identities of known senders."),
            FileNote("$XDG_STATE_HOME/parley/replay", "Which messages were opened."),
        ],
        statuses: [
            ExitNote(
                .refused,
                "A message was altered, is for another key, from somebody else, too old, or was "
                    + "opened before; or the passphrase is wrong."),
            ExitNote(.malformed, "The input is in none of the formats."),
            ExitNote(.noInput, "A file is not there."),
            ExitNote(
                .cannotCreate,
                "The output is there already, or it or the replay log cannot be made."),
            ExitNote(.inputOutput, "Reading or writing failed, as where the disk is full."),
            ExitNote(.temporary, "Another process holds the lock of the replay log."),
            ExitNote(.notAllowed, "Others can read the key file."),
        ],
        examples: [
            Example("recvmsg --follow | decrypt -i bob.key", "Read what comes."),
            Example(
                "decrypt -i bob.key -r alice.pub --json < message",
                "Open one message, if it is Alice's."),
            Example("decrypt -i bob.key -o opened.jpg photo.age", "Open an age file."),
        ],
        seeAlso: ["age(1)", "encrypt(1)", "keygen(1)", "recvmsg(1)", "parley-envelope(5)"])

    public static func run(_ arguments: Arguments, _ console: Console) throws {
        ProcessState.forbidDumps()
        let input = try InputFile(arguments.operands.first)
        let output = try OutputFile(
            arguments[output], replacing: arguments[force], inputs: [arguments.operands.first])
        let passphrase = try PassphraseOptions.read(arguments, confirming: false)
        let files = KeyFiles(
            passphrase: try PassphraseOptions.readForKeys(arguments) ?? passphrase)
        let keys = try files.readOrDefault(arguments[keys])
        let (format, start) = try SealedFormat.find(in: input)
        // No envelopes are none to print; a file that lost its content must not open to nothing.
        if start.isEmpty, arguments.operands.first != nil || arguments[Self.output] != nil {
            throw EmptyInput(name: input.name)
        }
        if format != .envelope { try checkUnsigned(arguments) }
        if format == .cryptojs {
            let passphrase =
                try passphrase ?? PassphraseOptions.readForCryptoJS(confirming: false)
            return try openCryptoJS(
                input, startingWith: start, passphrase, to: output, console)
        }
        if format == .age {
            let progress = ShownProgress(arguments, console, total: input.byteCount)
            defer { progress.finish() }
            let file = try SealedFile(input, startingWith: start)
            let identities = keys.age + (passphrase.map { [.passphrase($0)] } ?? [])
            return try open(file, with: identities, to: output, progress)
        }
        let opening = try EnvelopeOpening(
            arguments, console, Opener(identities: keys.identities, passphrase: passphrase))
        try opening.open(
            LineSource(input, startingWith: start, limit: Envelope.maximumTextByteCount),
            to: output)
    }

    private static func open(
        _ file: SealedFile, with identities: [Age.Identity], to output: consuming OutputFile,
        _ progress: ShownProgress
    ) throws {
        var output = output
        try file.open(with: identities, to: &output, progress: progress.advance)
        try output.commit()
    }

    /// Only envelopes say who sent them.
    private static func checkUnsigned(_ arguments: Arguments) throws {
        guard arguments[senders].isEmpty else { throw EnvelopeError.unsigned }
    }
}
