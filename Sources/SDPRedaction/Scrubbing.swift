internal import SDP

// What may tell of somebody in a text that no rule is known for.
extension Pseudonyms {
    /// The text with pseudonyms for the addresses, links, names of hosts, UUIDs and hardware addresses
    /// in it.
    func scrubbed(_ text: String) -> String {
        pieces(of: text, separators: Self.outerSeparators) { piece in
            guard piece.utf8.contains(where: Self.isTelling) else { return String(piece) }
            if piece.contains("://") { return linkInside(piece) }
            if piece.contains("@") { return word(.address, piece) }
            if let whole = replaced(piece) { return whole }
            return pieces(of: piece, separators: Self.innerSeparators) { part in
                replaced(part)
                    ?? pieces(of: part, separators: [0x3a]) { replaced($0) ?? String($0) }
            }
        }
    }

    /// The text with a pseudonym for every word of it that is not a short number.
    func everyWord(of text: String) -> String {
        pieces(of: text, separators: Self.outerSeparators) { piece in
            if piece.utf8.count <= 5, UInt32(piece) != nil { return String(piece) }
            return replaced(piece) ?? word(.text, piece)
        }
    }

    /// Without one of these nothing is an address, a link or a UUID.
    private static func isTelling(_ byte: UInt8) -> Bool {
        byte == 0x2e || byte == 0x3a || byte == 0x2d || byte == 0x40
    }

    private static let outerSeparators = Set(" \t;,\"<>".utf8)
    private static let innerSeparators = Set("=|/()[]*".utf8)

    func pieces(
        of text: some StringProtocol, separators: Set<UInt8>, _ replace: (Substring) -> String
    ) -> String {
        var new = ""
        var rest = Substring(text)
        while !rest.isEmpty {
            let end = rest.utf8.firstIndex { separators.contains($0) } ?? rest.endIndex
            let piece = rest[..<end]
            if !piece.isEmpty { new += replace(piece) }
            rest = rest[end...]
            if let separator = rest.unicodeScalars.popFirst() {
                new.unicodeScalars.append(separator)
            }
        }
        return new
    }

    /// Nil for a word that tells nothing.
    private func replaced(_ piece: Substring) -> String? {
        if piece.utf8.count > Self.longestAddress { return nil }
        if isHardwareAddress(piece) { return word(.hardware, piece) }
        if IPAddress(withoutZone: piece) != nil { return address(piece) }
        if let colon = piece.lastIndex(of: ":"), IPAddress(withoutZone: piece[..<colon]) != nil {
            return address(piece[..<colon]) + piece[colon...]
        }
        if piece.hasSuffix(".local") || isHostName(piece) { return address(piece) }
        return isUUID(piece) ? word(.identifier, piece) : nil
    }

    private static let longestAddress = 256

    /// Labels between dots, of which the last is a word: no number of a version, no codec's profile.
    private func isHostName(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let last = labels.last, last.utf8.count >= 2,
            last.utf8.allSatisfy({ $0.isLetterOrDigit && $0 >= 0x41 })
        else { return false }
        return labels.allSatisfy { label in
            !label.isEmpty && label.utf8.count <= 63
                && label.utf8.allSatisfy { $0.isLetterOrDigit || $0 == 0x2d || $0 == 0x5f }
        }
    }

    /// Six or more pairs of hexadecimal digits between `-` or `:`, as EUI-48 and EUI-64.
    private func isHardwareAddress(_ text: Substring) -> Bool {
        for separator: Character in ["-", ":"] {
            let pairs = text.split(separator: separator, omittingEmptySubsequences: false)
            let isAddress = pairs.allSatisfy {
                $0.utf8.count == 2 && $0.utf8.allSatisfy(\.isHexadecimal)
            }
            if pairs.count >= 6, isAddress { return true }
        }
        return false
    }

    private func isUUID(_ text: Substring) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.utf8.allSatisfy(\.isHexadecimal) }
    }

    /// `uri=https://…`: what stands before the scheme stays.
    private func linkInside(_ piece: Substring) -> String {
        guard let equals = piece.firstIndex(of: "="), piece[equals...].contains("://") else {
            return link(String(piece))
        }
        return piece[...equals] + link(String(piece[piece.index(after: equals)...]))
    }
}
