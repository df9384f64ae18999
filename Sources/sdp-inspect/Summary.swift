internal import Platform
internal import SDP
internal import SDPRules

/// A description at a glance, for a person.
struct Summary {
    private let description: SessionDescription
    private let type: String?
    private let width: Int
    private let session: SessionFacts

    init(_ description: SessionDescription, type: String?, width: Int = Terminal.columns) {
        self.description = description
        self.type = type
        self.width = width
        session = SessionFacts(description)
    }

    /// What holds for media that does not say it itself; looked up once and cut where it is endless,
    /// as there may be much media.
    private struct SessionFacts {
        let direction: Direction?
        let hashes: [String]
        let setup: Setup?
        let iceUfrag: String?
        let iceOptions: [String]?
        let isICELite: Bool
        let hasKeyManagement: Bool

        init(_ description: SessionDescription) {
            direction = description.direction
            hashes = Array(description.hashes.prefix(8))
            setup = description.setup.map { Setup(rawValue: String($0.rawValue.prefix(40))) }
            iceUfrag = description.iceUfrag.map { String($0.prefix(256)) }
            iceOptions = description.iceOptions.map { Array($0.prefix(8)) }
            isICELite = description.isICELite
            hasKeyManagement = description.hasAttribute("key-mgmt")
        }
    }

    var lines: [String] {
        let candidates = FoundCandidate.all(in: description).candidates
        var lines = heading
        if !description.media.isEmpty { lines += [""] + sections + [""] + details }
        if !candidates.isEmpty { lines += [""] + FoundCandidate.table(candidates) }
        return lines
    }

    private var heading: [String] {
        var words: [String] = [type ?? "session description"]
        if let origin = description.origin {
            words.append("session \(origin.sessionID) version \(origin.sessionVersion)")
            words.append("from \(origin.address)")
        }
        if let name = description.sessionName, name != "-", name != " " { words.append(name) }
        var lines = [words.joined(separator: ", ")]
        lines += description.groups.map { "\($0.semantics): \($0.mids.joined(separator: " "))" }
        let faults = description.syntaxErrors.count
        if faults > 0 { lines.append("\(faults) \(faults == 1 ? "line is" : "lines are") not SDP") }
        return lines
    }

    private var sections: [String] {
        var table = Table(["index", "mid", "media", "direction", "port", "protocol", "security"])
        for (index, media) in description.media.enumerated() {
            let line = media.media
            let direction = media.direction ?? session.direction ?? .sendrecv
            table.add([
                String(index), media.mid ?? "-", line?.kind ?? "?", direction.rawValue,
                line.map { String($0.port) } ?? "?",
                line?.transport.text ?? "?", security(of: media),
            ])
        }
        return table.lines
    }

    /// DTLS and the hash of its certificate, SDES, MIKEY, ZRTP, or nothing. Keys are not shown.
    private func security(of media: MediaDescription) -> String {
        let hashes = (media.hashes + session.hashes).uniqued
        let suites = media.all(CryptoAttribute.self).map(\.suite)
        var words: [String] = []
        if !hashes.isEmpty {
            let setup = (media.setup ?? session.setup).map { " \($0.rawValue)" } ?? ""
            words.append("DTLS\(setup), \(hashes.joined(separator: " "))")
        }
        if !suites.isEmpty { words.append("SDES \(suites.joined(separator: " "))") }
        if media.hasAttribute("key-mgmt") || session.hasKeyManagement { words.append("MIKEY") }
        if media.hasAttribute("zrtp-hash") { words.append("ZRTP") }
        return words.isEmpty ? "none" : words.joined(separator: "; ")
    }

    /// What does not go into a row: codecs, data channels, ICE.
    private var details: [String] {
        var lines: [String] = []
        for (index, media) in description.media.enumerated() {
            let inside = codecs(of: media) + transport(of: media)
            guard !inside.isEmpty else { continue }
            lines.append("\(MediaName(kind: media.kind, index: index, mid: media.mid))")
            lines += inside
        }
        return lines
    }

    private func codecs(of media: MediaDescription) -> [String] {
        let names = media.codecs.map { codec -> String in
            guard let map = codec.map else { return "\(codec.payloadType) ?" }
            let channels = map.encodingParameters.map { "/\($0)" } ?? ""
            let name = "\(codec.payloadType) \(map.encodingName)/\(map.clockRate)\(channels)"
            if let id = codec.h264?.profileLevelID, let profile = id.profile {
                return "\(name) \(profile.rawValue) \(id.level)"
            }
            guard let apt = codec.rtx?.associatedPayloadType else { return name }
            return "\(name) of \(apt)"
        }
        let formats = names.isEmpty ? media.media?.formats ?? [] : names
        return wrapped(formats, indentation: "  ", width: width)
    }

    private func transport(of media: MediaDescription) -> [String] {
        var words: [String] = []
        if let port = media.sctpPort { words.append("SCTP port \(port)") }
        if let size = media.maxMessageSize { words.append("messages up to \(size) bytes") }
        if let ufrag = media.iceUfrag ?? session.iceUfrag { words.append("ICE \(ufrag)") }
        if session.isICELite || media.isICELite { words.append("ICE lite") }
        if let options = media.iceOptions ?? session.iceOptions {
            words.append(options.joined(separator: " "))
        }
        words += candidateCounts(of: media)
        if media.hasRTCPMux { words.append("rtcp-mux") }
        if media.isBundleOnly { words.append("bundle-only") }
        return wrapped(words, indentation: "  ", width: width)
    }

    private func candidateCounts(of media: MediaDescription) -> [String] {
        let types = media.all(Candidate.self).map(\.candidateType.rawValue)
        let counts = Dictionary(types.map { ($0, 1) }, uniquingKeysWith: +)
        return types.uniqued.map { type in "\(counts[type] ?? 0) \(type)" }
    }
}

extension Section {
    /// The hash functions of the fingerprints, each once.
    fileprivate var hashes: [String] {
        all(Fingerprint.self).map { $0.algorithm.lowercased() }.uniqued
    }
}

extension [String] {
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
