/// A completion for zsh, to be put as `_name` into a directory of `$fpath`.
func zshCompletion(of command: CommandDescription) -> String {
    let main = functionName([command.name])
    return "#compdef \(command.name)\n"
        + "# zsh completion for \(command.name), made by \(command.name) --generate zsh\n"
        + zshFunctions(of: command, path: [command.name], inherited: [])
        + "\nif [ \"$funcstack[1]\" = \"_\(command.name)\" ]; then\n    \(main) \"$@\"\n"
        + "else\n    compdef \(main) \(command.name)\nfi\n"
}

private func zshFunctions(
    of command: CommandDescription, path: [String], inherited: [OptionSpec]
) -> String {
    let own = path.count == 1 ? command.shownSections : command.sections
    let options = own.flatMap(\.options).map(\.spec) + inherited
    let name = functionName(path)
    var text = ""
    for sub in command.subcommands {
        text += zshFunctions(of: sub, path: path + [sub.name], inherited: options)
    }
    text += "\n\(name)() {\n"
    if command.subcommands.isEmpty {
        let specs = options.map(zshSpec) + command.operands.enumerated().map(zshOperand)
        return text + "    _arguments -s -S \\\n        "
            + specs.joined(separator: " \\\n        ") + "\n}\n"
    }
    let names = command.subcommands.map { sub in
        "\(sub.name)\\:\(sub.summary.zshEscaped.singleQuotedInside)"
    }
    let specs =
        options.map(zshSpec) + [
            "'1:command:((\(names.joined(separator: " "))))'", "'*::argument:->rest'",
        ]
    text += "    local curcontext=$curcontext state state_descr line\n"
    text += "    typeset -A opt_args\n    _arguments -s -S -C \\\n        "
    text += specs.joined(separator: " \\\n        ") + "\n    case $state in\n    rest)\n"
    text += "        case $line[1] in\n"
    for sub in command.subcommands {
        text += "        \(sub.name)) \(functionName(path + [sub.name])) ;;\n"
    }
    return text + "        esac\n        ;;\n    esac\n}\n"
}

private func zshSpec(_ option: OptionSpec) -> String {
    let help = "[\(option.help.zshEscaped)]"
    let value = option.value.map { ":\($0.placeholder.zshEscaped):\(zshAction(for: $0))" } ?? ""
    let long = option.value == nil ? option.flag : option.flag + "="
    let tail = (help + value).singleQuoted
    guard let short = option.short else {
        return (option.isRepeated ? "'*'" : "") + long.singleQuoted + tail
    }
    let shortForm = option.value == nil ? "-\(short)" : "-\(short)+"
    let exclusion = option.isRepeated ? "'*'" : "'(-\(short) \(option.flag))'"
    return "\(exclusion){\(shortForm),\(long)}\(tail)"
}

private func zshOperand(_ place: Int, _ operand: Operand) -> String {
    let many = operand.arity == .any || operand.arity == .oneOrMore
    let start = many ? "*" : "\(place + 1)"
    let optional = operand.arity == .optional ? ":" : ""
    return "\(start):\(optional)\(operand.name.zshEscaped):\(zshAction(for: operand.value))"
        .singleQuoted
}

private func zshAction(for value: ValueKind) -> String {
    switch value {
    case .file: "_files"
    case .directory: "_files -/"
    case .choice(let words): "(\(words.joined(separator: " ")))"
    case .word: " "
    }
}

extension String {
    /// What `_arguments` would take for structure.
    fileprivate var zshEscaped: String {
        reduce(into: "") { text, character in
            if "[]:\\".contains(character) { text.append("\\") }
            text.append(character)
        }
    }

    /// Words of a description inside a list that is quoted already.
    fileprivate var singleQuotedInside: String {
        "\"" + filter { $0 != "\"" && $0 != "'" && $0 != "`" && $0 != "$" } + "\""
    }
}
