// What was negotiated, in words for people. Nothing here decides anything.

extension Negotiation {
    /// A line for each thing that was agreed on or refused, the session first; lines on a media
    /// begin with its name.
    public var explanation: [String] {
        [verdict] + transportLines + media.flatMap(\.explanation)
    }

    private var verdict: String {
        let (errors, warnings) = (findings.count(of: .error), findings.count(of: .warning))
        guard isLegal else {
            return "the answer is not legal: \(counted(errors, "error"))"
        }
        return warnings == 0
            ? "the answer is legal" : "the answer is legal, with \(counted(warnings, "warning"))"
    }

    private var transportLines: [String] {
        let ice =
            if let ice { ice.explanation } else { ["ICE: not in use"] }
        let groups = bundles.map { mids in
            "bundle: \(mids.joined(separator: " ")) "
                + (mids.count == 1 ? "alone" : "share one transport")
        }
        return ice + (groups.isEmpty && media.count > 1 ? ["bundle: none"] : groups)
    }
}

extension NegotiatedICE {
    var explanation: [String] {
        func text(_ side: Side, _ isLite: Bool, _ trickles: Bool) -> String {
            "\(side.rawValue) \(isLite ? "lite" : "full")\(trickles ? ", trickling" : "")"
        }
        let sides = [
            text(.offerer, isOffererLite, doesOffererTrickle),
            text(.answerer, isAnswererLite, doesAnswererTrickle),
        ]
        return ["ICE: \(sides.joined(separator: "; ")); the \(controlling.rawValue) is controlling"]
    }
}

extension NegotiatedMedia {
    /// What it is called, as `m=video (index 1, mid 1)`.
    public var name: String { MediaName(kind: kind, index: index, mid: mid).description }

    /// Which way media flows, in words.
    public var directionInWords: String {
        switch (offererSends, answererSends) {
        case (true, true): "both sides send and receive"
        case (true, false): "only the offerer sends"
        case (false, true): "only the answerer sends"
        case (false, false): hasCommonCodec ? "nobody sends" : "nobody sends: no codec in common"
        }
    }

    /// A line for each thing that was agreed on or refused, each beginning with the media's name.
    public var explanation: [String] {
        let lines = isAccepted ? accepted : []
        return ([outcome.words] + lines).map { "\(name): \($0)" }
    }

    private var accepted: [String] {
        let isRTP = multiplexesRTCP != nil
        let holds = sidesOnHold.map { "the \($0.rawValue) is on hold: its address is unspecified" }
        let media = isRTP ? [directionInWords] + holds + codecs.map(\.words) : []
        let connection = tcp.map { $0.explanation(security) } ?? security.explanation
        return media + refusedCodecs.map(\.words) + connection + transport
            + (dataChannel.map { [$0.words] } ?? []) + (simulcast.map(\.explanation) ?? [])
    }

    private var transport: [String] {
        var lines: [String] = []
        if let multiplexesRTCP {
            lines.append(
                "RTCP \(multiplexesRTCP ? "shares the port of RTP" : "has a port of its own")")
        }
        if let bundledWith, bundledWith != mid {
            lines.append("shares the transport of \(bundledWith)")
        }
        if !extensions.isEmpty || !refusedExtensions.isEmpty {
            let taken = counted(extensions.count, "header extension")
            lines.append("\(taken) taken, \(refusedExtensions.count) refused")
        }
        return lines
    }
}

extension NegotiatedMedia.Outcome {
    var words: String {
        switch self {
        case .accepted: "accepted"
        case .refused(let reason): "refused by the answer: \(reason.words)"
        case .notOffered: "offered with port 0"
        case .missing: "the answer has no line for it"
        case .unoffered: "the offer has no line for it"
        }
    }
}

extension NegotiatedMedia.RefusalReason {
    var words: String {
        switch self {
        case .noCommonCodec: "the two have no codec in common"
        case .notBundled: "it was offered bundle-only, and the answer does not bundle"
        case .differentProtocol: "the protocols differ"
        case .differentKeying: "the two have no keying in common"
        case .unknown: "the descriptions do not say why"
        }
    }
}

extension NegotiatedCodec {
    var words: String {
        let types =
            offerPayloadType == answerPayloadType
            ? "payload type \(answerPayloadType)"
            : "payload type \(offerPayloadType) to the offerer, \(answerPayloadType) to the answerer"
        let rtx = retransmission.map { ", retransmitted as \($0)" } ?? ""
        return "\(name), \(types)\(rtx)\(profile.map { ", \($0)" } ?? "")"
    }
}

extension RefusedCodec {
    var words: String { "\(name) (\(payloadType)) refused: \(reason.words)" }
}

extension CodecMismatch {
    /// The reason for people.
    var words: String {
        switch self {
        case .absent: "the other side does not have it"
        case .form(let offer, let answer): "\(offer) was offered, the answer has \(answer)"
        case .parameter(let name, let offer, let answer):
            "\(name) is \(offer) in the offer and \(answer) in the answer"
        case .repeatsUnused(let apt):
            "it repeats \(apt.map { "payload type \($0)" } ?? "nothing"), which is not used"
        case .superseded: "the answer took another of the same kind"
        }
    }
}

extension NegotiatedSecurity {
    var explanation: [String] {
        switch keying {
        case .dtls:
            if let dtlsClient {
                ["DTLS: the \(dtlsClient.rawValue) is the client"]
            } else {
                ["DTLS: \(isRoleSaid ? "the roles conflict" : "the answer does not say its role")"]
            }
        case .sdes: ["SDES: \(suite ?? "no suite")"]
        case .mikey: ["MIKEY: the keys come in a=key-mgmt"]
        case .zrtp: ["ZRTP: the two agree on keys in the media stream"]
        case .unprotected: ["not encrypted"]
        case nil: ["the two have no keying in common"]
        }
    }
}

extension NegotiatedTCP {
    func explanation(_ security: NegotiatedSecurity) -> [String] {
        [
            opener.map { "TCP: the \($0.rawValue) opens the connection" }
                ?? "TCP: nobody opens the connection, by what setup says"
        ] + (isTLS ? ["encrypted by TLS"] : security.explanation)
    }
}

extension NegotiatedDataChannel {
    var words: String {
        func text(_ side: Side, _ port: UInt16?, _ maximum: UInt64) -> String {
            let size = maximum == 0 ? "any size" : "\(maximum) bytes"
            return "\(side.rawValue) port \(port.map { "\($0)" } ?? "unknown"), messages of \(size)"
        }
        return "SCTP: \(text(.offerer, offerPort, offerMaximum)); "
            + text(.answerer, answerPort, answerMaximum)
    }
}

extension NegotiatedSimulcast {
    var explanation: [String] {
        var lines: [String] = []
        if !offererSends.isEmpty {
            lines.append("the offerer sends \(offererSends.joined(separator: ", "))")
        }
        if !refused.isEmpty { lines.append("refused \(refused.joined(separator: ", "))") }
        if !answererSends.isEmpty {
            lines.append("the answerer sends \(answererSends.joined(separator: ", "))")
        }
        return lines.map { "simulcast: \($0)" }
    }
}
