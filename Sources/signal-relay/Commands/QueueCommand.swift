internal import CLI
internal import JSON

/// `signal-relay queue`: what waits for whom.
enum QueueCommand: Command {
    private static let all = Option.flag("all", "Forget what waits for everybody.")
    private static let olderThan = Option<Duration>.duration(
        "older-than", default: .zero, "Forget only what has waited for so long.")

    static let description = CommandDescription(
        name: "queue", summary: "show or forget the messages that wait",
        details: """
            Messages that wait for their receivers: how many, how large, how old. What they are \
            nobody can tell.
            """,
        subcommands: [
            CommandDescription(
                name: "ls", summary: "list how many messages wait for whom",
                details: """
                    Prints for each user for whom messages wait how many there are, their bytes, \
                    and when the first and the last were kept; or for one user alone.
                    """,
                sections: [OptionSection(nil, [ControlSession.timeout])],
                operands: [Operand("USER", .optional, .word("USER"), userHelp)]),
            CommandDescription(
                name: "purge", summary: "forget messages that wait",
                details: """
                    Forgets the messages that wait for a user, or for everybody. Nobody can bring \
                    them back, and those who sent them are not told.
                    """,
                sections: [OptionSection(nil, [all, olderThan, ControlSession.timeout])],
                operands: [Operand("USER", .optional, .word("USER"), userHelp)]),
        ], needsSubcommand: true)

    private static let userHelp = "A user id or an e-mail address."

    static func run(_ arguments: Arguments, _ console: Console) throws {
        let user = arguments.operands.first
        var members = user.map { [JSON.Member("user", .string($0))] } ?? []
        let purges = arguments.subcommand.last == "purge"
        if purges {
            guard arguments[all] != (user != nil) else {
                throw UsageError.conflict("give a user or --all", hint: "see --help")
            }
            if arguments[all] { members.append(JSON.Member("all", true)) }
            let age = arguments[olderThan].components.seconds
            if age > 0 { members.append(JSON.Member("olderThan", .integer(age))) }
        }
        let session = try ControlSession(arguments)
        defer { session.close() }
        let columns =
            ["user", "email", "count", "byteCount"] + (purges ? [] : ["oldest", "newest"])
        var report = Report(console, columns: columns)
        try session.ask(purges ? "queue.purge" : "queue.list", members) { try report.add($0) }
        try report.finish()
    }
}
