public import SDP

/// One of the two sides of a negotiation.
public enum Side: String, Sendable {
    case offerer, answerer
}

/// What an offer and its answer agree on (RFC 3264, RFC 9429).
public struct Negotiation: Sendable {
    /// What is wrong with the answer, by itself and as an answer to this offer.
    public let findings: [Finding]
    /// One for each `m=` line that the offer or the answer has, by its place.
    public let media: [NegotiatedMedia]
    /// The mids of each bundle that results, the tagged one first (RFC 9143).
    public let bundles: [[String]]
    /// Nil where the two do not both do ICE.
    public let ice: NegotiatedICE?

    /// Whether the answer may be accepted: no finding is an error.
    public var isLegal: Bool { !findings.hasErrors }

    /// - Parameter profile: whose rules the answer has to follow.
    public init(
        offer: SessionDescription, answer: SessionDescription, profile: Profile = .webrtc
    ) {
        let pair = PairContext(offer: offer, answer: answer)
        findings = Judge(profile: profile).findingsInAnswer(pair)
        let bundles = Self.bundles(of: pair)
        media = Self.media(of: pair, bundles)
        self.bundles = bundles
        ice = NegotiatedICE(pair)
    }

    private static func bundles(of pair: PairContext) -> [[String]] {
        let offered = Set(pair.offer.bundles.flatMap(\.mids))
        return pair.answer.activeBundles.map { members in
            members.compactMap(\.mid).filter { offered.contains($0) }
        }.filter { !$0.isEmpty }
    }

    private static func media(of pair: PairContext, _ bundles: [[String]]) -> [NegotiatedMedia] {
        let tags = bundles.flatMap { bundle in bundle.map { ($0, bundle[0]) } }
        let tagByMid = Dictionary(tags) { first, _ in first }
        let common = pair.media.map { one in
            NegotiatedMedia(one, tag: one.answer.mid.flatMap { tagByMid[$0] }, pair)
        }
        let left = pair.offer.media.dropFirst(common.count).map { NegotiatedMedia($0, .missing) }
        let extra = pair.answer.media.dropFirst(common.count).map {
            NegotiatedMedia($0, .unoffered)
        }
        return common + left + extra
    }
}

/// How ICE goes on (RFC 8445).
public struct NegotiatedICE: Equatable, Sendable {
    /// An ICE-lite agent answers checks and never sends one.
    public let isOffererLite: Bool
    public let isAnswererLite: Bool
    /// Candidates may still come from this side (RFC 8840).
    public let doesOffererTrickle: Bool
    public let doesAnswererTrickle: Bool

    /// Who nominates: the offerer, unless it alone is lite (RFC 8445 section 6.1.1).
    public var controlling: Side { isOffererLite && !isAnswererLite ? .answerer : .offerer }

    init?(_ pair: PairContext) {
        guard pair.offer.usesICE, pair.answer.usesICE else { return nil }
        isOffererLite = pair.offer.isICELite
        isAnswererLite = pair.answer.isICELite
        doesOffererTrickle = pair.offer.trickles
        doesAnswererTrickle = pair.answer.trickles
    }
}
