/// A completion for bash, which needs nothing but bash itself. Where it offers no word, bash
/// completes file names (`-o default`), but not after an option whose value is no file.
func bashCompletion(of command: CommandDescription) -> String {
    """
    # bash completion for \(command.name), made by \(command.name) --generate bash
    \(bashFunction(of: command, name: functionName([command.name]), depth: 1))
    complete -o default -F \(functionName([command.name])) \(command.name)

    """
}

func functionName(_ path: [String]) -> String {
    "_parley_" + path.joined(separator: "_").replacingDashes
}

extension String {
    fileprivate var replacingDashes: String { String(map { $0 == "-" ? "_" : $0 }) }

    /// As one word of a shell, between apostrophes.
    var singleQuoted: String {
        "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
            + "'"
    }
}

private func bashFunction(of command: CommandDescription, name: String, depth: Int) -> String {
    var lines = [
        "\(name)() {",
        "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}",
        "    COMPREPLY=()",
        "    # --option=value comes as three words.",
        "    if [[ $current == = ]]; then current=",
        "    elif [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD - 2]}; fi",
    ]
    lines += bashCases(for: bashLevels(of: command))
    lines += ["}"]
    return lines.joined(separator: "\n")
}

/// A command or sub-command, and what is offered in it.
private struct BashLevel {
    var path: [String]
    var command: CommandDescription
    var options: [OptionSpec]
}

private func bashLevels(of command: CommandDescription) -> [BashLevel] {
    let own = command.shownSections.flatMap(\.options).map(\.spec)
    func levels(_ command: CommandDescription, _ path: [String], _ options: [OptionSpec])
        -> [BashLevel]
    {
        [BashLevel(path: path, command: command, options: options)]
            + command.subcommands.flatMap { sub in
                levels(
                    sub, path + [sub.name], sub.sections.flatMap(\.options).map(\.spec) + options)
            }
    }
    return levels(command, [], own)
}

private func bashCases(for levels: [BashLevel]) -> [String] {
    if levels.count == 1 { return bashBody(of: levels[0]).map { "    " + $0 } }
    let names = Set(levels.flatMap(\.path)).sorted().joined(separator: "|")
    var lines = [
        "    local word command=",
        "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD - 1}\"; do",
        "        case $word in \(names)) command+=\" $word\" ;; esac",
        "    done",
        "    case $command in",
    ]
    for level in levels.dropFirst() {
        lines.append("        ' \(level.path.joined(separator: " "))')")
        lines += bashBody(of: level).map { "            " + $0 } + ["            ;;"]
    }
    lines.append("        *)")
    lines += bashBody(of: levels[0]).map { "            " + $0 } + ["            ;;"]
    return lines + ["    esac"]
}

private func bashBody(of level: BashLevel) -> [String] {
    var lines = ["case $previous in"]
    for option in level.options {
        guard let value = option.value else { continue }
        let flags = (option.short.map { ["-\($0)"] } ?? []) + [option.flag]
        lines.append("    \(flags.joined(separator: "|"))) \(bashAnswer(for: value)); return ;;")
    }
    lines.append("esac")
    lines = lines.count == 2 ? [] : lines
    let flags = level.options.map(\.flag).joined(separator: " ")
    lines.append("if [[ $current == -* ]]; then")
    lines.append("    mapfile -t COMPREPLY < <(compgen -W '\(flags)' -- \"$current\")")
    lines.append("    return")
    lines.append("fi")
    let words = level.command.subcommands.map(\.name)
    if !words.isEmpty {
        lines.append(bashAnswer(for: .choice(words)))
    } else if let operand = level.command.operands.first {
        lines.append(bashAnswer(for: operand.value))
    } else {
        lines.append("compopt +o default")
    }
    return lines
}

private func bashAnswer(for value: ValueKind) -> String {
    switch value {
    case .file: ":"
    case .directory: "mapfile -t COMPREPLY < <(compgen -d -- \"$current\")"
    case .choice(let words):
        "mapfile -t COMPREPLY < <(compgen -W '\(words.joined(separator: " "))' -- \"$current\")"
    case .word: "compopt +o default"
    }
}
