internal import Wire

// For the values of fields that have a form of their own.
extension Pseudonyms {
    /// A link that leads nowhere, with the scheme of the one it stands for.
    func link(_ text: String) -> String {
        var draw = draw(.address, text.utf8)
        let scheme = text.prefix { $0 != ":" }.lowercased()
        let known = text.contains(":") && Self.schemes.contains(scheme) ? scheme : "https"
        return "\(known)://example.invalid/\(draw.hexadecimal(8))"
    }

    /// Another word before a colon may be a name.
    private static let schemes: Set<String> = [
        "cid", "ftp", "http", "https", "mailto", "rtsp", "rtsps", "sip", "sips", "tel", "ws", "wss",
    ]

    /// A word of a short list as it is; of any other every word.
    func known(_ text: String, _ words: Set<String>) -> String {
        words.contains(text.lowercased()) ? text : everyWord(of: text)
    }

    /// Those of the registry (RFC 8866 section 8.2.6); an address in a wrong place is none.
    func networkType(_ text: String) -> String { known(text, ["in", "tn", "atm", "pstn"]) }

    func addressType(_ text: String) -> String {
        known(text, ["ip4", "ip6", "rfc2543", "e164", "gwid", "nsap", "alias"])
    }

    /// A number as it is; of other text every word.
    func number(_ text: String) -> String {
        !text.isEmpty && text.utf8.count <= 10
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            ? text : everyWord(of: text)
    }

    /// What a group of media or of sources is for (RFC 5888, RFC 5576).
    func groupSemantics(_ text: String) -> String { known(text, Self.semantics) }

    private static let semantics: Set<String> = [
        "bundle", "ls", "fid", "srf", "anat", "fec", "fec-fr", "ddp", "cs", "dup", "sim", "tfid",
    ]

    /// `turn:host:port` keeps its scheme and its port; other text is taken by the word.
    func server(_ text: String) -> String {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, ["stun", "stuns", "turn", "turns"].contains(parts[0].lowercased())
        else { return everyWord(of: text) }
        return pieces(of: text, separators: Set(":?&=".utf8)) { piece in
            Self.wordsOfServers.contains(piece.lowercased()) || UInt16(piece) != nil
                ? String(piece) : address(piece)
        }
    }

    private static let wordsOfServers: Set<String> = [
        "stun", "stuns", "turn", "turns", "transport", "udp", "tcp", "tls",
    ]

    func person(_ text: String) -> String {
        name(.person, text.utf8, prefix: "user") + "@example.invalid"
    }

    /// +999 is no country's.
    func phoneNumber(_ text: String) -> String {
        var draw = draw(.person, text.utf8)
        return "+999 " + (0..<9).map { _ in String(draw.below(10)) }.joined()
    }

    /// Base64 of as many bytes; other text becomes text of its length.
    func base64(_ text: String) -> String {
        guard let bytes = Base64.standard.decode(text) else { return secret(.key, text) }
        var draw = draw(.key, text.utf8)
        return Base64.standard.encode(bytes.map { _ in draw.byte() })
    }

    /// 0 is no source's number, and stays.
    func source(_ ssrc: UInt32) -> UInt32 {
        if ssrc == 0 { return 0 }
        var draw = draw(.ssrc, String(ssrc).utf8)
        return max(draw.number(), 1)
    }
}
