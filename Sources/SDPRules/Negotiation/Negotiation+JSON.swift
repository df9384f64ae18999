public import JSON
import SDP

extension Negotiation {
    /// `{"type": "negotiation", "legal", "ice", "bundles", "media", "findings"}`.
    ///
    /// - `ice`: `{"offerer": "full"|"lite", "answerer", "controlling": "offerer"|"answerer",
    ///   "offererTrickles", "answererTrickles"}`; left out where the two do not both do ICE.
    /// - `bundles`: a list of lists of mids, the tagged one first.
    /// - `media`: see `NegotiatedMedia.json`; `findings`: see `Finding.json`.
    public var json: JSON {
        var members: [JSON.Member] = [
            .init("type", "negotiation"), .init("legal", .bool(isLegal)),
        ]
        if let ice { members.append(.init("ice", ice.json)) }
        let lists = bundles.map { JSON.array($0.map { .string($0) }) }
        members.append(.init("bundles", .array(lists)))
        members.append(.init("media", .array(media.map(\.json))))
        members.append(.init("findings", .array(findings.map(\.json))))
        return .object(members)
    }
}

extension NegotiatedICE {
    var json: JSON {
        [
            "offerer": .string(isOffererLite ? "lite" : "full"),
            "answerer": .string(isAnswererLite ? "lite" : "full"),
            "controlling": .string(controlling.rawValue),
            "offererTrickles": .bool(doesOffererTrickle),
            "answererTrickles": .bool(doesAnswererTrickle),
        ]
    }
}

extension NegotiatedMedia {
    /// `{"mediaIndex", "mid", "kind", "outcome", "reason", "offerDirection", "answerDirection",
    /// "offererSends", "answererSends", "onHold", "codecs", "refusedCodecs", "keying", "dtlsClient",
    /// "suite", "offerFingerprints", "answerFingerprints", "rtcpMux", "bundledWith", "extensions",
    /// "refusedExtensions", "tcpOpener", "simulcast", "dataChannel"}`.
    ///
    /// - `outcome`: `accepted`, `refused` (with `reason`: `noCommonCodec`, `notBundled`,
    ///   `differentProtocol`, `differentKeying`, `unknown`), `notOffered`, `missing`, `unoffered`.
    ///   What follows the directions is there for accepted media only.
    /// - `onHold`: the sides that an unspecified address puts on hold; left out where none is.
    /// - `keying`: `dtls`, `sdes`, `mikey`, `zrtp`, `none`; left out where the two have nothing in
    ///   common.
    public var json: JSON {
        var members: [JSON.Member] = []
        members.append("mediaIndex", index)
        members.append("mid", mid)
        members.append("kind", kind)
        members.append("outcome", outcome.word)
        if case .refused(let reason) = outcome { members.append("reason", reason.rawValue) }
        members.append("offerDirection", offeredDirection.rawValue)
        members.append("answerDirection", answeredDirection.rawValue)
        if isAccepted { members += accepted }
        return .object(members)
    }

    private var accepted: [JSON.Member] {
        var members: [JSON.Member] = []
        members.append("offererSends", offererSends)
        members.append("answererSends", answererSends)
        if !sidesOnHold.isEmpty { members.append("onHold", sidesOnHold.map(\.rawValue)) }
        members.append(.init("codecs", .array(codecs.map(\.json))))
        members.append(.init("refusedCodecs", .array(refusedCodecs.map(\.json))))
        members += security.members
        members.append("rtcpMux", multiplexesRTCP)
        members.append("bundledWith", bundledWith)
        members.append(.init("extensions", .array(extensions.map(\.json))))
        members.append("refusedExtensions", refusedExtensions)
        members.append("tcpOpener", tcp?.opener?.rawValue)
        if let simulcast { members.append(.init("simulcast", simulcast.json)) }
        if let dataChannel { members.append(.init("dataChannel", dataChannel.json)) }
        return members
    }
}

extension NegotiatedMedia.Outcome {
    /// The stable word of the JSON form.
    public var word: String {
        switch self {
        case .accepted: "accepted"
        case .refused: "refused"
        case .notOffered: "notOffered"
        case .missing: "missing"
        case .unoffered: "unoffered"
        }
    }
}

extension NegotiatedCodec {
    /// `{"name", "offerPayloadType", "answerPayloadType", "offerParameters", "answerParameters",
    /// "retransmission", "profile", "feedback"}`.
    var json: JSON {
        var members: [JSON.Member] = []
        members.append("name", name)
        members.append("offerPayloadType", offerPayloadType)
        members.append("answerPayloadType", answerPayloadType)
        members.append("offerParameters", offerParameters)
        members.append("answerParameters", answerParameters)
        members.append("retransmission", retransmission)
        members.append("profile", profile)
        members.append("feedback", feedback)
        return .object(members)
    }
}

extension RefusedCodec {
    /// `{"name", "payloadType", "reason", "explanation"}`; `reason` is `absent`, `form`,
    /// `parameter`, `repeatsUnused` or `superseded`.
    var json: JSON {
        [
            "name": .string(name), "payloadType": .integer(payloadType),
            "reason": .string(reason.word), "explanation": .string(reason.words),
        ]
    }
}

extension CodecMismatch {
    /// The stable word of the JSON form.
    var word: String {
        switch self {
        case .absent: "absent"
        case .form: "form"
        case .parameter: "parameter"
        case .repeatsUnused: "repeatsUnused"
        case .superseded: "superseded"
        }
    }
}

extension NegotiatedSecurity {
    var members: [JSON.Member] {
        var members: [JSON.Member] = []
        members.append("keying", keying?.rawValue)
        members.append("dtlsClient", dtlsClient?.rawValue)
        members.append("suite", suite)
        members.append("offerFingerprints", offerFingerprints)
        members.append("answerFingerprints", answerFingerprints)
        return members
    }
}

extension NegotiatedExtension {
    /// `{"id", "uri", "direction"}`.
    var json: JSON {
        var members: [JSON.Member] = []
        members.append("id", id)
        members.append("uri", uri)
        members.append("direction", direction?.rawValue)
        return .object(members)
    }
}

extension NegotiatedSimulcast {
    /// `{"offererSends", "refused", "answererSends"}`: lists of rids.
    var json: JSON {
        var members: [JSON.Member] = []
        members.append("offererSends", offererSends)
        members.append("refused", refused)
        members.append("answererSends", answererSends)
        return .object(members)
    }
}

extension NegotiatedDataChannel {
    /// `{"offerPort", "answerPort", "offerMaxMessageSize", "answerMaxMessageSize"}`; 0 for no limit.
    var json: JSON {
        var members: [JSON.Member] = []
        members.append("offerPort", offerPort)
        members.append("answerPort", answerPort)
        members.append("offerMaxMessageSize", offerMaximum)
        members.append("answerMaxMessageSize", answerMaximum)
        return .object(members)
    }
}
