public import CLI
internal import Failures
internal import Identities
internal import JSON
internal import Keyring
internal import Platform
internal import QRCodes

/// Makes and shows identities.
public enum Keygen: Command {
    static let output = Option.file(
        "output", short: "o", "Write to this file, not to the place of the default identity.")
    static let name = Option.text(
        "name", value: "NAME", default: "", "Put this name into the new identity.")
    static let force = Option.flag("force", short: "f", "Write over a file that is there already.")
    static let identity = Option.file(
        "identity", short: "i", value: "KEY", "Take this identity, not the default one.")
    static let publicHalf = Option.flag("public", "Print the public half of an identity.")
    static let fingerprint = Option.flag("fingerprint", "Print the fingerprint of an identity.")
    static let verify = Option.file(
        "verify", value: "PEER.pub",
        "Print the safety number of the pair, the same on both sides, and on a terminal its QR code."
    )
    static let export = Option.flag(
        "export", "Write the secret half of an identity in another format, to -o.")
    static let groupKey = Option.flag("group-key", "Make a key of 256 bits for a group.")
    static let format = Option<KeyFormat>.choice(
        "format", default: .parley, "Write keys in this format.")

    public static let description = CommandDescription(
        name: "keygen",
        summary: "make and show identities",
        details: """
            Makes an identity, an Ed25519 key to sign and an X25519 key to agree, and prints its \
            public half, which is what others need. The secret half goes to a file of mode 0600; \
            a file that is there is not written over.

            With one of the options below, shows an identity that is there. Its file may also be \
            named without -i, and for the public half and the fingerprint it may be a public one.

            The formats age, pem (RFC 8410) and jwk (RFC 8037) are for other programs: the secret \
            half that Parley signs with is in its own. Of the others decrypt(1) takes the age format \
            alone, which holds the X25519 key.

            With -o - the secret half goes to standard output, and the public half is not printed.

            With --json the fingerprint, the safety number and the key of a group are JSON objects \
            as well.
            """,
        sections: [
            OptionSection(nil, [output, name, format, force]),
            OptionSection("Passphrase", PassphraseOptions.all),
            OptionSection(
                "Inspection",
                [identity, publicHalf, fingerprint, verify, export, groupKey]),
            OptionSection("Output", [StandardOption.json]),
        ],
        operands: [Operand("KEY", .optional, .file("KEY"), "The identity to show.")],
        environment: [
            EnvironmentVariable("PARLEY_IDENTITY", "The file of the default identity.")
        ],
        files: [
            FileNote("$XDG_CONFIG_HOME/parley/identity.key", "The default identity.")
        ],
        statuses: [
            ExitNote(.refused, "The passphrase is wrong, or a public identity does not verify."),
            ExitNote(.malformed, "A file is no identity."),
            ExitNote(.noInput, "There is no such file."),
            ExitNote(.cannotCreate, "The key file is there already, or cannot be made."),
            ExitNote(.inputOutput, "Reading or writing failed, as where the disk is full."),
            ExitNote(.notAllowed, "Others can read the key file."),
        ],
        examples: [
            Example(
                "keygen -o alice.key --name Alice > alice.pub", "Make an identity in two files."),
            Example(
                "keygen --verify bob.pub -i alice.key", "Print the number to compare with Bob's."),
            Example(
                "keygen --public --format age alice.key", "Print the recipient for the age program."
            ),
            Example(
                "keygen --export --format age -i alice.key -o alice.age.key",
                "Write the key for the age program, which opens with it what is sealed for Alice."),
        ],
        seeAlso: ["age(1)", "decrypt(1)", "encrypt(1)", "parley-envelope(5)"])

    private enum Action { case make, showPublic, showFingerprint, verify, export, makeGroupKey }

    public static func run(_ arguments: Arguments, _ console: Console) throws {
        ProcessState.forbidDumps()
        switch try action(arguments) {
        case .make: try makeIdentity(arguments, console)
        case .makeGroupKey: try makeGroupKey(arguments, console)
        case .showPublic:
            let text = try known(arguments).text(in: arguments[format])
            try write(text, arguments, console)
        case .showFingerprint:
            let text = try known(arguments).fingerprint.description
            let object: JSON = ["type": "fingerprint", "fingerprint": .string(text)]
            try write((console.printsJSON ? object.text : text) + "\n", arguments, console)
        case .verify: try showSafetyNumber(arguments, console)
        case .export: try exportIdentity(arguments, console)
        }
    }

    private static func action(_ arguments: Arguments) throws(UsageError) -> Action {
        var actions: [Action] = []
        if arguments[publicHalf] { actions.append(.showPublic) }
        if arguments[fingerprint] { actions.append(.showFingerprint) }
        if arguments[verify] != nil { actions.append(.verify) }
        if arguments[export] { actions.append(.export) }
        if arguments[groupKey] { actions.append(.makeGroupKey) }
        guard actions.count <= 1 else {
            throw .conflict("two things to do at once", hint: "ask for one")
        }
        let action = actions.first ?? .make
        let takesKey = action != .make && action != .makeGroupKey
        if !takesKey, arguments[identity] != nil || !arguments.operands.isEmpty {
            throw .conflict(
                "nothing is to be done with the key", hint: "give --public, or -o for a new one")
        }
        if arguments[identity] != nil && !arguments.operands.isEmpty {
            throw .conflict("two keys to show", hint: "give one")
        }
        return action
    }

    private static func path(_ arguments: Arguments) -> String {
        arguments[identity] ?? arguments.operands.first ?? Environment.process.identityPath
    }

    /// The public half of the identity that was named, from either half's file.
    private static func known(_ arguments: Arguments) throws -> PublicIdentity {
        let path = path(arguments)
        // A public file needs no passphrase to be asked for.
        if path.hasSuffix(".pub") { return try Recipients.identities(inFile: path)[0] }
        let files = KeyFiles(
            passphrase: try PassphraseOptions.read(arguments, confirming: false),
            flag: "--\(PassphraseOptions.file.spec.name)")
        return try files.publicIdentity(path)
    }

    /// To `-o`, or to standard output.
    private static func write(
        _ text: String, _ arguments: Arguments, _ console: Console
    ) throws {
        guard let path = arguments[output] else { return try show(text, arguments, console) }
        var file = try OutputFile(path, replacing: arguments[force])
        try file.write(text)
        try file.commit()
    }

    /// On standard output, with names in it that somebody else chose.
    static func show(_ text: String, _ arguments: Arguments, _ console: Console) throws {
        try console.write((console.outputIsTerminal ? escapedInJSON(text) : text).utf8)
    }

    private static func showSafetyNumber(_ arguments: Arguments, _ console: Console) throws {
        let mine = try known(arguments)
        let peer = try Recipients.identities(inFile: arguments[verify] ?? "")[0]
        let number = SafetyNumber(mine.fingerprint, peer.fingerprint)
        if console.printsJSON {
            let object: JSON = [
                "type": "safetyNumber", "number": .string(number.description),
                "fingerprint": .string(mine.fingerprint.description),
                "peer": .string(peer.fingerprint.description), "peerName": .string(peer.name),
            ]
            return try console.print(object.text)
        }
        guard console.outputIsTerminal else { return try console.print(number.description) }
        if let code = QRCode(digits: number.digits) {
            for line in code.lines(colored: Terminal.showsColor) { try console.print(line) }
        }
        for line in number.lines { try console.print("    " + line) }
        console.note(
            "compare it with \(peer.name.isEmpty ? "the peer" : peer.name) by voice or in person")
    }
}

extension SafetyNumber {
    /// Three lines of four groups, as a person reads them out.
    fileprivate var lines: [String] {
        stride(from: 0, to: groups.count, by: 4).map {
            groups[$0..<$0 + 4].joined(separator: " ")
        }
    }
}
