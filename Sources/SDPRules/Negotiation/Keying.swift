/// How media gets its keys.
public enum Keying: String, CaseIterable, Sendable {
    /// DTLS: its protocol's name or a fingerprint says so.
    case dtls
    /// `a=crypto`.
    case sdes
    /// Not at all.
    case unprotected = "none"

    /// All that a section offers to do.
    static func all(of media: MediaContext) -> Set<Keying> {
        var found: Set<Keying> = []
        if media.usesDTLS { found.insert(.dtls) }
        if media.attributes.has("crypto") { found.insert(.sdes) }
        return found.isEmpty ? [.unprotected] : found
    }

    static func text(_ all: Set<Keying>) -> String {
        all.map(\.words).sorted().joined(separator: " and ")
    }

    private var words: String {
        switch self {
        case .dtls: "DTLS"
        case .sdes: "SDES"
        case .unprotected: "no keys"
        }
    }
}
