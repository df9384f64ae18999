import SDP

/// How media is keyed, and who does what in DTLS.
public struct NegotiatedSecurity: Equatable, Sendable {
    /// Nil where the two have no way in common.
    public let keying: Keying?
    /// The side that sends the ClientHello; nil without DTLS, where the roles conflict, and where the
    /// answer says none: RFC 4145 then has it be passive, and browsers differ.
    public let dtlsClient: Side?
    /// Whether the answer says its role in DTLS.
    let isRoleSaid: Bool
    /// The `a=crypto` suite of SDES.
    public let suite: String?
    /// The hash functions of the fingerprints of each side, as in `sha-256`.
    public let offerFingerprints: [String]
    public let answerFingerprints: [String]

    init() {
        (keying, dtlsClient, suite, isRoleSaid) = (nil, nil, nil, false)
        (offerFingerprints, answerFingerprints) = ([], [])
    }

    init(_ pair: MediaPair) {
        let common = Keying.all(of: pair.offer).intersection(Keying.all(of: pair.answer))
        let keying = Keying.allCases.first { common.contains($0) }
        self.keying = keying
        // Browsers take an offer without setup for actpass, though RFC 4145 has it mean active.
        dtlsClient =
            keying == .dtls
            ? activeSide(
                offer: pair.offer.transport("setup") ?? "actpass",
                answer: pair.answer.transport("setup"))
            : nil
        isRoleSaid = pair.answer.transport("setup") != nil
        suite = keying == .sdes ? pair.answer.attributes.first(CryptoAttribute.self)?.suite : nil
        func hashes(_ media: MediaContext) -> [String] {
            media.transportValues(Fingerprint.self).map { $0.algorithm.lowercased() }
        }
        (offerFingerprints, answerFingerprints) = (hashes(pair.offer), hashes(pair.answer))
    }
}

/// Who connects, by what the two say in `setup` (RFC 4145 section 4.1, RFC 5763 section 5); nil where
/// the roles conflict, and for holdconn.
private func activeSide(offer: String, answer: String?) -> Side? {
    switch (offer, answer) {
    case ("actpass", "active"), ("passive", "active"): .answerer
    case ("actpass", "passive"), ("active", "passive"): .offerer
    default: nil
    }
}

/// The TCP connection of media that runs over one, without DTLS.
public struct NegotiatedTCP: Equatable, Sendable {
    /// Who connects to the other; nil where the roles conflict, and while there is to be no
    /// connection (holdconn).
    public let opener: Side?
    /// Whether the protocol's name has TLS in it.
    public let isTLS: Bool

    init?(_ pair: MediaPair) {
        guard pair.answer.isPlainTCP, pair.offer.isPlainTCP else { return nil }
        isTLS = pair.answer.media?.transport.text.hasPrefix("TCP/TLS") ?? false
        // What is meant where nothing is said (RFC 4145 section 4.1).
        opener = activeSide(
            offer: pair.offer.transport("setup") ?? "active",
            answer: pair.answer.transport("setup") ?? "passive")
    }
}

/// SCTP under data channels (RFC 8841).
public struct NegotiatedDataChannel: Equatable, Sendable {
    /// The SCTP port of each side; nil where it says none.
    public let offerPort: UInt16?
    public let answerPort: UInt16?
    /// The largest message that each side takes, in bytes; 0 for no limit.
    public let offerMaximum: UInt64
    public let answerMaximum: UInt64

    init?(_ pair: MediaPair) {
        guard pair.offer.isSCTP, pair.answer.isSCTP else { return nil }
        func port(_ media: MediaContext) -> UInt16? {
            media.section.sctpPort ?? media.attributes.first(SCTPMap.self)?.port
        }
        (offerPort, answerPort) = (port(pair.offer), port(pair.answer))
        (offerMaximum, answerMaximum) = (pair.offer.maxMessageSize, pair.answer.maxMessageSize)
    }
}
