import Testing

/// A change of a description's text, made once; what it is to change has to be there.
enum Edit: Sendable {
    /// Exchanges the first occurrence.
    case replace(String, String)
    /// Exchanges every occurrence.
    case replaceAll(String, String)
    /// Takes the first line out that begins so.
    case remove(String)
    /// Takes every such line out.
    case removeAll(String)
    /// Puts a line behind the first that begins so.
    case add(String, after: String)
    /// Puts lines behind the last.
    case append(String)

    /// Stands for the byte FF, which no UTF-8 has.
    static let badByte = "\u{E000}"

    func applied(to text: String) -> String {
        switch self {
        case .replace(let old, let new):
            return text.contains(old)
                ? text.replacing(old, with: new, maxReplacements: 1) : missing(old, text)
        case .replaceAll(let old, let new):
            return text.contains(old) ? text.replacing(old, with: new) : missing(old, text)
        case .append(let lines): return text + lines.replacing("\n", with: "\r\n") + "\r\n"
        case .remove(let start): return lines(text, without: start, atMost: 1)
        case .removeAll(let start): return lines(text, without: start, atMost: .max)
        case .add(let line, let start):
            var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(
                String.init)
            guard let place = lines.firstIndex(where: { $0.hasPrefix(start) }) else {
                return missing(start, text)
            }
            lines.insert(line, at: place + 1)
            return lines.joined(separator: "\r\n")
        }
    }

    private func lines(_ text: String, without start: String, atMost limit: Int) -> String {
        var count = 0
        let kept = text.split(separator: "\r\n", omittingEmptySubsequences: false).filter { line in
            guard line.hasPrefix(start), count < limit else { return true }
            count += 1
            return false
        }
        return count == 0 ? missing(start, text) : kept.joined(separator: "\r\n")
    }

    private func missing(_ part: String, _ text: String) -> String {
        Issue.record("there is no \(part) to be edited")
        return text
    }
}

extension String {
    /// With the byte FF where `Edit.badByte` stands.
    var damagedBytes: [UInt8] {
        let parts = split(separator: Edit.badByte, omittingEmptySubsequences: false)
        return Array(parts.map { Array($0.utf8) }.joined(separator: [0xff]))
    }

    func edited(_ edits: [Edit]) -> String { edits.reduce(self) { $1.applied(to: $0) } }
}
