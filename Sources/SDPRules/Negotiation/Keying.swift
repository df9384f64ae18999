/// How media gets its keys.
public enum Keying: String, CaseIterable, Sendable {
    /// DTLS: its protocol's name or a fingerprint says so.
    case dtls
    /// `a=crypto`.
    case sdes
    /// `a=key-mgmt` (RFC 4567).
    case mikey
    /// In the media stream, as `a=zrtp-hash` says (RFC 6189).
    case zrtp
    /// Not at all.
    case unprotected = "none"

    /// All that a section offers to do. Keys beside a profile that is not of SRTP are best effort:
    /// who does not take them sends in clear (RFC 8643).
    static func all(of media: MediaContext) -> Set<Keying> {
        var found: Set<Keying> = []
        if media.usesDTLS { found.insert(.dtls) }
        if media.attributes.has("crypto") { found.insert(.sdes) }
        if media.transport("key-mgmt") != nil { found.insert(.mikey) }
        if media.attributes.has("zrtp-hash") { found.insert(.zrtp) }
        if found.isEmpty || media.isInClearProfile { found.insert(.unprotected) }
        return found
    }

    static func text(_ all: Set<Keying>) -> String {
        all.map(\.words).sorted().joined(separator: " and ")
    }

    private var words: String {
        switch self {
        case .dtls: "DTLS"
        case .sdes: "SDES"
        case .mikey: "MIKEY"
        case .zrtp: "ZRTP"
        case .unprotected: "no keys"
        }
    }
}
