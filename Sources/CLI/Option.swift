/// An option of a command, and the key that takes its value out of the parsed arguments.
public struct Option<Value: Sendable>: DeclaredOption {
    public let spec: OptionSpec
    /// The value where the option is not given; nil for one that must be.
    let fallback: Value?
    let parse: @Sendable ([String]) throws(UsageError) -> Value

    public func check(_ texts: [String]) throws(UsageError) -> any Sendable { try parse(texts) }

    init(
        _ spec: OptionSpec, fallback: Value?,
        parse: @escaping @Sendable ([String]) throws(UsageError) -> Value
    ) {
        self.spec = spec
        self.fallback = fallback
        self.parse = parse
    }
}

/// An option of whatever type, as descriptions list them.
public protocol DeclaredOption: Sendable {
    var spec: OptionSpec { get }
    /// Turns the texts that were given, at least one, into the option's value.
    func check(_ texts: [String]) throws(UsageError) -> any Sendable
}

/// What the parser, the help, the man page and the completions each need to know of an option.
public struct OptionSpec: Sendable {
    public let name: String
    public let short: Character?
    /// nil for a flag.
    public let value: ValueKind?
    public let isRequired: Bool
    public let isRepeated: Bool
    /// One or more sentences; they end with a full stop.
    public let help: String

    /// The option as messages name it.
    var flag: String { "--\(name)" }
}

/// What the value of an option or an operand is, which is what the shells complete.
public enum ValueKind: Sendable, Equatable {
    /// A path; the placeholder says of what.
    case file(String)
    case directory(String)
    /// One of these words.
    case choice([String])
    /// Anything else, by its placeholder.
    case word(String)

    var placeholder: String {
        switch self {
        case .file(let name), .directory(let name), .word(let name): name
        case .choice(let words): words.joined(separator: "|")
        }
    }
}
