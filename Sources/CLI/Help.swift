/// The column where the second of two columns starts, and the one where lines end.
private let (helpColumn, lastColumn) = (27, 80)

/// What `--help` prints.
func helpText(of command: CommandDescription, path: [String]) -> String {
    var text = "\(path.joined(separator: " ")) - \(command.summary)\n\nUsage: "
    text += usageLines(of: command, path: path).joined(separator: "\n       ") + "\n"
    if !command.examples.isEmpty {
        text += "\nExamples:\n"
        for example in command.examples {
            text += "  # \(example.help)\n"
            for line in example.command.split(separator: "\n") { text += "  \(line)\n" }
        }
    }
    if !command.subcommands.isEmpty {
        text += "\nCommands:\n"
        for sub in command.subcommands { text += columns("  \(sub.name)", sub.summary) }
    }
    if command.operands.contains(where: { !$0.help.isEmpty }) {
        text += "\nArguments:\n"
        for operand in command.operands { text += columns("  \(operand.name)", operand.help) }
    }
    for section in command.sections where !section.options.isEmpty && !section.isBrief {
        text += "\n\(section.title.map { "\($0) options" } ?? "Options"):\n"
        for option in section.options {
            text += columns("  " + option.spec.helpLabel, option.spec.help)
        }
    }
    let brief = command.sections.filter(\.isBrief)
    if !brief.isEmpty { text += "\nMore options, in the manual:\n" }
    for section in brief {
        text += columns(
            "  " + (section.title ?? ""),
            section.options.map(\.spec.flag).joined(separator: ", "))
    }
    return text + "\n" + commonOptions + "The manual says more: man \(path[0])\n"
}

/// What every command takes, in one line: who has read it once knows it.
private var commonOptions: String {
    let flags = CommandDescription.common.options.map { option in
        (option.spec.short.map { "-\($0), " } ?? "") + option.spec.flag
    }
    return "Common options: " + flags.joined(separator: "; ") + "\n"
}

func usageLines(of command: CommandDescription, path: [String]) -> [String] {
    let name = path.joined(separator: " ")
    let required = command.sections.flatMap(\.options).map(\.spec).filter(\.isRequired)
        .map { " \($0.flag) \($0.value?.placeholder ?? "")" }.joined()
    let operands = command.operands.map { " " + $0.usage }.joined()
    var lines: [String] = []
    if !command.needsSubcommand { lines.append("\(name) [OPTION]...\(required)\(operands)") }
    if !command.subcommands.isEmpty { lines.append("\(name) COMMAND [OPTION]...") }
    return lines
}

extension OptionSpec {
    /// `-o, --output FILE`; the value of a choice is described by its words.
    fileprivate var helpLabel: String {
        let start = short.map { "-\($0), " } ?? "    "
        return start + flag + (value.map { " " + $0.placeholder } ?? "")
    }
}

/// A label and its text beside it, or under it where the label is too long.
private func columns(_ label: String, _ text: String) -> String {
    let lines = wrapped(text, at: lastColumn - helpColumn)
    let indent = String(repeating: " ", count: helpColumn)
    let gap = helpColumn - label.count
    let first =
        gap >= 2 ? label + String(repeating: " ", count: gap) : label + "\n" + indent
    return first + lines.joined(separator: "\n" + indent) + "\n"
}

/// The words of a text in lines of at most `width` characters.
func wrapped(_ text: String, at width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
        if !line.isEmpty && line.count + 1 + word.count > width {
            lines.append(line)
            line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? lines : lines + [line]
}
