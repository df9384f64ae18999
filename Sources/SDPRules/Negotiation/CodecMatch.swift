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
        let (offered, own) = (CodecIndex(offer), CodecIndex(answer))
        for codec in answer where !codec.isRetransmission {
            take(codec, offered.partner(of: codec) { !taken.contains($0.payloadType) })
        }
        for codec in answer {
            guard
                let primary = codec.repeated.flatMap({ UInt8(exactly: $0) })
                    .flatMap({ partners[$0] })
            else { continue }
            take(codec, offered.retransmission(of: primary))
        }
        matches = answer.compactMap { codec in
            partners[codec.payloadType].map { CodecMatch(offer: $0, answer: codec) }
        }
        let isPlain = offer.allSatisfy(\.isAuxiliary)
        carriesMedia = matches.contains { isPlain || !$0.answer.isAuxiliary }
        unoffered = answer.filter { partners[$0.payloadType] == nil }
            .map { ($0, Self.mismatch(of: $0, among: offered, isOffer: false)) }
        refused = offer.filter { !taken.contains($0.payloadType) }.map { codec in
            let repeated = codec.repeated.flatMap { UInt8(exactly: $0) }
            let repeatsTaken = repeated.map { taken.contains($0) } ?? false
            let reason = Self.mismatch(of: codec, among: own, isOffer: true, partners)
            return (codec, repeatsTaken ? .absent : reason)
        }
    }

    /// Whether media can flow: a common codec carries it, or none that was offered would.
    let carriesMedia: Bool

    private static func mismatch(
        of codec: MediaCodec, among others: CodecIndex, isOffer: Bool,
        _ partners: [UInt8: MediaCodec] = [:]
    ) -> CodecMismatch {
        if codec.isRetransmission { return .repeatsUnused(payloadType: codec.repeated) }
        guard let other = others.nearest(to: codec) else { return .absent }
        let (offer, answer) = isOffer ? (codec, other) : (other, codec)
        if offer.identity != answer.identity {
            // That one is there for another of the offer.
            if partners[other.payloadType] != nil { return .absent }
            return .form(offer: offer.text, answer: answer.text)
        }
        // One of several that differ in parameters: the first says why, unless one of them fits.
        if others.partner(of: codec, where: { _ in true }) != nil { return .superseded }
        return offer.essentials.difference(from: answer.essentials) ?? .superseded
    }
}

/// The codecs of one side by what another side looks for, so that each is found at once.
private struct CodecIndex {
    private var byName: [String: MediaCodec] = [:]
    private var byIdentity: [String: MediaCodec] = [:]
    /// Those that differ in nothing but what only a comparison tells.
    private var alike: [String: [MediaCodec]] = [:]
    private var retransmissions: [UInt32: MediaCodec] = [:]

    init(_ codecs: [MediaCodec]) {
        for codec in codecs {
            if let name = codec.lowercasedName { byName[name] = byName[name] ?? codec }
            byIdentity[codec.identity] = byIdentity[codec.identity] ?? codec
            if codec.isRetransmission {
                guard let repeated = codec.repeated else { continue }
                retransmissions[repeated] = retransmissions[repeated] ?? codec
            } else {
                alike[Self.key(of: codec), default: []].append(codec)
            }
        }
    }

    private static func key(of codec: MediaCodec) -> String {
        "\(codec.identity) \(codec.essentials.key)"
    }

    /// The one with the same payload type, if that will do, else the first that will.
    func partner(
        of codec: MediaCodec, where isFree: (MediaCodec) -> Bool
    ) -> MediaCodec? {
        let fitting = (alike[Self.key(of: codec)] ?? []).filter { other in
            isFree(other) && other.essentials.difference(from: codec.essentials) == nil
        }
        return fitting.first { $0.payloadType == codec.payloadType } ?? fitting.first
    }

    /// One of the same clock rate and channels, if there is one, else of the same name.
    func nearest(to codec: MediaCodec) -> MediaCodec? {
        codec.lowercasedName.flatMap { byIdentity[codec.identity] ?? byName[$0] }
    }

    func retransmission(of codec: MediaCodec) -> MediaCodec? {
        retransmissions[UInt32(codec.payloadType)]
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

    /// The same for codecs whose values are.
    var key: String { values.map { "\($0.name)=\($0.value)" }.joined(separator: ";") }

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
