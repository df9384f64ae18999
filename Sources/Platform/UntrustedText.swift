/// Text of somebody else's, fit for a terminal: what could move the cursor, change colours or turn
/// the direction of writing around is shown as `\u{1b}` instead of being done.
public func escapedForTerminal(_ text: String, keepingLineFeeds: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: isDangerous) else { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
        if !isDangerous(scalar) || (keepingLineFeeds && scalar == "\n") {
            escaped.unicodeScalars.append(scalar)
        } else {
            escaped += "\\u{\(String(scalar.value, radix: 16))}"
        }
    }
    return escaped
}

/// A message of somebody else's, fit for a terminal, with its lines and tabs as they are. The
/// carriage return of a line that ends in two characters goes; any other is shown.
public func escapedMessage(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isDangerous) else { return text }
    var escaped = ""
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
        if scalar == "\r" && scalars.first == "\n" { continue }
        if scalar == "\n" || scalar == "\t" || !isDangerous(scalar) {
            escaped.unicodeScalars.append(scalar)
        } else {
            escaped += "\\u{\(String(scalar.value, radix: 16))}"
        }
    }
    return escaped
}

/// JSON with text of somebody else's, fit for a terminal: what could change what a person sees is
/// written as `\u001b`, so the meaning stays. Line feeds and tabs, which are between values, stay.
public func escapedInJSON(_ json: String) -> String {
    guard json.unicodeScalars.contains(where: isDangerous) else { return json }
    var escaped = ""
    for scalar in json.unicodeScalars {
        if scalar == "\n" || scalar == "\t" || !isDangerous(scalar) {
            escaped.unicodeScalars.append(scalar)
            continue
        }
        for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
    return escaped
}

/// Controls (C0, DEL, C1), line and paragraph separators, the bidirectional controls of UAX #9,
/// and characters without a look of their own that hide or reorder text.
private func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f...0x9f: true
    case 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: true
    case 0x200b, 0x2060, 0xfeff, 0xfff9...0xfffb, 0xe0000...0xe007f: true
    default: false
    }
}
