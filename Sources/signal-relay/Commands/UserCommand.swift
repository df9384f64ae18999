internal import CLI
internal import Crypto
internal import Failures
internal import JSON
internal import Platform

/// `signal-relay user`: accounts.
enum UserCommand: Command {
    private static let name = Option.text(
        "name", value: "NAME",
        "The name that others see; by default what stands before the @ of the address.")
    private static let passwordFile = Option.file(
        "password-file", "Read the password from the first line of this file, - is standard input.")

    static let description = CommandDescription(
        name: "user", summary: "add, list, shut out, import or remove accounts",
        details: "The accounts of a relay, while it runs or not.",
        subcommands: [
            CommandDescription(
                name: "add", summary: "make an account",
                details: """
                    Makes an account. The password comes from the terminal, or from a private file.
                    """,
                sections: [OptionSection(nil, [name, passwordFile, ControlSession.timeout])],
                operands: [Operand("EMAIL", .one, .word("EMAIL"), "Its e-mail address.")]),
            CommandDescription(
                name: "list", summary: "list accounts",
                details: """
                    Prints each account, or one: whether it is enabled, what kind of password it \
                    has, whether it has a second factor, how many connections it holds, and for how \
                    many seconds it is locked out after too many failures.
                    """,
                sections: [OptionSection(nil, [ControlSession.timeout])],
                operands: [Operand("USER", .optional, .word("USER"), userHelp)]),
            CommandDescription(
                name: "disable", summary: "shut a user out",
                details: """
                    Ends all logins, tokens and connections of a user at once, for good, and lets \
                    the user in no more until the account is enabled. Tokens of another issuer are \
                    among them: one that was issued before that, to the second, or does not say \
                    when (iat), stays refused. \(eachUser)
                    """,
                sections: [OptionSection(nil, [ControlSession.timeout])],
                operands: [Operand("USER", .oneOrMore, .word("USER"), userHelp)]),
            CommandDescription(
                name: "enable", summary: "let a user in again",
                details: """
                    Lets a user log in who was disabled, or who is locked out after too many \
                    failures. \(eachUser)
                    """,
                sections: [OptionSection(nil, [ControlSession.timeout])],
                operands: [Operand("USER", .oneOrMore, .word("USER"), userHelp)]),
            CommandDescription(
                name: "import", summary: "bring accounts with the hashes of their passwords",
                details: """
                    Reads accounts of another system: lines with email,name,hash or JSON objects \
                    with these members, from a file or standard input. A byte order mark before \
                    them is passed over. The hashes are those of bcrypt ($2a$, $2b$ or $2y$); each \
                    is replaced by one of Argon2id when its user first logs in.
                    """,
                sections: [OptionSection(nil, [ControlSession.timeout])],
                operands: [
                    Operand("FILE", .optional, .file("FILE"), "Read this; - is standard input.")
                ]),
            CommandDescription(
                name: "remove", summary: "remove accounts for good",
                details: """
                    Removes accounts with the messages that wait for them, their devices and their \
                    part in groups and threads, and ends their logins and connections. Nobody gets \
                    their ids again. \(eachUser)
                    """,
                sections: [OptionSection(nil, [ControlSession.timeout])],
                operands: [Operand("USER", .oneOrMore, .word("USER"), userHelp)]),
        ], needsSubcommand: true)

    private static let eachUser = """
        Each user that is named is taken on its own: one who is not there is reported, the others \
        are dealt with all the same, and the status is 1.
        """
    private static let userHelp = "A user id or an e-mail address."
    private static let columns = ["user", "email", "name"]

    static func run(_ arguments: Arguments, _ console: Console) throws {
        switch arguments.subcommand.last {
        case "add": try add(arguments, console)
        case "list":
            let members = arguments.operands.first.map { [JSON.Member("user", .string($0))] } ?? []
            try report(
                "user.list", [members], arguments, console,
                columns: columns + [
                    "state", "password", "secondFactor", "connections", "lockedSeconds",
                ])
        case "import": try UserImport.run(arguments, console)
        case let action:
            try report(
                "user.\(action ?? "")",
                arguments.operands.map { [JSON.Member("user", .string($0))] }, arguments, console,
                columns: ["type"] + columns)
        }
    }

    /// Asks once for each list of members, and prints what comes. Where there are several, one that
    /// is refused keeps nobody else's from being carried out.
    private static func report(
        _ request: String, _ questions: [[JSON.Member]], _ arguments: Arguments,
        _ console: Console, columns: [String]
    ) throws {
        let session = try ControlSession(arguments)
        defer { session.close() }
        var report = Report(console, columns: columns)
        for members in questions {
            do {
                try session.ask(request, members) { try report.add($0) }
            } catch let error as ControlFailure where error.kind == .refused && questions.count > 1
            {
                console.report(error)
            }
        }
        try report.finish()
    }

    private static func add(_ arguments: Arguments, _ console: Console) throws {
        guard let email = arguments.operands.first else { throw UsageError.missingOption("EMAIL") }
        let source: SecretSource =
            arguments[passwordFile].map { .file($0) }
            ?? .prompt(
                "password for \(email)", confirming: true,
                otherwise: "give --\(passwordFile.spec.name) a file that holds it")
        let password = try source.read()
        let members: JSON = [
            "request": "user.add", "email": .string(email),
            "name": .string(arguments[name] ?? String(email.prefix { $0 != "@" })),
        ]
        let session = try ControlSession(arguments, makingDatabase: true)
        defer { session.close() }
        var line = members.encoded(withPassword: password)
        defer { wipe(&line) }
        var report = Report(console, columns: columns)
        try session.ask(line: line) { try report.add($0) }
        try report.finish()
    }
}

extension JSON {
    /// The object with a password added, which passes through no other memory than these bytes.
    fileprivate func encoded(withPassword password: borrowing SecretBytes) -> [UInt8] {
        let members = encoded
        var line: [UInt8] = []
        // Never moved by growing, which would leave a copy behind.
        line.reserveCapacity(members.count + 16 + password.count * 6)
        line += members.dropLast()
        line += Array(#","password":""#.utf8)
        password.withBytes { bytes in
            let digits = Array("0123456789abcdef".utf8)
            for byte in bytes {
                switch byte {
                case 0x22, 0x5c: line += [0x5c, byte]
                case 0..<0x20:
                    line += Array("\\u00".utf8)
                    line += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                default: line.append(byte)
                }
            }
        }
        line += [0x22, 0x7d]
        return line
    }
}
