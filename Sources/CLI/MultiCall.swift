internal import Failures
internal import Glibc
internal import Platform

/// Several commands in one executable, which share the pages of the standard library.
///
/// The name that it is started by says which one runs: a link `encrypt` to `parley-keys` is
/// `encrypt`. Under its own name it takes the command's as its first argument.
public struct MultiCall {
    private let name: String
    private let commands: KeyValuePairs<String, any Command.Type>

    public init(_ name: String, _ commands: KeyValuePairs<String, any Command.Type>) {
        self.name = name
        self.commands = commands
    }

    public func main() -> Never {
        ProcessState.openStandardDescriptors()
        let words = Array(CommandLine.arguments.dropFirst())
        if let command = command(named: ProcessState.programName) { command.main(words) }
        if let first = words.first, let command = command(named: first) {
            command.main(Array(words.dropFirst()))
        }
        switch words.first {
        case "--list": answer(commands.map { $0.key + "\n" }.joined())
        case "--version": answer("\(name) (Parley) \(parleyVersion)\n")
        case "--help", "-h": answer(usage)
        case let word: refuse(word)
        }
    }

    private func command(named name: String) -> (any Command.Type)? {
        commands.first { $0.key == name }?.value
    }

    private var usage: String {
        "\(name) - \(commands.map(\.key).joined(separator: ", ")) in one file\n\n"
            + "Usage: \(name) COMMAND [ARGUMENT]...\n       \(name) --list\n\n"
            + "A link with the name of a command runs that command.\n"
    }

    private func answer(_ text: String) -> Never {
        do throws(SystemError) {
            try FileDescriptor.standardOutput.writeAll(text)
            exit(0)
        } catch {
            if StandardOutput.readerIsGone { exit(0) }
            say(FileError.cannotWrite("standard output", reason: error.reason))
        }
    }

    private func refuse(_ word: String?) -> Never {
        let names = commands.map(\.key)
        let error: UsageError =
            word.map { .unknownCommand($0, nearest: nearestWord(to: $0, among: names)) }
            ?? .missingCommand(names)
        say(error)
    }

    private func say(_ error: any Failure) -> Never {
        let line = "\(name): \(Console.sentence(for: error, line: nil))\n"
        try? FileDescriptor.standardError.writeAll(escapedForTerminal(line, keepingLineFeeds: true))
        exit(error.kind.exitStatus)
    }
}
