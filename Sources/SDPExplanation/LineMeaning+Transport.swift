internal import SDP

// Attributes of what carries media: sources, groups, ICE, keys, data channels.
extension LineMeaning {
    static let sources: [String: LineMeaning] = [
        "ssrc": LineMeaning("RFC 5576 section 4.1", SourceAttribute.self) { source, _ in
            let value = source.value ?? ""
            return switch source.name {
            case "cname": "source \(source.ssrc) is of the participant \(value)"
            case "msid": "source \(source.ssrc) is of stream and track \(value)"
            default:
                "source \(source.ssrc): \(source.name)" + (source.value.map { " " + $0 } ?? "")
            }
        },
        "ssrc-group": LineMeaning("RFC 5576 section 4.2", SourceGroup.self) { group, _ in
            let sources = listed(group.ssrcs.map { String($0) })
            return switch group.semantics {
            case "FID": "sources \(sources) are a stream and its retransmissions"
            case "FEC-FR", "FEC": "sources \(sources) are a stream and its error correction"
            case "SIM": "sources \(sources) are one picture in several sizes"
            case let other: "sources \(sources) belong together as \(other)"
            }
        },
        "msid": LineMeaning("RFC 8830 section 2", StreamID.self) { id, _ in
            (id.stream == "-" ? "of no stream" : "of the stream \(id.stream)")
                + (id.track.map { ", track \($0)" } ?? "")
        },
        "msid-semantic": LineMeaning("no RFC, but drafts of RFC 8830", StreamSemantic.self) {
            semantic, _ in
            "streams are told of as \(semantic.semantic), which was so before RFC 8830: "
                + (semantic.streams == ["*"] ? "all" : listed(semantic.streams))
        },
    ]

    static let grouping: [String: LineMeaning] = [
        "mid": LineMeaning("RFC 5888 section 4") { line, _ in
            "others refer to this media as \(line.shownValue)"
        },
        "group": LineMeaning("RFC 5888 section 5", Group.self) { group, _ in
            let mids = listed(group.mids)
            return switch group.semantics {
            case "BUNDLE": "\(mids) can go over one transport (RFC 9143)"
            case "LS": "\(mids) are to be played in step"
            case let other: "\(mids) belong together as \(other)"
            }
        },
        "bundle-only": LineMeaning(
            "RFC 9143 section 6", "only who takes the bundle can take this media"),
    ]

    static let ice: [String: LineMeaning] = [
        "ice-ufrag": LineMeaning(
            "RFC 8839 section 5.4", value: "the name that connectivity checks are made with:"),
        "ice-pwd": LineMeaning(
            "RFC 8839 section 5.4", "the password that connectivity checks are made with"),
        "ice-options": LineMeaning("RFC 8839 section 5.6") { line, _ in
            let options = line.shownValue.split(separator: " ").map { option in
                switch option {
                case "trickle": "candidates may come later (RFC 8838)"
                case "renomination": "the pair may be chosen anew"
                case "ice2": "ICE as RFC 8445 has it"
                case "rtp+ecn": "ECN for RTP (RFC 6679)"
                default: String(option)
                }
            }
            return "ICE with " + listed(options)
        },
        "ice-lite": LineMeaning(
            "RFC 8839 section 5.3", "this side only answers connectivity checks"),
        "ice-mismatch": LineMeaning(
            "RFC 8839 section 5.3", "the candidates do not fit the addresses: no ICE"),
        "ice-pacing": LineMeaning("RFC 8839 section 5.5") { line, _ in
            "connectivity checks are \(line.shownValue) ms apart"
        },
        "candidate": LineMeaning("RFC 8839 section 5.1", Candidate.self, candidate),
        "remote-candidates": LineMeaning("RFC 8839 section 5.2", RemoteCandidates.self) {
            remote, _ in
            "the other side's candidates that were chosen: "
                + listed(remote.candidates.map { "\($0.address) port \($0.port)" })
        },
        "end-of-candidates": LineMeaning(
            "RFC 8840 section 8.1", "no more candidates come"),
    ]

    private static func candidate(_ candidate: Candidate, _: SectionContext) -> String {
        let kind =
            switch candidate.candidateType {
            case .host: "an address of the host itself"
            case .serverReflexive: "the address that a STUN server sees"
            case .peerReflexive: "the address that the other side saw"
            case .relayed: "an address of a TURN relay"
            case let other: "an address of the kind \(other.rawValue)"
            }
        let tcp = candidate.tcpType.map { " \($0)" } ?? ""
        let address =
            candidate.isMDNS ? "\(candidate.address), a name that hides it" : candidate.address
        let base = candidate.relatedAddress.map { ", of \($0) port \(candidate.relatedPort ?? 0)" }
        let parts = candidate.decodedPriority
        let component =
            switch candidate.component {
            case 1: "RTP or all"
            case 2: "RTCP"
            case let other: "component \(other)"
            }
        return "\(kind), \(candidate.transport.lowercased())\(tcp), \(address) port "
            + "\(candidate.port)\(base ?? ""), for \(component),"
            + " priority \(candidate.priority) (type \(parts.typePreference), local "
            + "\(parts.localPreference), component \(parts.component))"
    }

    static let security: [String: LineMeaning] = [
        "fingerprint": LineMeaning("RFC 8122 section 5", Fingerprint.self) { fingerprint, _ in
            "the certificate that DTLS shows must have this \(fingerprint.algorithm) hash"
        },
        "setup": LineMeaning("RFC 8842 section 5") { line, context in
            let (client, server) =
                context.isTCP ? ("", "") : (": it is the DTLS client", ": it is the DTLS server")
            return switch line.shownValue {
            case "actpass": "this side can open the connection or wait for it (in an offer)"
            case "active": "this side opens the connection" + client
            case "passive": "this side waits for the connection" + server
            case "holdconn": "no connection for now"
            case let other: "the role \(other), which no RFC has"
            }
        }.citing { _, context in context.isTCP ? "RFC 4145 section 4" : nil },
        "tls-id": LineMeaning(
            "RFC 8842 section 4", "names the DTLS association: another value wants a new one"),
        "crypto": LineMeaning("RFC 4568 section 4", CryptoAttribute.self) { crypto, _ in
            "a key for SRTP with \(crypto.suite), readable by all who see this description"
                + limits(of: crypto)
        },
        "key-mgmt": LineMeaning("RFC 4567 section 3.1", "a message of a key exchange"),
        "identity": LineMeaning("RFC 8827 section 5", "who vouches for the fingerprint"),
        "connection": LineMeaning("RFC 4145 section 5", value: "for the connection:"),
    ]

    /// How long keys serve, how packets name them, and what else of SRTP is set; no key.
    private static func limits(of crypto: CryptoAttribute) -> String {
        let keys = crypto.keys.flatMap { key in
            [
                key.lifetime.map { "a key serves for \($0) packets" },
                key.masterKeyIdentifier.map { text in
                    let parts = text.split(separator: ":", maxSplits: 1)
                    return "packets name it \(parts.first ?? "") "
                        + "(MKI) in \(parts.dropFirst().first ?? "?") bytes"
                },
            ].compactMap(\.self)
        }
        let session = crypto.sessionParameters.map { parameter in
            switch parameter {
            case "UNENCRYPTED_SRTP": "RTP is not encrypted"
            case "UNENCRYPTED_SRTCP": "RTCP is not encrypted"
            case "UNAUTHENTICATED_SRTP": "RTP is not authenticated"
            case _ where parameter.hasPrefix("FEC_KEY="): "forward error correction has its own key"
            default: parameter
            }
        }
        return (keys + session).map { "; \($0)" }.joined()
    }

    static let dataChannels: [String: LineMeaning] = [
        "sctp-port": LineMeaning("RFC 8841 section 5", value: "data channels use the SCTP port"),
        "max-message-size": LineMeaning("RFC 8841 section 6") { line, _ in
            line.shownValue == "0"
                ? "messages may be of any size"
                : "messages of up to \(line.shownValue) bytes are taken"
        },
        "sctpmap": LineMeaning("no RFC, but drafts of RFC 8841", SCTPMap.self) { map, _ in
            "SCTP port \(map.port) is for \(map.application)"
                + (map.streamCount.map { ", with \(counted($0, "stream"))" } ?? "")
                + ", as it was written before RFC 8841"
        },
        "dcmap": LineMeaning("RFC 8864 section 5.1", value: "a data channel:"),
        "dcsa": LineMeaning("RFC 8864 section 5.2", value: "an attribute of a data channel:"),
    ]

    static let streaming: [String: LineMeaning] = [
        "control": LineMeaning("RFC 7826 appendix D.1.1", value: "RTSP controls it at"),
        "range": LineMeaning("RFC 7826 appendix D.1.6", value: "it lasts"),
        "source-filter": LineMeaning(
            "RFC 4570 section 3", value: "packets are taken by their source:"),
        "ts-refclk": LineMeaning("RFC 7273 section 4.8", value: "time stamps follow the clock"),
        "mediaclk": LineMeaning("RFC 7273 section 5.4", value: "the media's clock:"),
    ]

    static let others: [String: LineMeaning] = [
        "path": LineMeaning("RFC 4975 section 8.2", value: "messages (MSRP) go to"),
        "accept-types": LineMeaning("RFC 4975 section 8.6", value: "messages may be of the types"),
        "floorctrl": LineMeaning("RFC 8856 section 5.1", value: "the part in floor control:"),
        "confid": LineMeaning("RFC 8856 section 5.2", value: "the conference's number:"),
        "userid": LineMeaning("RFC 8856 section 5.3", value: "the user's number:"),
        "floorid": LineMeaning("RFC 8856 section 5.4", value: "a floor and its media:"),
        "tcap": LineMeaning("RFC 5939 section 3.4.2", value: "other transports that are possible:"),
        "acap": LineMeaning("RFC 5939 section 3.4.1", value: "an attribute that is possible:"),
        "pcfg": LineMeaning("RFC 5939 section 3.5.1", value: "another configuration is possible:"),
        "acfg": LineMeaning("RFC 5939 section 3.5.2", value: "the configuration that was taken:"),
        "silenceSupp": LineMeaning("RFC 3108 section 5.6.3.2", value: "suppression of silence:"),
        "x-google-flag": LineMeaning("no RFC", value: "a switch of Google's:"),
    ]
}
