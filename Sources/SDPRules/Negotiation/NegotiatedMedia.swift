public import SDP

/// What came of one `m=` line.
public struct NegotiatedMedia: Sendable {
    public enum Outcome: Equatable, Sendable {
        case accepted
        /// The answer has port 0.
        case refused(RefusalReason)
        /// The offer has port 0.
        case notOffered
        /// The answer has no such line.
        case missing
        /// The answer has a line more than the offer.
        case unoffered
    }

    /// Why media was refused, as far as the two descriptions tell.
    public enum RefusalReason: String, Sendable {
        case noCommonCodec
        /// It was offered bundle-only, and the answer does not bundle.
        case notBundled
        case differentProtocol
        case differentKeying
        /// The descriptions do not say: the other side did not want it.
        case unknown
    }

    /// The place of the `m=` line, from 0.
    public let index: Int
    public let mid: String?
    /// `audio`, `video`, `application`, …
    public let kind: String
    public let outcome: Outcome
    public let offeredDirection: Direction
    public let answeredDirection: Direction
    public let offererSends: Bool
    public let answererSends: Bool
    /// The sides that an address to which nothing is sent puts on hold (RFC 3264 section 8.4).
    public let sidesOnHold: [Side]
    /// False for RTP that no codec of both sides carries.
    public let hasCommonCodec: Bool
    /// Common codecs, in the answer's order: the first is what the answerer prefers.
    public let codecs: [NegotiatedCodec]
    /// Codecs of the offer that the answer does not take.
    public let refusedCodecs: [RefusedCodec]
    public let security: NegotiatedSecurity
    /// Nil for media that does not run over TCP.
    public let tcp: NegotiatedTCP?
    /// Nil for media that is not RTP.
    public let multiplexesRTCP: Bool?
    /// The mid whose transport it shares, its own where it is tagged; nil outside of a bundle.
    public let bundledWith: String?
    public let extensions: [NegotiatedExtension]
    /// URIs of the offer that the answer does not take.
    public let refusedExtensions: [String]
    /// Nil where no simulcast was offered.
    public let simulcast: NegotiatedSimulcast?
    /// Nil for media that is no data channel.
    public let dataChannel: NegotiatedDataChannel?

    public var isAccepted: Bool { outcome == .accepted }

    init(_ pair: MediaPair, tag: String?, _ descriptions: PairContext) {
        (index, mid, kind) = (pair.offer.index, pair.offer.mid, pair.offer.kind)
        outcome = Self.outcome(of: pair, bundles: descriptions.answer.bundles)
        let isAccepted = outcome == .accepted
        offeredDirection = pair.offer.direction
        answeredDirection = pair.answer.direction
        hasCommonCodec = !pair.lacksCodec
        offererSends = isAccepted && hasCommonCodec && pair.flows.forward
        answererSends = isAccepted && hasCommonCodec && pair.flows.back
        let held = [(Side.offerer, pair.offer), (.answerer, pair.answer)]
        sidesOnHold = held.filter { $0.1.isHeldByAddress }.map(\.0)
        codecs = isAccepted ? NegotiatedCodec.all(of: pair) : []
        let refused = isAccepted ? pair.matching.refused : []
        refusedCodecs = refused.map { RefusedCodec($0.codec, $0.reason) }
        security = NegotiatedSecurity(pair)
        tcp = isAccepted ? NegotiatedTCP(pair) : nil
        multiplexesRTCP =
            pair.offer.isRTP
            ? pair.offer.multiplexesRTCP && pair.answer.multiplexesRTCP : nil
        bundledWith = isAccepted ? tag.map { shown($0) } : nil
        (extensions, refusedExtensions) = isAccepted ? NegotiatedExtension.all(of: pair) : ([], [])
        simulcast = isAccepted ? NegotiatedSimulcast(pair) : nil
        dataChannel = isAccepted ? NegotiatedDataChannel(pair) : nil
    }

    /// For a line that only one side has.
    init(_ media: MediaContext, _ outcome: Outcome) {
        (index, mid, kind, self.outcome) = (media.index, media.mid, media.kind, outcome)
        let isOffered = outcome == .missing
        offeredDirection = isOffered ? media.direction : .inactive
        answeredDirection = isOffered ? .inactive : media.direction
        (offererSends, answererSends, codecs, refusedCodecs) = (false, false, [], [])
        (sidesOnHold, hasCommonCodec, tcp) = ([], true, nil)
        (extensions, refusedExtensions, simulcast, dataChannel) = ([], [], nil, nil)
        (security, multiplexesRTCP, bundledWith) = (NegotiatedSecurity(), nil, nil)
    }

    private static func outcome(of pair: MediaPair, bundles: [BundleGroup]) -> Outcome {
        if !pair.offer.isOn { return .notOffered }
        if pair.answer.isOn { return .accepted }
        return .refused(reason(of: pair, bundles: bundles))
    }

    private static func reason(of pair: MediaPair, bundles: [BundleGroup]) -> RefusalReason {
        if pair.offer.isBundleOnly, bundles.isEmpty { return .notBundled }
        let (offered, own) = (pair.offer.media?.transport, pair.answer.media?.transport)
        if offered != own { return .differentProtocol }
        // The formats of a refused line mean nothing, but many list what they would have taken. Bare
        // numbers are the offer's, said again.
        let (offer, answer) = (pair.offer.codecs, pair.answer.codecs)
        let isSaid = !answer.isEmpty && answer.allSatisfy { $0.lowercasedName != nil }
        if !offer.isEmpty, isSaid, !pair.matching.carriesMedia { return .noCommonCodec }
        let keying = Keying.all(of: pair.answer)
        if keying != [.unprotected], keying.isDisjoint(with: Keying.all(of: pair.offer)) {
            return .differentKeying
        }
        return .unknown
    }
}
