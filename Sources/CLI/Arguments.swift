/// The words of a command line, sorted by the option they belong to, checked and typed.
public struct Arguments: Sendable {
    private var values: [String: any Sendable] = [:]
    public private(set) var operands: [String] = []
    /// The sub-commands that were named: `["user", "add"]`.
    public private(set) var subcommand: [String] = []
    /// The description of the innermost one; that of the command where there is none.
    let description: CommandDescription

    public init(_ words: [String], for command: CommandDescription) throws(UsageError) {
        var parser = Parser(command)
        try parser.parse(words)
        operands = parser.operands
        subcommand = parser.path
        description = parser.current
        for option in parser.options {
            guard let texts = parser.texts[option.spec.name] else { continue }
            values[option.spec.name] = try option.check(texts)
        }
        if isGiven(StandardOption.help) || isGiven(StandardOption.version)
            || isGiven(StandardOption.generate)
        {
            return
        }
        try parser.checkComplete()
    }

    public subscript<Value>(_ option: Option<Value>) -> Value {
        if let value = values[option.spec.name] as? Value { return value }
        guard let fallback = option.fallback else {
            preconditionFailure("\(option.spec.flag) is not an option of \(description.name)")
        }
        return fallback
    }

    /// Whether the option is on the command line.
    public func isGiven(_ option: any DeclaredOption) -> Bool { values[option.spec.name] != nil }
}

/// GNU's rules: `--flag=value`, `--flag value`, `-abc`, `-ovalue`, `--` and `-`; options and
/// operands in any order; no abbreviations, since a new option would break scripts that use one.
struct Parser {
    private(set) var current: CommandDescription
    private(set) var path: [String] = []
    private(set) var operands: [String] = []
    private(set) var texts: [String: [String]] = [:]
    /// Those of the command and of the sub-commands named so far, the innermost first.
    private(set) var options: [any DeclaredOption]

    init(_ command: CommandDescription) {
        current = command
        options = command.options
    }

    mutating func parse(_ words: [String]) throws(UsageError) {
        var words = words[...]
        while let word = words.popFirst() {
            if word == "--" {
                operands += words
                return
            } else if word.hasPrefix("--") {
                try long(word, &words)
            } else if word.hasPrefix("-") && word != "-" {
                try bundle(word, &words)
            } else {
                try operand(word)
            }
        }
    }

    /// What must be there and is not, or is there and must not be.
    func checkComplete() throws(UsageError) {
        if current.needsSubcommand {
            throw .missingCommand(current.subcommands.map(\.name))
        }
        for option in options where option.spec.isRequired && texts[option.spec.name] == nil {
            throw .missingOption(option.spec.flag)
        }
        var count = operands.count
        for operand in current.operands {
            switch operand.arity {
            case .one, .oneOrMore:
                if count == 0 { throw .missingOperand(operand.name) }
                count = operand.arity == .one ? count - 1 : 0
            case .optional: count = max(0, count - 1)
            case .any: count = 0
            }
        }
        if count > 0 { throw .unexpectedOperand(operands[operands.count - count]) }
    }

    private mutating func long(
        _ word: String, _ words: inout ArraySlice<String>
    ) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let flag = String(parts[0])
        guard let spec = options.first(where: { $0.spec.flag == flag })?.spec else {
            let known = options.map(\.spec.flag).filter { $0 != StandardOption.generate.spec.flag }
            throw .unknownOption(flag, nearest: nearestWord(to: flag, among: known))
        }
        if spec.value == nil {
            if parts.count == 2 { throw .unexpectedValue(flag) }
            add("", to: spec)
        } else if parts.count == 2 {
            add(String(parts[1]), to: spec)
        } else {
            guard let value = words.popFirst() else { throw .missingValue(flag) }
            add(value, to: spec)
        }
    }

    /// `-abc`: flags, and at the end one that takes the rest or the next word as its value.
    private mutating func bundle(
        _ word: String, _ words: inout ArraySlice<String>
    ) throws(UsageError) {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            guard let spec = options.first(where: { $0.spec.short == letter })?.spec else {
                throw .unknownOption("-\(letter)", nearest: suggestion(for: word))
            }
            guard spec.value != nil else {
                add("", to: spec)
                continue
            }
            guard let value = letters.isEmpty ? words.popFirst() : String(letters) else {
                throw .missingValue("-\(letter)")
            }
            add(value, to: spec)
            return
        }
    }

    /// `-json` for `--json`: one dash too few is a frequent slip.
    private func suggestion(for word: String) -> String? {
        options.map(\.spec.flag).first { $0 == "-" + word }
    }

    private mutating func operand(_ word: String) throws(UsageError) {
        let isCommand = !current.subcommands.isEmpty && operands.isEmpty
        guard isCommand else { return operands.append(word) }
        if let named = current.subcommands.first(where: { $0.name == word }) {
            path.append(word)
            current = named
            options = named.sections.flatMap(\.options) + options
        } else if current.operands.isEmpty {
            let names = current.subcommands.map(\.name)
            throw .unknownCommand(word, nearest: nearestWord(to: word, among: names))
        } else {
            operands.append(word)
        }
    }

    private mutating func add(_ text: String, to spec: OptionSpec) {
        texts[spec.name, default: []].append(text)
    }
}
