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
        if before != after { list.add(.iceRestarted, before: before[0], after: after[0]) }
        list.compare(
            old.fingerprintTexts, new.fingerprintTexts, removed: .fingerprintRemoved,
            added: .fingerprintAdded)
        compareCandidates(&list)
        compareCrypto(&list)
    }

    private func compareCandidates(_ list: inout DifferenceList) {
        let (before, after) = (old.candidatesByPlace, new.candidatesByPlace)
        list.compare(
            before.order, after.order, removed: .candidateRemoved, added: .candidateAdded)
        for place in after.order {
            guard let one = before.values[place], let other = after.values[place], one != other
            else {
                continue
            }
            list.add(.candidateChanged, place, before: one.text, after: other.text)
        }
    }

    /// Keys are compared and never told.
    private func compareCrypto(_ list: inout DifferenceList) {
        func keys(_ media: MediaContext) -> (order: [String], values: [String: CryptoAttribute]) {
            let all = media.attributes.values(CryptoAttribute.self).map {
                ("\($0.value.tag) \($0.value.suite)", $0.value)
            }
            return (all.map(\.0), Dictionary(all) { first, _ in first })
        }
        let (before, after) = (keys(old), keys(new))
        list.compare(before.order, after.order, removed: .cryptoRemoved, added: .cryptoAdded)
        for name in after.order {
            if let one = before.values[name], one != after.values[name] {
                list.add(.cryptoKeyChanged, name)
            }
        }
    }

    private func compareSources(_ list: inout DifferenceList) {
        let (before, after) = (old.sources, new.sources)
        list.compare(before.order, after.order, removed: .sourceRemoved, added: .sourceAdded)
        for ssrc in after.order {
            guard let one = before.values[ssrc], let other = after.values[ssrc] else { continue }
            for name in Set(one.keys).union(other.keys).sorted() {
                list.compare(.sourceChanged, one[name], other[name], "\(ssrc) \(name)")
            }
        }
    }

    private func compareExtensions(_ list: inout DifferenceList) {
        func byURI(_ media: MediaContext) -> (order: [String], values: [String: HeaderExtension]) {
            let all = media.attributes.values(HeaderExtension.self).map {
                ($0.value.uri + ($0.value.attributes.map { " \($0)" } ?? ""), $0.value)
            }
            return (all.map(\.0), Dictionary(all) { first, _ in first })
        }
        let (before, after) = (byURI(old), byURI(new))
        list.compare(before.order, after.order, removed: .extensionRemoved, added: .extensionAdded)
        for uri in after.order {
            guard let one = before.values[uri], let other = after.values[uri] else { continue }
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
    fileprivate var candidatesByPlace: (order: [String], values: [String: Candidate]) {
        let all = candidates.map(\.value.comparable).map { candidate in
            let tcp = candidate.tcpType.map { " \($0)" } ?? ""
            let place =
                "\(candidate.candidateType.rawValue) \(candidate.transport.lowercased())\(tcp)"
                + " \(candidate.address) port \(candidate.port) component \(candidate.component)"
            return (place, candidate)
        }
        return (all.map(\.0), Dictionary(all) { first, _ in first })
    }

    /// The attributes of each SSRC, and the SSRCs in their order.
    fileprivate var sources: (order: [String], values: [String: [String: String]]) {
        var order: [String] = []
        var values: [String: [String: String]] = [:]
        for (_, source) in attributes.values(SourceAttribute.self) {
            let ssrc = "\(source.ssrc)"
            if values[ssrc] == nil { order.append(ssrc) }
            values[ssrc, default: [:]][source.name] = source.value ?? ""
        }
        return (order, values)
    }
}
