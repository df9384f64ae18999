/// What a relay says, as a part of a sentence of ours: no capital, unless it is of an abbreviation, and
/// no full stop.
func relayWords(_ text: String) -> String {
    var words = Substring(text)
    while let last = words.last, last == "." || last == " " || last == "\n" { words.removeLast() }
    guard let first = words.first else { return "" }
    let next = words.dropFirst().first
    guard next == nil || next == " " || next?.isLowercase == true else { return String(words) }
    return first.lowercased() + words.dropFirst()
}
