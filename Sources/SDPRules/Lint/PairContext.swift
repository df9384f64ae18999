import SDP

/// An offer and its answer, matched by the place of their media descriptions (RFC 3264 section 6).
struct PairContext: Sendable {
    let offer: DescriptionContext
    let answer: DescriptionContext
    let media: [MediaPair]
    /// Those that both sides keep.
    let accepted: [MediaPair]

    init(offer: SessionDescription, answer: SessionDescription) {
        self.offer = DescriptionContext(offer, .offer)
        self.answer = DescriptionContext(answer, .answer)
        media = zip(self.offer.media, self.answer.media).map { MediaPair(offer: $0, answer: $1) }
        accepted = media.filter(\.isAccepted)
    }
}

/// A media description of an offer with the one that answers it.
struct MediaPair: Sendable {
    let offer: MediaContext
    let answer: MediaContext
    let matching: CodecMatching

    init(offer: MediaContext, answer: MediaContext) {
        self.offer = offer
        self.answer = answer
        matching = CodecMatching(offer: offer.codecs, answer: answer.codecs)
    }

    var isAccepted: Bool { offer.isOn && answer.isOn }

    /// The two are of one kind, so that their codecs can be compared.
    var isSameKind: Bool {
        offer.kind == answer.kind && offer.isRTP == answer.isRTP && offer.isSCTP == answer.isSCTP
    }

    /// Whether media flows from the offerer to the answerer, and back.
    var flows: (forward: Bool, back: Bool) {
        (
            offer.direction.sends && answer.direction.receives && !answer.isHeldByAddress,
            answer.direction.sends && offer.direction.receives && !offer.isHeldByAddress
        )
    }

    /// RTP that no codec of both sides carries.
    var lacksCodec: Bool { offer.isRTP && !offer.codecs.isEmpty && !matching.carriesMedia }

    func observed(_ message: String, at line: Line? = nil) -> Observation {
        answer.observed(message, at: line)
    }
}
