import Failures
import Testing

@testable import CLI

enum Shape: String, CaseIterable, Sendable { case envelope, age }

/// A command with an option of each sort.
enum Sample {
    static let output = Option.file("output", short: "o", "Write here.")
    static let force = Option.flag("force", short: "f", "Write over it.")
    static let recipients = Option.files("recipient", short: "r", "For whom. Several may be given.")
    static let format = Option.choice("format", default: Shape.envelope, "What to write.")
    static let timeout = Option.duration("timeout", default: .seconds(30), "How long to wait.")
    static let size = Option.size("chunk-size", in: 1...(1 << 30), default: 1 << 20, "How much.")
    static let count = Option<Int>.number("count", short: "n", in: 1...99, default: 1, "How many.")

    static let description = CommandDescription(
        name: "sample", summary: "show what a command is",
        details: "It does nothing. But it does it well.\n\n.A second paragraph starts with a dot.",
        sections: [
            OptionSection(nil, [output, force, recipients, StandardOption.json]),
            OptionSection("Format", [format, timeout, size, count]),
        ],
        operands: [Operand("FILE", .optional, .file("FILE"), "What to read.")],
        environment: [EnvironmentVariable("PARLEY_IDENTITY", "The identity.")],
        files: [FileNote("~/.config/parley/identity.key", "The default identity.")],
        statuses: [ExitNote(.refused, "No."), ExitNote(.malformed, "Not an envelope.")],
        examples: [Example("echo hi | sample -r bob.pub", "Seal a message for Bob")])
}

@Suite struct ParsingTests {
    private func parse(_ words: String...) throws -> Arguments {
        try Arguments(words, for: Sample.description)
    }

    @Test func valuesComeInAllFormsOfGNU() throws {
        for words in [["--output", "a"], ["--output=a"], ["-o", "a"], ["-oa"], ["-foa"]] {
            let arguments = try Arguments(words, for: Sample.description)
            #expect(arguments[Sample.output] == "a")
        }
        #expect(try parse("-qfo", "a")[Sample.force])
        #expect(try parse("--output=")[Sample.output] == "")
    }

    @Test func repeatedOptionsKeepTheirOrder() throws {
        #expect(try parse("-r", "a", "--recipient=b", "-rc")[Sample.recipients] == ["a", "b", "c"])
    }

    @Test func twoDashesEndTheOptions() throws {
        #expect(try parse("--", "-f").operands == ["-f"])
        #expect(try parse("-").operands == ["-"])
    }

    @Test func defaultsHoldWhereNothingIsGiven() throws {
        let arguments = try parse()
        #expect(arguments[Sample.output] == nil)
        #expect(arguments[Sample.format] == .envelope)
        #expect(arguments[Sample.timeout] == .seconds(30))
        #expect(arguments[Sample.size] == 1 << 20)
        #expect(!arguments.isGiven(Sample.size))
    }

    @Test func valuesAreTyped() throws {
        let arguments = try parse(
            "--format=age", "--timeout=250ms", "--chunk-size=64KiB", "-n7", "-vv")
        #expect(arguments[Sample.format] == .age)
        #expect(arguments[Sample.timeout] == .milliseconds(250))
        #expect(arguments[Sample.size] == 65536)
        #expect(arguments[Sample.count] == 7)
        #expect(arguments[StandardOption.verbose] == 2)
    }

    @Test(arguments: [
        (["--ouptut", "a"], UsageError.unknownOption("--ouptut", nearest: "--output")),
        (["--zebra"], .unknownOption("--zebra", nearest: nil)),
        (["-z"], .unknownOption("-z", nearest: nil)),
        (["-json"], .unknownOption("-j", nearest: "--json")),
        (["--out", "a"], .unknownOption("--out", nearest: nil)),
        (["--output"], .missingValue("--output")),
        (["-o"], .missingValue("-o")),
        (["--force=yes"], .unexpectedValue("--force")),
        (
            ["--format", "zip"],
            .badValue("zip", option: "--format", wanted: "one of envelope, age")
        ),
        (["-n", "100"], .badValue("100", option: "--count", wanted: "a number from 1 to 99")),
        (["a", "b"], .unexpectedOperand("b")),
    ])
    func refusals(words: [String], expected: UsageError) {
        #expect(throws: expected) { try Arguments(words, for: Sample.description) }
    }
}
