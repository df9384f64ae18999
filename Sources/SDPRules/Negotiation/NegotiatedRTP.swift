public import SDP

/// A codec that both sides have.
public struct NegotiatedCodec: Equatable, Sendable {
    /// `opus/48000/2`.
    public let name: String
    /// The number that each side wrote; packets to a side carry that side's.
    public let offerPayloadType: UInt8
    public let answerPayloadType: UInt8
    /// The parameters as in the fmtp of each side; empty where there are none.
    public let offerParameters: String
    public let answerParameters: String
    /// The answer's payload type of its retransmissions, if they are agreed on.
    public let retransmission: UInt8?
    /// For H.264, the profile and the level each side decodes: `42e01f (constrainedBaseline, …)`.
    public let profile: String?
    /// Feedback that both sides know, for this codec or for all, as in `nack pli`.
    public let feedback: [String]

    /// Retransmissions are told with the codec that they repeat.
    static func all(of pair: MediaPair) -> [NegotiatedCodec] {
        let matches = pair.matching.matches
        var retransmissions: [UInt32: UInt8] = [:]
        for match in matches {
            guard let apt = match.answer.repeated else { continue }
            retransmissions[apt] = match.answer.payloadType
        }
        return matches.filter { !$0.answer.isRetransmission }.map { match in
            NegotiatedCodec(match, retransmissions[UInt32(match.answer.payloadType)], pair)
        }
    }

    private init(_ match: CodecMatch, _ retransmission: UInt8?, _ pair: MediaPair) {
        name = match.answer.text
        offerPayloadType = match.offer.payloadType
        answerPayloadType = match.answer.payloadType
        offerParameters = match.offer.parameters.text
        answerParameters = match.answer.parameters.text
        self.retransmission = retransmission
        profile = match.answer.h264?.profileLevelID?.described
        let offered = pair.offer.feedbackForAll.union(match.offer.feedback.map(\.words))
        let own = match.answer.feedback.map(\.words) + pair.answer.feedbackForAll.sorted()
        feedback = own.uniqued.filter { offered.contains($0) }
    }
}

/// A codec that was offered and not taken.
public struct RefusedCodec: Equatable, Sendable {
    public let name: String
    public let payloadType: UInt8
    public let reason: CodecMismatch

    init(_ codec: MediaCodec, _ reason: CodecMismatch) {
        (name, payloadType, self.reason) = (codec.text, codec.payloadType, reason)
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

extension Parameters {
    /// `minptime=10;useinbandfec=1`.
    fileprivate var text: String {
        all.map { one in one.value.map { "\(one.name)=\($0)" } ?? one.name }.joined(separator: ";")
    }
}
