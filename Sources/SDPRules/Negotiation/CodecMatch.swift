import SDP

/// One codec that both sides have, each with its payload type.
struct CodecMatch: Sendable {
    let offer: MediaCodec
    let answer: MediaCodec
}

/// Why a codec of the same name cannot be used together.
public enum CodecMismatch: Equatable, Sendable {
    /// The other side has no codec of this name.
    case absent
    /// Clock rate or channels differ; the texts are as in `opus/48000/2`.
    case form(offer: String, answer: String)
    /// A parameter that must be the same is not; RFC 6184 section 8.2.2 for H.264.
    case parameter(String, offer: String, answer: String)
    /// It repeats or wraps a codec that is not used.
    case repeatsUnused(payloadType: UInt32?)
    /// It would do, and the answer took another of the same kind.
    case superseded
}

/// Finds the codecs that two sides have in common (RFC 3264 section 6.1).
struct CodecMatching: Sendable {
    /// In the answer's order.
    private(set) var matches: [CodecMatch] = []
    /// Those of the answer that were not offered, with the reason.
    private(set) var unoffered: [(codec: MediaCodec, reason: CodecMismatch)] = []
    /// Those of the offer that the answer does not take, with the reason.
    private(set) var refused: [(codec: MediaCodec, reason: CodecMismatch)] = []

    init(offer: [MediaCodec], answer: [MediaCodec]) {
        var partners: [UInt8: MediaCodec] = [:]
        var taken: Set<UInt8> = []
        func take(_ codec: MediaCodec, _ partner: MediaCodec?) {
            guard let partner else { return }
            partners[codec.payloadType] = partner
            taken.insert(partner.payloadType)
        }
        for codec in answer where codec.rtx == nil {
            let free = offer.filter { !taken.contains($0.payloadType) && $0.rtx == nil }
            take(codec, Self.partner(of: codec, among: free))
        }
        for codec in answer {
            guard let apt = codec.rtx?.associatedPayloadType,
                let primary = UInt8(exactly: apt).flatMap({ partners[$0] })
            else { continue }
            take(
                codec, offer.first { $0.rtx?.associatedPayloadType == UInt32(primary.payloadType) })
        }
        matches = answer.compactMap { codec in
            partners[codec.payloadType].map { CodecMatch(offer: $0, answer: codec) }
        }
        let isPlain = offer.allSatisfy(\.isAuxiliary)
        carriesMedia = matches.contains { isPlain || !$0.answer.isAuxiliary }
        unoffered = answer.filter { partners[$0.payloadType] == nil }
            .map { ($0, Self.mismatch(of: $0, among: offer, isOffer: false)) }
        refused = offer.filter { !taken.contains($0.payloadType) }
            .map { ($0, Self.mismatch(of: $0, among: answer, isOffer: true)) }
    }

    /// Whether media can flow: a common codec carries it, or none that was offered would.
    let carriesMedia: Bool

    /// The one with the same payload type, if that will do, else the first that will.
    private static func partner(of codec: MediaCodec, among others: [MediaCodec]) -> MediaCodec? {
        let fitting = others.filter { isSame($0, codec) }
        return fitting.first { $0.payloadType == codec.payloadType } ?? fitting.first
    }

    private static func isSame(_ offer: MediaCodec, _ answer: MediaCodec) -> Bool {
        guard offer.map != nil, answer.map != nil else {
            return offer.map == nil && answer.map == nil && offer.payloadType == answer.payloadType
        }
        return offer.identity == answer.identity && difference(offer, answer) == nil
    }

    private static func mismatch(
        of codec: MediaCodec, among others: [MediaCodec], isOffer: Bool
    ) -> CodecMismatch {
        if let rtx = codec.rtx { return .repeatsUnused(payloadType: rtx.associatedPayloadType) }
        let named = others.filter { other in
            codec.map.map { other.isNamed($0.encodingName) } ?? false
        }
        guard let other = named.first(where: { $0.identity == codec.identity }) ?? named.first
        else {
            return .absent
        }
        let (offer, answer) = isOffer ? (codec, other) : (other, codec)
        if offer.identity != answer.identity {
            return .form(offer: offer.text, answer: answer.text)
        }
        // One of several that differ in parameters: the first says why, unless one of them fits.
        let fitting = named.contains { isOffer ? isSame(codec, $0) : isSame($0, codec) }
        return fitting ? .superseded : difference(offer, answer) ?? .superseded
    }

    /// The parameter that must be the same on both sides and is not.
    private static func difference(_ offer: MediaCodec, _ answer: MediaCodec) -> CodecMismatch? {
        offer.essentials.difference(from: answer.essentials)
    }
}

/// The parameters of a codec that are not negotiated: both sides have the same, or cannot talk.
struct Essentials: Sendable {
    private let values: [(name: String, value: String)]
    /// The profile counts, and not the level (RFC 6184 section 8.2.2); nil for other codecs.
    private let h264: H264ProfileLevelID?

    /// - Parameter name: the codec's, in lower case.
    init(of name: String, _ parameters: Parameters) {
        values = (Self.names[name] ?? []).map { ($0, parameters[$0] ?? $1) }
        h264 = name == "h264" ? H264Parameters(parameters).profileLevelID : nil
    }

    func difference(from answer: Essentials) -> CodecMismatch? {
        for (one, other) in zip(values, answer.values) where one.value != other.value {
            return .parameter(one.name, offer: shown(one.value), answer: shown(other.value))
        }
        guard let h264, let other = answer.h264, !h264.isProfileCompatible(with: other) else {
            return nil
        }
        return .parameter("profile-level-id", offer: h264.described, answer: other.described)
    }

    /// With what their absence means.
    private static let names: [String: [(String, String)]] = [
        "h264": [("packetization-mode", "0")], "vp9": [("profile-id", "0")],
        "av1": [("profile", "0")], "h265": [("profile-id", "1"), ("tx-mode", "SRST")],
        "amr": [("octet-align", "0")], "amr-wb": [("octet-align", "0")],
        "g7221": [("bitrate", "")], "mpeg4-generic": [("mode", "")],
    ]
}

extension H264ProfileLevelID {
    func isProfileCompatible(with other: H264ProfileLevelID) -> Bool {
        guard let profile, let theirs = other.profile else {
            return profileIDC == other.profileIDC && constraints == other.constraints
        }
        return profile == theirs
    }

    /// `42e01f (constrainedBaseline, level 3.1)`.
    var described: String { "\(text) (\(profile?.rawValue ?? "unknown profile"), level \(level))" }
}
