/// Writes the fields of one line.
public struct ValueWriter {
    public private(set) var bytes: [UInt8] = []

    mutating func text(_ text: some StringProtocol) { bytes.append(contentsOf: text.utf8) }

    /// The text with a space before it, unless it is nil.
    mutating func word(_ text: String?) {
        guard let text else { return }
        self.text(" ")
        self.text(text)
    }

    mutating func words(_ words: [String]) { for word in words { self.word(word) } }

    mutating func number(_ number: some BinaryInteger) { text(String(number)) }
}
