internal import CLI
internal import Failures
internal import JSON
internal import Platform

/// `signal-relay check`: whether a relay with these options and this environment would run well.
enum CheckCommand: Command {
    static let description = CommandDescription(
        name: "check", summary: "check the configuration",
        details: """
            Takes the options that the relay would be started with, looks at them, at the \
            environment, at the files that it would use and their modes, at the certificate, and \
            reads the whole database, also while a relay uses it. It prints a line for each \
            finding, with its severity, and changes nothing. Status 1 says that there is an error.
            """)

    static func run(_ arguments: Arguments, _ console: Console) throws {
        var check = ConfigurationCheck(arguments, .process)
        check.run()
        var report = Report(console, columns: ["severity", "subject", "message"])
        for finding in check.findings where !console.isQuiet || finding.severity != .ok {
            try report.add(finding.json)
        }
        try report.finish()
        let errors = check.findings.count { $0.severity == .error }
        if errors > 0 { console.report(BadConfiguration(count: errors)) }
    }
}

/// What `check` found to be wrong.
struct BadConfiguration: Failure, Equatable {
    let count: Int
    var kind: FailureKind { .refused }
    var code: String { "badConfiguration" }
    var message: String { "the configuration has \(counted(count, "error"))" }
}

/// One thing that `check` looked at.
struct Finding: Equatable {
    enum Severity: String { case ok, warning, error }

    let severity: Severity
    /// What was looked at: an option, a variable, a file.
    let subject: String
    /// The code of the failure that it would be; nil where there is none.
    let code: String?
    let message: String

    var json: JSON {
        var members = [
            JSON.Member("type", "finding"), JSON.Member("severity", .string(severity.rawValue)),
            JSON.Member("subject", .string(subject)),
        ]
        if let code { members.append(JSON.Member("code", .string(code))) }
        members.append(JSON.Member("message", .string(message)))
        return .object(members)
    }
}
