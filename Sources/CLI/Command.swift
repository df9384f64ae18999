internal import Failures
internal import Glibc
public import Platform

/// A program: what it takes, and what it does.
///
///     public enum Keygen: Command {
///         static let output = Option.file("output", short: "o", "Write the key to this file.")
///         public static let description = CommandDescription(
///             name: "keygen", summary: "make and show identities", details: "…",
///             sections: [OptionSection(nil, [output, StandardOption.json])])
///         public static func run(_ arguments: Arguments, _ console: Console) throws {
///             var file = try OutputFile(arguments[output], mode: 0o600)
///             …
///         }
///     }
///
/// The executable lists it: `MultiCall("parley-keys", ["keygen": Keygen.self])`.
public protocol Command {
    static var description: CommandDescription { get }
    static func run(_ arguments: Arguments, _ console: Console) throws
}

extension Command {
    /// Runs the program with the words of the process's command line, and ends the process.
    public static func main() -> Never { main(Array(CommandLine.arguments.dropFirst())) }

    /// The only place in the project that prints an error or picks an exit status.
    static func main(_ words: [String]) -> Never {
        ProcessState.openStandardDescriptors()
        ProcessState.haveWritesFail()
        let description = Self.description
        var console = Console(
            name: description.name, printsJSON: description.asksForJSON(words))
        do {
            if let word = ProcessState.argumentThatIsNotUTF8 { throw UsageError.notUTF8(word) }
            let arguments = try Arguments(words, for: description)
            console = Console(
                name: description.name, isQuiet: arguments[StandardOption.quiet],
                verbosity: arguments[StandardOption.verbose],
                printsJSON: arguments[StandardOption.json])
            if let answer = description.answer(to: arguments) {
                try console.write(answer.utf8)
            } else {
                try run(arguments, console)
            }
            console.endRepetition()
            try console.printFailureLast()
            try console.flush()
        } catch {
            end(console, after: error)
        }
        exit(console.failure?.exitStatus ?? 0)
    }

    /// Ends the process, quietly where nobody reads standard output any more.
    private static func end(_ console: Console, after error: any Error) -> Never {
        if StandardOutput.readerIsGone { exit(0) }
        console.endRepetition()
        try? console.flush()
        if let signalled = error as? EndedBySignal { exit(signalled.signal.exitStatus) }
        let failure = error as? any Failure ?? Bug(description: "\(error)")
        console.report(failure)
        try? console.flush()
        exit(StandardOutput.readerIsGone ? 0 : failure.kind.exitStatus)
    }
}

/// What a command throws that a signal kept from doing all that it was to do. It ended in order, so
/// nothing is said; the status is the one that shells know such an end by.
public struct EndedBySignal: Error {
    let signal: Signal

    public init(_ signal: Signal) { self.signal = signal }
}

/// An error that nobody expected.
struct Bug: Failure {
    let description: String
    var kind: FailureKind { .bug }
    var message: String { "internal error: \(description)" }
    var hint: String? { "please report it" }
}

extension CommandDescription {
    /// Whether the words ask for JSON, which must be known before they are all understood.
    func asksForJSON(_ words: [String]) -> Bool {
        words.prefix { $0 != "--" }.contains(StandardOption.json.spec.flag)
    }

    /// What the options that every command has ask for, if one was given.
    func answer(to arguments: Arguments) -> String? {
        if arguments[StandardOption.help] {
            return helpText(of: arguments.description, path: [name] + arguments.subcommand)
        }
        if arguments[StandardOption.version] { return "\(name) (Parley) \(parleyVersion)\n" }
        return arguments[StandardOption.generate]?.output(for: self)
    }
}
