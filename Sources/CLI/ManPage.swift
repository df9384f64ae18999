internal import Failures

/// The man page of a command, sections in the order of mdoc(7).
func manPage(of command: CommandDescription) -> String {
    var page = MdocPage()
    page.macro("Dd", manualDate)
    page.macro("Dt", command.name.uppercased(), "1")
    page.macro("Os")
    page.section("NAME") {
        $0.macro("Nm", command.name)
        $0.macro("Nd", MdocPage.escape(command.summary))
    }
    page.section("SYNOPSIS") { synopsis(of: command, prefix: "", in: &$0) }
    page.section("DESCRIPTION") { description(of: command, in: &$0) }
    for note in command.notes {
        page.section(note.title) { page in
            page.text(note.text)
            page.entries(note.entries.map { ("Cm \($0.word)", $0.help) })
        }
    }
    page.section("ENVIRONMENT", listing: command.environment.map { ("Ev \($0.name)", $0.help) })
    page.section(
        "FILES", listing: command.files.map { ("Pa \(MdocPage.argument($0.path))", $0.help) })
    page.section("EXIT STATUS") { statuses(of: command, in: &$0) }
    if !command.examples.isEmpty {
        page.section("EXAMPLES") { examples(of: command, in: &$0) }
    }
    page.section("SEE ALSO") { seeAlso(of: command, in: &$0) }
    return page.source
}

extension MdocPage {
    /// A list of words, macros already, and what they mean; nothing without any.
    fileprivate mutating func entries(_ entries: [(word: String, help: String)]) {
        guard !entries.isEmpty else { return }
        list { list in
            for entry in entries {
                list.macro("It", entry.word)
                list.text(entry.help)
            }
        }
    }

    /// A section that is such a list; none without any.
    fileprivate mutating func section(
        _ title: String, listing entries: [(word: String, help: String)]
    ) {
        guard !entries.isEmpty else { return }
        section(title) { $0.entries(entries) }
    }
}

private func examples(of command: CommandDescription, in page: inout MdocPage) {
    for (number, example) in command.examples.enumerated() {
        if number > 0 { page.macro("Pp") }
        page.text(example.help.droppingFullStop + ":")
        page.display(example.command)
    }
}

private func synopsis(of command: CommandDescription, prefix: String, in page: inout MdocPage) {
    let arguments = prefix.isEmpty ? [] : prefix.split(separator: " ").map { "Cm \($0)" }
    if !command.needsSubcommand {
        // Alone on its line, or groff would not begin a new one in the page.
        page.macro("Nm")
        if !arguments.isEmpty { page.macro(arguments.joined(separator: " ")) }
        for option in command.sections.flatMap(\.options).map(\.spec) {
            if option.isRepeated && option.value != nil {
                page.macro("Oo", option.mdoc, "Oc", "Ns", "...")
            } else {
                page.macro(option.isRequired ? "" : "Op", option.mdoc)
            }
        }
        for operand in command.operands {
            let name = MdocPage.argument(operand.name)
            switch operand.arity {
            case .one: page.macro("Ar", name)
            case .optional: page.macro("Op", "Ar", name)
            case .any: page.macro("Op", "Ar", name, "...")
            case .oneOrMore: page.macro("Ar", name, "...")
            }
        }
    }
    for sub in command.subcommands {
        synopsis(of: sub, prefix: prefix.isEmpty ? sub.name : prefix + " " + sub.name, in: &page)
    }
}

private func description(of command: CommandDescription, in page: inout MdocPage) {
    page.text(command.details)
    if !command.operands.isEmpty {
        page.macro("Pp")
        page.text("The arguments:")
        page.list { list in
            for operand in command.operands {
                list.macro("It", "Ar", MdocPage.argument(operand.name))
                list.text(operand.help)
            }
        }
    }
    for section in command.shownSections {
        page.macro("Pp")
        page.text(section.title.map { "\($0) options:" } ?? "The options:")
        list(section.options, in: &page)
    }
    for sub in command.subcommands { subcommand(sub, prefix: sub.name, in: &page) }
}

private func subcommand(_ command: CommandDescription, prefix: String, in page: inout MdocPage) {
    page.macro("Ss", MdocPage.escape(prefix))
    page.text(command.details.isEmpty ? command.summary + "." : command.details)
    let options = command.sections.flatMap(\.options)
    if !options.isEmpty {
        list(options, in: &page)
    }
    for sub in command.subcommands { subcommand(sub, prefix: "\(prefix) \(sub.name)", in: &page) }
}

private func list(_ options: [any DeclaredOption], in page: inout MdocPage) {
    page.list { list in
        for option in options {
            list.macro("It", option.spec.mdocBoth)
            list.text(option.spec.help)
        }
    }
}

private func statuses(of command: CommandDescription, in page: inout MdocPage) {
    page.macro("Ex", "-std", command.name)
    page.text("The statuses mean:")
    let usage = ExitNote(.usage, "The command line makes no sense.")
    let notes = (command.statuses + [usage]).sorted { $0.kind.exitStatus < $1.kind.exitStatus }
    page.list { list in
        for note in notes {
            list.macro("It", "\(note.kind.exitStatus)")
            list.text(note.help)
        }
    }
}

private func seeAlso(of command: CommandDescription, in page: inout MdocPage) {
    let known = ["parley(7)", "parley-errors(7)"]
    let names = (known + command.seeAlso).compactMap { reference -> (String, String)? in
        let parts = reference.dropLast().split(separator: "(")
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
    let sorted = names.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
    for (number, name) in sorted.enumerated() {
        page.macro("Xr", name.0, name.1, number + 1 < sorted.count ? "," : "")
    }
}

extension String {
    fileprivate var droppingFullStop: String { last == "." ? String(dropLast()) : self }
}

extension OptionSpec {
    /// `Fl` writes the first dash; a long option brings its own second one.
    private var mdocLong: String { "Fl \\-" + MdocPage.escape(name) }
    private var mdocValue: String { value.map { " Ar " + MdocPage.argument($0.placeholder) } ?? "" }

    fileprivate var mdoc: String {
        (short.map { "Fl \(MdocPage.argument(String($0)))" } ?? mdocLong) + mdocValue
    }

    fileprivate var mdocBoth: String {
        (short.map { "Fl \(MdocPage.argument(String($0))) , " } ?? "") + mdocLong + mdocValue
    }
}
