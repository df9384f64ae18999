/// A completion for fish, a line for each option.
func fishCompletion(of command: CommandDescription) -> String {
    var lines = ["# fish completion for \(command.name), made by \(command.name) --generate fish"]
    let takesFiles = command.operands.contains { if case .file = $0.value { true } else { false } }
    if !takesFiles { lines.append("complete -c \(command.name) -f") }
    for option in command.shownSections.flatMap(\.options) {
        lines.append("complete -c \(command.name)" + fishOption(option.spec))
    }
    lines += fishSubcommands(of: command, program: command.name, above: [])
    return lines.joined(separator: "\n") + "\n"
}

private func fishSubcommands(
    of command: CommandDescription, program: String, above: [String]
) -> [String] {
    let names = command.subcommands.map(\.name).joined(separator: " ")
    var lines: [String] = []
    for sub in command.subcommands {
        let seen = above.map { "__fish_seen_subcommand_from \($0); and " }.joined()
        let start = "complete -c \(program) -n '\(seen)"
        lines.append(
            start + "not __fish_seen_subcommand_from \(names)' -a \(sub.name)"
                + " -d \(sub.summary.fishQuoted)")
        for option in sub.sections.flatMap(\.options) {
            lines.append(
                start + "__fish_seen_subcommand_from \(sub.name)'" + fishOption(option.spec))
        }
        lines += fishSubcommands(of: sub, program: program, above: above + [sub.name])
    }
    return lines
}

private func fishOption(_ option: OptionSpec) -> String {
    var line = " -l \(option.name)"
    if let short = option.short { line += " -s \(short)" }
    switch option.value {
    case nil: break
    case .file: line += " -r -F"
    case .directory: line += " -x -a '(__fish_complete_directories)'"
    case .word: line += " -x"
    case .choice(let words): line += " -x -a '\(words.joined(separator: " "))'"
    }
    return line + " -d \(option.help.fishQuoted)"
}

extension String {
    /// fish escapes inside apostrophes with a backslash.
    fileprivate var fishQuoted: String {
        "'"
            + reduce(into: "") { text, character in
                if character == "'" || character == "\\" { text.append("\\") }
                text.append(character)
            } + "'"
    }
}
