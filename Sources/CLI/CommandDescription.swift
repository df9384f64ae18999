public import Failures

/// All there is to say about a command. Parsing, `--help`, the man page and the completions of
/// three shells are made from this one value, so none of them can fall behind another.
public struct CommandDescription: Sendable {
    public var name: String
    /// One line, lower case, no full stop: it follows the name in the man page and in `--help`.
    public var summary: String
    /// Paragraphs, with an empty line between them.
    public var details: String
    public var sections: [OptionSection]
    public var operands: [Operand]
    /// Commands of this one, as `user` and `token` of `signal-relay`.
    public var subcommands: [CommandDescription]
    /// Whether the command makes no sense without one of them.
    public var needsSubcommand: Bool
    public var environment: [EnvironmentVariable]
    public var files: [FileNote]
    /// What is too long for the help, such as a list of what is measured.
    public var notes: [ManualSection]
    /// What each status means here; 0 and `usage` are known.
    public var statuses: [ExitNote]
    public var examples: [Example]
    /// Man pages: `age(1)`, `parley-errors(7)`. Those that hold for all are known.
    public var seeAlso: [String]

    public init(
        name: String, summary: String, details: String, sections: [OptionSection] = [],
        operands: [Operand] = [], subcommands: [CommandDescription] = [],
        needsSubcommand: Bool = false, environment: [EnvironmentVariable] = [],
        files: [FileNote] = [], notes: [ManualSection] = [], statuses: [ExitNote] = [],
        examples: [Example] = [],
        seeAlso: [String] = []
    ) {
        self.name = name
        self.summary = summary
        self.details = details
        self.sections = sections
        self.operands = operands
        self.subcommands = subcommands
        self.needsSubcommand = needsSubcommand
        self.environment = environment
        self.files = files
        self.notes = notes
        self.statuses = statuses
        self.examples = examples
        self.seeAlso = seeAlso
    }
}

/// Options that belong together, under a title in the help; nil for the main ones.
public struct OptionSection: Sendable {
    public var title: String?
    public var options: [any DeclaredOption]
    /// Whether `--help` only names the options and leaves the rest to the manual: for a command with
    /// so many that the first ones would be lost among them.
    public var isBrief: Bool

    public init(
        _ title: String? = nil, _ options: [any DeclaredOption], isBrief: Bool = false
    ) {
        self.title = title
        self.options = options
        self.isBrief = isBrief
    }
}

/// A word of the command line that is not an option.
public struct Operand: Sendable {
    public enum Arity: Sendable { case one, optional, any, oneOrMore }

    public var name: String
    public var arity: Arity
    public var value: ValueKind
    public var help: String

    public init(_ name: String, _ arity: Arity, _ value: ValueKind, _ help: String) {
        self.name = name
        self.arity = arity
        self.value = value
        self.help = help
    }

    var usage: String {
        switch arity {
        case .one: name
        case .optional: "[\(name)]"
        case .any: "[\(name)]..."
        case .oneOrMore: "\(name)..."
        }
    }
}

public struct EnvironmentVariable: Sendable {
    public var name: String
    public var help: String
    public init(_ name: String, _ help: String) { (self.name, self.help) = (name, help) }
}

/// A file that the command reads or keeps.
public struct FileNote: Sendable {
    public var path: String
    public var help: String
    public init(_ path: String, _ help: String) { (self.path, self.help) = (path, help) }
}

/// A section of the man page alone: some sentences, and a list of words and what they mean.
public struct ManualSection: Sendable {
    public var title: String
    public var text: String
    public var entries: [(word: String, help: String)]

    public init(_ title: String, _ text: String, _ entries: [(word: String, help: String)] = []) {
        (self.title, self.text, self.entries) = (title, text, entries)
    }
}

/// When a command gives a status.
public struct ExitNote: Sendable {
    public var kind: FailureKind
    public var help: String
    public init(_ kind: FailureKind, _ help: String) { (self.kind, self.help) = (kind, help) }
}

/// A command line that can be typed as it stands.
public struct Example: Sendable {
    public var command: String
    public var help: String
    public init(_ command: String, _ help: String) { (self.command, self.help) = (command, help) }
}

extension CommandDescription {
    /// The options that every command has.
    static let common = OptionSection(
        "Common",
        [StandardOption.quiet, StandardOption.verbose, StandardOption.help, StandardOption.version])

    /// What the help and the manual show: the command's own sections and the common one.
    var shownSections: [OptionSection] {
        sections.filter { !$0.options.isEmpty } + [Self.common]
    }

    /// All that the parser takes.
    var options: [any DeclaredOption] {
        sections.flatMap(\.options) + Self.common.options + [StandardOption.generate]
    }
}

/// Options that are the same wherever they are.
public enum StandardOption {
    /// JSON on standard output, errors too. A command that has it lists it in a section.
    public static let json = Option.flag("json", "Print JSON Lines, errors included.")
    public static let quiet = Option.flag("quiet", short: "q", "Say nothing but errors.")
    public static let verbose = Option.count(
        "verbose", short: "v", "Say what is done; twice says more.")
    /// For commands with a long piece of work, which take its value to `Progress`.
    public static let progress = optionalChoice(
        "progress", of: ProgressStyle.self, "Show progress so, not as standard error suits.")

    static let help = Option.flag("help", short: "h", "Say what the options are, and stop.")
    static let version = Option.flag("version", "Say the version, and stop.")
    static let generate = optionalChoice(
        "generate", of: Generator.self, "Write the man page or a completion, and stop.")
}
