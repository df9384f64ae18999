import Foundation
import Testing

@testable import CLI

/// What is made from a description, judged by the programs that it is made for.
@Suite struct GeneratedTests {
    /// What `mandoc` or a shell says of a text; nil where the program is not installed.
    private func complaints(of program: [String], about text: String) throws -> String? {
        let paths = ["/usr/bin/", "/bin/"].map { $0 + program[0] }
        guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
            return nil
        }
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("parley-\(UUID().uuidString)")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = program.dropFirst() + [file.path]
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let said = String(decoding: output, as: UTF8.self)
        return process.terminationStatus == 0 ? said : said + "status \(process.terminationStatus)"
    }

    @Test(arguments: [Sample.description, Nested.description])
    func mandocHasNothingToSay(_ command: CommandDescription) throws {
        let said = try complaints(
            of: ["mandoc", "-T", "lint"], about: Generator.man.output(for: command))
        // The pages that are referred to are not installed where this runs.
        let lines = (said ?? "").split(separator: "\n")
        let isAboutOthers = lines.contains { $0.contains("referenced manual not found") }
        #expect(
            lines.filter { line in
                !line.contains("referenced manual not found")
                    && !(isAboutOthers && line == "status 1")
            } == [])
    }

    @Test(arguments: [Sample.description, Nested.description])
    func shellsCanReadTheCompletions(_ command: CommandDescription) throws {
        for shell in ["bash", "zsh", "fish"] {
            let script = Generator(rawValue: shell)!.output(for: command)
            #expect((try complaints(of: [shell, "-n"], about: script) ?? "") == "")
        }
        let script = Generator.bash.output(for: command)
        #expect((try complaints(of: ["shellcheck", "-s", "bash"], about: script) ?? "") == "")
    }

    /// What bash offers when the words have been typed and the tab key is pressed.
    private func offers(_ command: CommandDescription, _ words: [String]) throws -> [String] {
        let list = ([command.name] + words).map(\.singleQuoted).joined(separator: " ")
        let script =
            "compopt() { :; }\n" + Generator.bash.output(for: command)
            + "COMP_WORDS=(\(list)); COMP_CWORD=\(words.count); "
            + "\(functionName([command.name])); printf '%s\\n' \"${COMPREPLY[@]}\"\n"
        let said = try complaints(of: ["bash"], about: script) ?? ""
        return said.split(separator: "\n").map(String.init)
    }

    @Test func bashCompletesOptionsChoicesAndCommands() throws {
        #expect(try offers(Sample.description, ["--fo"]) == ["--force", "--format"])
        #expect(try offers(Sample.description, ["--format", ""]) == ["envelope", "age"])
        #expect(try offers(Sample.description, ["--format", "=", "a"]) == ["age"])
        #expect(try offers(Nested.description, [""]) == ["user", "token"])
        #expect(try offers(Nested.description, ["user", ""]) == ["add", "list"])
        #expect(try offers(Nested.description, ["user", "add", "--na"]) == ["--name"])
    }

    @Test func helpFitsAScreenOf80Columns() {
        let lines = helpText(of: Sample.description, path: ["sample"]).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines.first == "sample - show what a command is")
    }

    @Test func helpShowsTheUsage() {
        let help = helpText(of: Sample.description, path: ["sample"])
        #expect(help.contains("Usage: sample [OPTION]... [FILE]\n"))
        #expect(help.contains("  # Seal a message for Bob\n  echo hi | sample -r bob.pub\n"))
        #expect(help.contains("  -o, --output FILE        Write here.\n"))
        #expect(!help.contains("--generate"))
    }
}

/// A command with commands.
enum Nested {
    static let database = Option.file("db", "The database.")
    static let name = Option.required("name", value: "NAME", "Their name.")

    static let description = CommandDescription(
        name: "relay-sample", summary: "have commands",
        details: "Without a command it serves.",
        sections: [OptionSection(nil, [database])],
        subcommands: [
            CommandDescription(
                name: "user", summary: "the users' accounts", details: "Accounts.",
                subcommands: [
                    CommandDescription(
                        name: "add", summary: "add a user", details: "Adds one.",
                        sections: [OptionSection(nil, [name])],
                        operands: [Operand("EMAIL", .one, .word("EMAIL"), "Their address.")]),
                    CommandDescription(name: "list", summary: "list them", details: "Lists."),
                ], needsSubcommand: true),
            CommandDescription(
                name: "token", summary: "make a token", details: "",
                sections: [OptionSection(nil, [StandardOption.json])]),
        ])
}

@Suite struct SubcommandTests {
    @Test func areFoundAtAnyDepth() throws {
        let words = ["--db=x", "user", "add", "--name", "Asha", "a@example.com", "-v"]
        let arguments = try Arguments(words, for: Nested.description)
        #expect(arguments.subcommand == ["user", "add"])
        #expect(arguments.operands == ["a@example.com"])
        #expect(arguments[Nested.name] == "Asha")
        #expect(arguments[Nested.database] == "x")
    }

    @Test(arguments: [
        (["usr"], UsageError.unknownCommand("usr", nearest: "user")),
        (["user"], .missingCommand(["add", "list"])),
        (["user", "add", "a@example.com"], .missingOption("--name")),
        (["user", "add", "--name=x"], .missingOperand("EMAIL")),
        (["--name=x"], .unknownOption("--name", nearest: nil)),
        (["token", "x"], .unexpectedOperand("x")),
    ])
    func refusals(words: [String], expected: UsageError) {
        #expect(throws: expected) { try Arguments(words, for: Nested.description) }
    }

    @Test func helpAsksForNothingElse() throws {
        let arguments = try Arguments(["user", "add", "--help"], for: Nested.description)
        #expect(
            arguments.description.name == "add" && arguments.subcommand == ["user", "add"])
    }
}

@Suite struct SuggestionTests {
    @Test(arguments: [
        ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3),
        ("--ouptut", "--output", 1), ("ca", "abc", 3),
    ])
    func distance(a: String, b: String, expected: Int) {
        #expect(editDistance(a, b) == expected)
        #expect(editDistance(b, a) == expected)
    }
}
