/// The source of a man page in mdoc(7), whose macros say what a word is and leave its looks to the
/// reader. All escaping is done here.
struct MdocPage {
    private(set) var source = ""

    /// A macro whose arguments are macros or safe words already.
    mutating func macro(_ words: String...) {
        source += "." + words.filter { !$0.isEmpty }.joined(separator: " ") + "\n"
    }

    mutating func section(_ title: String, _ body: (inout MdocPage) -> Void) {
        macro("Sh", title)
        body(&self)
    }

    /// Plain text: paragraphs between empty lines, a line for each sentence, as mdoc wants it.
    mutating func text(_ text: String) {
        for (number, paragraph) in Self.paragraphs(of: text).enumerated() {
            if number > 0 { macro("Pp") }
            for sentence in Self.sentences(of: paragraph) {
                // Escaped first: mandoc wants no source line over 80, and counts some characters as more.
                let lines = wrapped(Self.escape(sentence), at: 74)
                for line in lines { source += Self.guarded(line) + "\n" }
            }
        }
    }

    /// What empty lines part. (Splitting at a string would link the standard library's regular
    /// expressions, a quarter of the program's size.)
    private static func paragraphs(of text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.split(separator: "").map { $0.joined(separator: "\n") }
    }

    /// Lines as they stand, as of a shell.
    mutating func display(_ text: String) {
        macro("Bd", "-literal", "-offset", "indent")
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            source += Self.guarded(Self.escape(String(line))) + "\n"
        }
        macro("Ed")
    }

    mutating func list(_ body: (inout MdocPage) -> Void) {
        macro("Bl", "-tag", "-width", "Ds")
        body(&self)
        macro("El")
    }

    /// One argument of a macro: quoted where it has spaces, and never taken for a macro itself.
    static func argument(_ text: String) -> String {
        let escaped = escape(text)
        if escaped.contains(where: { $0 == " " }) { return "\"\(escaped)\"" }
        let looksLikeMacro =
            escaped.utf8.count <= 3 && escaped.first?.isUppercase == true
        let isDelimiter = escaped.utf8.count == 1 && escaped.allSatisfy(".,:;()[]?!|".contains)
        return looksLikeMacro || isDelimiter ? "\\&" + escaped : escaped
    }

    static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\e"
            case "-": escaped += "\\-"
            case "\"": escaped += "\\(dq"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    /// A line of text must not begin with a dot or an apostrophe, which would be a macro.
    private static func guarded(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }

    /// A full stop and a space end a sentence where a capital letter follows.
    private static func sentences(of paragraph: String) -> [String] {
        var sentences: [String] = []
        var words: [Substring] = []
        let all = paragraph.split(whereSeparator: { $0 == " " || $0 == "\n" })
        for (index, word) in all.enumerated() {
            words.append(word)
            let isLast = index + 1 == all.count
            guard isLast || (".?!:".contains(word.last ?? " ") && word.last != ":") else {
                continue
            }
            sentences.append(words.joined(separator: " "))
            words = []
        }
        return sentences
    }
}
