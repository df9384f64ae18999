import SDP

/// Compares two media descriptions that are taken for the same.
struct MediaComparison {
    let old: MediaContext
    let new: MediaContext

    var differences: [Difference] {
        var list = DifferenceList(new)
        comparePlaces(&list)
        compareCodecs(&list)
        compareTransports(&list)
        compareSources(&list)
        compareExtensions(&list)
        list.compareLines(old.section, new.section, [.information, .key])
        list.compareBandwidths(old.section, new.section)
        list.compareAttributes(old.attributes, new.attributes, passingOver: Self.compared)
        return list.all
    }

    /// Attributes that are compared by what they mean.
    private static let compared: Set = [
        "rtpmap", "fmtp", "rtcp-fb", "candidate", "ice-ufrag", "ice-pwd", "fingerprint", "crypto",
        "ssrc", "extmap", "mid",
    ]

    private func comparePlaces(_ list: inout DifferenceList) {
        if old.index != new.index {
            list.add(.mediaMoved, before: "\(old.index)", after: "\(new.index)")
        }
        list.compare(.kindChanged, old.media?.kind, new.media?.kind)
        list.compare(.midChanged, old.mid, new.mid)
        let (before, after) = (old.media?.port.description, new.media?.port.description)
        switch (old.isOn, new.isOn) {
        case (true, false): list.add(.mediaStopped, before: before, after: after)
        case (false, true): list.add(.mediaStarted, before: before, after: after)
        default: list.compare(.portChanged, before, after)
        }
        list.compare(.protocolChanged, old.media?.transport.text, new.media?.transport.text)
        list.compare(.directionChanged, old.direction.rawValue, new.direction.rawValue)
        list.compare(
            .connectionChanged, old.connection?.comparableText, new.connection?.comparableText)
        guard !old.isRTP || !new.isRTP else { return }
        let formats = { (media: MediaContext) in media.media?.formats.joined(separator: " ") }
        list.compare(.formatsChanged, formats(old), formats(new))
    }

    private func compareTransports(_ list: inout DifferenceList) {
        let names = ["ice-ufrag", "ice-pwd"]
        let (before, after) = (names.map(old.transport), names.map(new.transport))
        if before[0] != after[0] {
            list.add(.iceRestarted, "ice-ufrag", before: before[0], after: after[0])
        } else if before != after {
            // The password is a secret.
            list.add(.iceRestarted, "ice-pwd")
        }
        list.compare(
            old.fingerprintTexts, new.fingerprintTexts, removed: .fingerprintRemoved,
            added: .fingerprintAdded)
        compareCandidates(&list)
        compareCrypto(&list)
    }

    private func compareCandidates(_ list: inout DifferenceList) {
        let (before, after) = (old.candidatesByPlace, new.candidatesByPlace)
        list.compare(
            before.names, after.names, removed: .candidateRemoved, added: .candidateAdded)
        for (place, one, other) in after.shared(with: before) where one != other {
            list.add(.candidateChanged, place, before: one.text, after: other.text)
        }
    }

    /// Keys are compared and never told.
    private func compareCrypto(_ list: inout DifferenceList) {
        func keys(_ media: MediaContext) -> NamedValues<CryptoAttribute> {
            NamedValues(
                media.attributes.values().map { ("\($0.value.tag) \($0.value.suite)", $0.value) })
        }
        let (before, after) = (keys(old), keys(new))
        list.compare(before.names, after.names, removed: .cryptoRemoved, added: .cryptoAdded)
        for (name, one, other) in after.shared(with: before) where one != other {
            list.add(.cryptoKeyChanged, name)
        }
    }

    private func compareSources(_ list: inout DifferenceList) {
        let (before, after) = (old.sources, new.sources)
        list.compare(before.names, after.names, removed: .sourceRemoved, added: .sourceAdded)
        for (ssrc, one, other) in after.shared(with: before) {
            for name in Set(one.keys).union(other.keys).sorted() {
                list.compare(.sourceChanged, one[name], other[name], "\(ssrc) \(name)")
            }
        }
    }

    private func compareExtensions(_ list: inout DifferenceList) {
        func byURI(_ media: MediaContext) -> NamedValues<HeaderExtension> {
            NamedValues(
                media.attributes.values().map { _, value in
                    (value.uri + (value.attributes.map { " \($0)" } ?? ""), value)
                })
        }
        let (before, after) = (byURI(old), byURI(new))
        list.compare(before.names, after.names, removed: .extensionRemoved, added: .extensionAdded)
        for (uri, one, other) in after.shared(with: before) {
            list.compare(.extensionNumberChanged, "\(one.id)", "\(other.id)", uri)
            list.compare(
                .extensionDirectionChanged, one.direction?.rawValue, other.direction?.rawValue, uri)
        }
    }
}

extension MediaContext {
    fileprivate var fingerprintTexts: [String] {
        transportValues(Fingerprint.self)
            .map { "\($0.algorithm.lowercased()) \($0.value.uppercased())" }
    }

    /// Candidates by what makes one the same: type, transport, address, port and component.
    fileprivate var candidatesByPlace: NamedValues<Candidate> {
        NamedValues(
            candidates.map(\.value.comparable).map { candidate in
                let tcp = candidate.tcpType.map { " \($0)" } ?? ""
                let place =
                    "\(candidate.candidateType.rawValue) \(candidate.transport.lowercased())\(tcp)"
                    + " \(candidate.address) port \(candidate.port) component \(candidate.component)"
                return (place, candidate)
            })
    }

    /// The attributes of each SSRC.
    fileprivate var sources: NamedValues<[String: String]> {
        let all = attributes.values(SourceAttribute.self).map { ("\($0.value.ssrc)", $0.value) }
        let values = Dictionary(grouping: all) { $0.0 }.mapValues { source in
            Dictionary(source.map { ($0.1.name, $0.1.value ?? "") }) { _, last in last }
        }
        return NamedValues(all.map { ($0.0, values[$0.0] ?? [:]) })
    }
}

/// Values by what they are known by; the names in their order, each once.
private struct NamedValues<Value> {
    private(set) var names: [String] = []
    private var values: [String: Value] = [:]

    /// Of several with one name the first counts.
    init(_ pairs: [(name: String, value: Value)]) {
        for (name, value) in pairs where values[name] == nil {
            names.append(name)
            values[name] = value
        }
    }

    /// What both have, in this one's order.
    func shared(with old: NamedValues) -> [(name: String, old: Value, new: Value)] {
        names.compactMap { name in
            guard let before = old.values[name], let after = values[name] else { return nil }
            return (name, before, after)
        }
    }
}
