public import CLI
internal import Failures
internal import Keyring
internal import Platform

/// Seals one message, a stream of messages, or a file.
public enum Encrypt: Command {
    static let recipients = Option.files(
        "recipient", short: "r", value: "RECIPIENT",
        "Seal for this recipient, the file of a public identity; for age also an age1… or "
            + "ssh-ed25519 key.")
    static let recipientFiles = Option.files(
        "recipients-file", short: "R",
        "Seal for everybody in this file: recipients of any kind, one a line, and # comments.")
    static let identity = Option.file(
        "identity", short: "i", value: "KEY",
        "Sign with this identity; for --rewrap, open with it.")
    static let anonymous = Option.flag(
        "anonymous", "Do not sign, though there is a default identity.")
    static let format = Option<SealedFormat>.choice(
        "format", default: .envelope, "Write this format.")
    static let lines = Option.flag(
        "lines",
        "Seal every line of the input as a message, a last one without a newline like the others.")
    static let armor = Option.flag("armor", short: "a", "Write an age file as text.")
    static let output = Option.file("output", short: "o", "Write to this file.")
    static let force = Option.flag("force", short: "f", "Write over a file that is there already.")
    static let inspect = Option.flag(
        "inspect", "Say what a file or envelope is, unopened.")
    static let rewrap = Option.flag(
        "rewrap", "Change the recipients of an age file, not its payload.")

    public static let description = CommandDescription(
        name: "encrypt",
        summary: "seal a message, a stream of messages, or a file",
        details: """
            Seals standard input, or FILE, for the recipients and signs it.

            The format envelope, the default, is one line of JSON a message, as \
            parley-envelope(5) describes it. Without -i the default identity signs, where there is \
            one; with --anonymous, or without any identity, the message is not signed. A newline \
            at the end of a message is kept apart, and decrypt(1) puts it back.

            A message may have up to 8 MiB. sendmsg(1) carries envelopes of up to 1,990,000 bytes, \
            which is a message of about 1.4 MB; what is larger goes as an age file, by other ways.

            The format age is for files of any size; the age program opens them, and seals what \
            decrypt(1) opens. It is not signed.

            The format cryptojs is the OpenSSL "Salted__" form that old web clients write. It \
            can be altered by anybody without notice: use it for them alone. Its passphrase may \
            also come from ENCRYPTION_KEY. The text is in lines of 64 characters, as openssl enc -a \
            reads it; the crypto-js library wants it without line ends, as tr -d '\\n' makes it, or \
            as --lines writes it.
            """,
        sections: [
            OptionSection(
                nil, [recipients, recipientFiles, identity, anonymous, format, lines, armor]),
            OptionSection("Passphrase", PassphraseOptions.all + [PassphraseOptions.keyFile]),
            OptionSection(
                "Output", [output, force, StandardOption.progress, StandardOption.json]),
            OptionSection("Inspection", [inspect, rewrap]),
        ],
        operands: [Operand("FILE", .optional, .file("FILE"), "The input, not standard input.")],
        environment: [
            EnvironmentVariable("PARLEY_IDENTITY", "The file of the default identity."),
            EnvironmentVariable("ENCRYPTION_KEY", "The passphrase of the format cryptojs."),
        ],
        files: [
            FileNote("$XDG_CONFIG_HOME/parley/identity.key", "The default identity."),
            FileNote(
                "$XDG_STATE_HOME/parley/sequence/",
                "The number of each sender's next message. Where it cannot be kept, encrypt warns "
                    + "and numbers by the clock."),
        ],
        statuses: [
            ExitNote(.refused, "A public identity does not verify, or a passphrase is wrong."),
            ExitNote(.malformed, "A recipient or key is malformed, or a message too long."),
            ExitNote(.noInput, "A file is not there."),
            ExitNote(.cannotCreate, "The output is there already, or cannot be made."),
            ExitNote(.inputOutput, "Reading or writing failed, as where the disk is full."),
            ExitNote(.temporary, "Another process holds the lock of the sequence number."),
            ExitNote(.notAllowed, "Others can read the key file."),
        ],
        examples: [
            Example(
                "echo \"Hello, kaise ho?\" | encrypt -i alice.key -r bob.pub > message",
                "Seal a message for Bob."),
            Example(
                "tail -f log | encrypt --lines -i alice.key -r bob.pub | sendmsg --to bob@example.com",
                "Send each line as it comes."),
            Example(
                "encrypt --format age -r bob.pub -o photo.age photo.jpg",
                "Seal a file; the age program can open it too."),
            Example("encrypt -p --format age < notes > notes.age", "Seal with a passphrase."),
        ],
        seeAlso: ["age(1)", "decrypt(1)", "keygen(1)", "sendmsg(1)", "parley-envelope(5)"])

    public static func run(_ arguments: Arguments, _ console: Console) throws {
        ProcessState.forbidDumps()
        try checkConflicts(arguments)
        if arguments[inspect] { return try inspectInput(arguments, console) }
        if arguments[rewrap] { return try rewrapFile(arguments, console) }
        switch arguments[format] {
        case .envelope: try sealEnvelopes(arguments, console)
        case .age: try sealAgeFile(arguments, console)
        case .cryptojs: try sealCryptoJS(arguments, console)
        }
    }

    private static func checkConflicts(_ arguments: Arguments) throws(UsageError) {
        if arguments[inspect] && arguments[rewrap] {
            throw .conflict("--inspect and --rewrap at once", hint: "ask for one")
        }
        if arguments[armor] && arguments[format] != .age && !arguments[rewrap] {
            throw .conflict("--armor is for age files", hint: "give --format age")
        }
        if arguments[lines] && arguments[format] == .age {
            throw .conflict("an age file is not made of lines", hint: "leave --lines out")
        }
        if arguments[anonymous] && arguments[identity] != nil {
            throw .conflict("--anonymous and -i at once", hint: "leave one of them out")
        }
    }

    static func input(_ arguments: Arguments) throws(FileError) -> InputFile {
        try InputFile(arguments.operands.first)
    }

    static func outputFile(_ arguments: Arguments) throws(FileError) -> OutputFile {
        try OutputFile(
            arguments[output], replacing: arguments[force], inputs: [arguments.operands.first])
    }

    static func namedRecipients(_ arguments: Arguments) throws -> Recipients {
        var named = Recipients()
        for text in arguments[recipients] { try named.add(text) }
        for path in arguments[recipientFiles] { try named.addFile(path) }
        return named
    }

    /// The passphrase to seal with, which goes with no other recipient; nil for keys.
    static func sealingPassphrase(_ arguments: Arguments) throws -> SecretSource? {
        guard let source = try PassphraseOptions.source(arguments, confirming: true) else {
            guard !arguments[recipients].isEmpty || !arguments[recipientFiles].isEmpty else {
                throw UsageError.conflict(
                    "there is nobody to seal for", hint: "give -r, or -p for a passphrase")
            }
            return nil
        }
        guard arguments[recipients].isEmpty && arguments[recipientFiles].isEmpty else {
            throw UsageError.conflict(
                "a passphrase and other recipients at once", hint: "leave one of them out")
        }
        return source
    }
}
