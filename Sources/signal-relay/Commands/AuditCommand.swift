internal import CLI
internal import Clock
internal import JSON
internal import Platform

/// `signal-relay audit`: exactly what is stored.
enum AuditCommand: Command {
    private static let events = Option.flag(
        "events", "Print the lines of the audit log instead: who did what when, and no contents.")
    private static let since = Option<Duration>.duration(
        "since", default: .zero,
        "Only lines of that log that are not older: 30m, 6h, 7d. By default all.")

    static let description = CommandDescription(
        name: "audit", summary: "list exactly what is stored",
        details: """
            Prints for each kind of thing that the database holds how many there are, their \
            bytes, and the times of the oldest and the newest; every table is listed. With \
            --events or --since it prints the audit log, which has events, times, users, addresses \
            and numbers.
            """,
        sections: [OptionSection(nil, [events, since, ControlSession.timeout])])

    static func run(_ arguments: Arguments, _ console: Console) throws {
        let session = try ControlSession(arguments)
        defer { session.close() }
        guard arguments[events] || arguments[since] > .zero else {
            var report = Report(
                console, columns: ["kind", "count", "byteCount", "oldest", "newest"])
            try session.ask("audit.stored") { try report.add($0) }
            return try report.finish()
        }
        try printEvents(arguments[since], session, console)
    }

    private static func printEvents(
        _ age: Duration, _ session: ControlSession, _ console: Console
    ) throws {
        let since = age == .zero ? nil : WallClock().now + (.zero - age)
        var report = Report(console, columns: ["at", "event", "user", "session", "address"])
        var last: Int64 = 0
        while true {
            let members = [
                JSON.Member("after", .integer(last)),
                JSON.Member("since", .integer(since?.milliseconds ?? 0)),
            ]
            let before = last
            try session.ask("audit.events", members) { answer in
                last = max(last, answer["page"]?.integer ?? 0)
                guard let line = answer["line"] else { return }
                // Both are RFC 3339 in UTC with milliseconds, so they compare as text.
                if let since, (line["at"]?.string ?? "") < since.description { return }
                let type = JSON.Member("type", "event")
                try report.add(.object([type] + (line.members ?? [])))
            }
            if last == before { return try report.finish() }
        }
    }
}
