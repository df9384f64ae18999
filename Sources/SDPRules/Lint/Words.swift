/// A text from a description as a message shows it: in quotes, and not endless.
func quoted(_ text: some StringProtocol) -> String { "\"\(shown(text))\"" }

/// A text from a description, cut where it is endless.
func shown(_ text: some StringProtocol) -> String {
    guard text.utf8.count > shownByteCount else { return String(text) }
    return "\(String(decoding: text.utf8.prefix(shownByteCount / 2), as: UTF8.self))…"
}

/// How much of a hostile value a message repeats, in bytes.
private let shownByteCount = 80

/// `1 error`, `2 errors`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
