public import SDP

/// How media is keyed, and who does what in DTLS.
public struct NegotiatedSecurity: Equatable, Sendable {
    /// Nil where the two have no way in common.
    public let keying: Keying?
    /// The side that sends the ClientHello; nil without DTLS, and where the roles conflict.
    public let dtlsClient: Side?
    /// The `a=crypto` suite of SDES.
    public let suite: String?
    /// The hash functions of the fingerprints of each side, as in `sha-256`.
    public let offerFingerprints: [String]
    public let answerFingerprints: [String]

    init() {
        (keying, dtlsClient, suite) = (nil, nil, nil)
        (offerFingerprints, answerFingerprints) = ([], [])
    }

    init(_ pair: MediaPair) {
        let common = Keying.all(of: pair.offer).intersection(Keying.all(of: pair.answer))
        let keying = Keying.allCases.first { common.contains($0) }
        self.keying = keying
        dtlsClient =
            keying == .dtls
            ? Self.client(
                offer: pair.offer.transport("setup"), answer: pair.answer.transport("setup"))
            : nil
        suite = keying == .sdes ? pair.answer.attributes.first(CryptoAttribute.self)?.suite : nil
        func hashes(_ media: MediaContext) -> [String] {
            media.transportValues(Fingerprint.self).map { $0.algorithm.lowercased() }
        }
        (offerFingerprints, answerFingerprints) = (hashes(pair.offer), hashes(pair.answer))
    }

    /// RFC 5763 section 5; an offer without setup is taken for actpass, as browsers do, though
    /// RFC 4145 section 4.1 has it mean active.
    private static func client(offer: String?, answer: String?) -> Side? {
        switch (offer ?? "actpass", answer) {
        case ("actpass", "active"), ("passive", "active"): .answerer
        case ("actpass", "passive"), ("active", "passive"): .offerer
        default: nil
        }
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
        opener = Self.opener(
            offer: pair.offer.transport("setup"), answer: pair.answer.transport("setup"))
    }

    /// RFC 4145 section 4.1, where an offer without setup is active and an answer passive.
    private static func opener(offer: String?, answer: String?) -> Side? {
        switch (offer ?? "active", answer ?? "passive") {
        case ("actpass", "active"), ("passive", "active"): .answerer
        case ("actpass", "passive"), ("active", "passive"): .offerer
        default: nil
        }
    }
}

/// An RTP header extension that both sides have.
public struct NegotiatedExtension: Equatable, Sendable {
    /// The answer's number, which both use.
    public let id: UInt32
    public let uri: String
    /// As the answerer sees it; nil for the direction of the media.
    public let direction: Direction?

    static func all(of pair: MediaPair) -> (taken: [NegotiatedExtension], refused: [String]) {
        let offered = pair.offer.attributes.values(HeaderExtension.self).map(\.value.uri)
        let own = pair.answer.attributes.values(HeaderExtension.self).map(\.value)
        let (offeredURIs, ownURIs) = (Set(offered), Set(own.map(\.uri)))
        let taken = own.filter { offeredURIs.contains($0.uri) }
            .map { NegotiatedExtension(id: $0.id, uri: $0.uri, direction: $0.direction) }
        return (taken, offered.filter { !ownURIs.contains($0) })
    }
}

/// The streams of one source that are sent at once (RFC 8853).
public struct NegotiatedSimulcast: Equatable, Sendable {
    /// The rids that the offerer may send, and those of the offer that are refused.
    public let offererSends: [String]
    public let refused: [String]
    /// The rids that the answerer may send.
    public let answererSends: [String]

    init?(_ pair: MediaPair) {
        guard let offered = pair.offer.attributes.first(Simulcast.self) else { return nil }
        let own = pair.answer.attributes.first(Simulcast.self) ?? Simulcast()
        let received = Set(own.recv.joined().map(\.rid))
        let sent = offered.send.joined().map(\.rid)
        offererSends = sent.filter { received.contains($0) }
        refused = sent.filter { !received.contains($0) }
        let wanted = Set(offered.recv.joined().map(\.rid))
        answererSends = own.send.joined().map(\.rid).filter { wanted.contains($0) }
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
        offerMaximum = pair.offer.section.maxMessageSize ?? assumedMessageSize
        answerMaximum = pair.answer.section.maxMessageSize ?? assumedMessageSize
    }
}
