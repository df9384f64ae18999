/// A change of a description's text, made once.
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
            guard let range = text.firstRange(of: old) else { return "\(old) is not there" }
            return text.replacingCharacters(range, new)
        case .replaceAll(let old, let new): return text.replacing(old, with: new)
        case .append(let lines): return text + lines.replacing("\n", with: "\r\n") + "\r\n"
        case .remove(let start): return lines(text, without: start, atMost: 1)
        case .removeAll(let start): return lines(text, without: start, atMost: .max)
        case .add(let line, let start):
            var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(
                String.init)
            guard let place = lines.firstIndex(where: { $0.hasPrefix(start) }) else {
                return "\(start) is not there"
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
        return count == 0 ? "\(start) is not there" : kept.joined(separator: "\r\n")
    }
}

extension String {
    /// With the byte FF where `Edit.badByte` stands.
    var damagedBytes: [UInt8] {
        let parts = split(separator: Edit.badByte, omittingEmptySubsequences: false)
        return Array(parts.map { Array($0.utf8) }.joined(separator: [0xff]))
    }

    fileprivate func replacingCharacters(_ range: Range<Index>, _ new: String) -> String {
        self[..<range.lowerBound] + new + self[range.upperBound...]
    }

    func edited(_ edits: [Edit]) -> String { edits.reduce(self) { $1.applied(to: $0) } }
}
