internal import CLI
internal import Failures
internal import JSON
internal import Platform
internal import Relay

/// `signal-relay token`: access tokens, made and explained.
enum TokenCommand: Command {
    private static let lifetime = Option<Duration>.duration(
        "for", atLeast: .seconds(1), atMost: RelayServer.longestTokenLifetime,
        default: .seconds(7 * 86_400), "The token is good for so long. By default 7d.")
    private static let isNew = Option.flag(
        "new", "Name a user whom the relay does not know yet, by an id of your own.")

    static let description = CommandDescription(
        name: "token", summary: "make a token, or tell why one is refused",
        details: "Access tokens of a relay, which clients show when they connect.",
        subcommands: [
            CommandDescription(
                name: "make", summary: "make a token for a service or a test",
                details: """
                    Prints a token for a user, without a password: whoever has it is this user \
                    until it expires, the user is disabled, or it is logged out. None is made \
                    that would be refused, as for a disabled user.
                    """,
                sections: [OptionSection(nil, [lifetime, isNew, ControlSession.timeout])],
                operands: [
                    Operand("USER", .one, .word("USER"), "A user id or an e-mail address.")
                ]),
            CommandDescription(
                name: "explain", summary: "tell why a token is refused",
                details: """
                    Reads a token and prints what it says and every reason for which the relay \
                    would refuse it; with status 1 where there is one. It never shows the secret, \
                    nor what the signature should be.
                    """,
                sections: [OptionSection(nil, [ControlSession.timeout])],
                operands: [
                    Operand(
                        "FILE", .optional, .file("FILE"),
                        "Read the token from this file; - is standard input, the default.")
                ]),
        ], needsSubcommand: true)

    /// Longer than any token that is looked at.
    private static let tokenByteCount = 32 << 10

    static func run(_ arguments: Arguments, _ console: Console) throws {
        if arguments.subcommand.last == "make" {
            try make(arguments, console)
        } else {
            try explain(arguments, console)
        }
    }

    private static func make(_ arguments: Arguments, _ console: Console) throws {
        let members = [
            JSON.Member("user", .string(arguments.operands.first ?? "")),
            JSON.Member("seconds", .integer(arguments[lifetime].components.seconds)),
            JSON.Member("new", .bool(arguments[isNew])),
        ]
        let session = try ControlSession(arguments, makingDatabase: arguments[isNew])
        defer { session.close() }
        try session.ask("token.make", members) {
            // A token alone is what a script wants; the rest is there with --json.
            if console.printsJSON {
                try console.print($0.encoded)
            } else {
                try console.print($0["token"]?.string ?? "")
            }
        }
    }

    private static func explain(_ arguments: Arguments, _ console: Console) throws {
        let bytes = try InputFile(arguments.operands.first).readAll(limit: tokenByteCount)
        let text = String(decoding: bytes, as: UTF8.self)
        // The end of the line is the file's, all else the token's.
        let token = text.hasSuffix("\n") ? text.dropLast() : text[...]
        let session = try ControlSession(arguments)
        defer { session.close() }
        var answer = JSON.null
        try session.ask("token.explain", [JSON.Member("token", .string(String(token)))]) {
            answer = $0
        }
        if console.prefersJSON {
            try console.print(answer.encoded)
        } else {
            try tell(answer, console)
        }
        guard let problem = answer["problems"]?.array?.first else { return }
        throw TokenRefusal(
            code: problem["code"]?.string ?? "badToken",
            message: problem["message"]?.string ?? "the token is not valid",
            hint: problem["hint"]?.string)
    }

    private static func tell(_ answer: JSON, _ console: Console) throws {
        for part in ["header", "payload"] {
            guard let value = answer[part] else { continue }
            try console.print("\(part): \(escapedForTerminal(value.text))")
        }
        for problem in answer["problems"]?.array ?? [] {
            let text = "\(problem["code"]?.string ?? ""): \(problem["message"]?.string ?? "")"
            try console.print("refused: " + escapedForTerminal(text))
        }
        if answer["valid"]?.bool == true { try console.print("the token is good") }
    }
}

/// What is wrong with a token that was to be explained.
struct TokenRefusal: Failure, Equatable {
    let code: String
    let message: String
    let hint: String?
    var kind: FailureKind { .refused }
}
