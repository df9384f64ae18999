import SDP

// BUNDLE (RFC 9143): one transport for several media descriptions.

extension Rule {
    static let bundle = [
        Rule(
            "bundle-missing", .webrtc(.warning), RFCSection(9429, "5.2.1"),
            "media descriptions are bundled",
            hint: "add \"a=group:BUNDLE\" with every mid; else each needs its own ICE and DTLS",
            .session(unbundled)),
        Rule(
            "bundle-without-mid", .all(.error), RFCSection(5888, "6"),
            "in a session with a BUNDLE group every media has a mid",
            hint: "add a=mid; while one is missing, nothing may be grouped",
            .session(bundledWithoutMid)),
        Rule(
            "bundle-mid-unknown", .all(.error), RFCSection(5888, "6"),
            "a BUNDLE group names mids that are there",
            hint: "take the mid out, or add a=mid to its media: receivers ignore the whole group",
            .session(unknownMembers)),
        Rule(
            "bundle-mid-repeated", .all(.error), RFCSection(9143, "5"),
            "a mid is in one BUNDLE group, once",
            hint: "name each mid once", .session(repeatedMembers)),
        Rule(
            "bundle-only-without-group", .all(.error), RFCSection(9143, "6"),
            "media with a=bundle-only is in a BUNDLE group",
            hint: "add its mid to a=group:BUNDLE; alone it has no transport and is refused",
            .session(bundleOnlyAlone)),
        Rule(
            "bundle-only-port", .all(.warning), RFCSection(9143, "6"),
            "media with a=bundle-only has port 0",
            hint: "write port 0, so that those without BUNDLE refuse it", .media(bundleOnlyPort)),
        Rule(
            "bundle-only-answer", .all(.error), RFCSection(9429, "5.3.1"),
            "an answer has no a=bundle-only",
            hint: "answer with the port of the bundle, or with port 0 to refuse",
            .session(bundleOnlyInAnswer)),
        Rule(
            "bundle-port-zero", .all(.error), RFCSection(9143, "7.3.3"),
            "refused media is in no BUNDLE group",
            hint: "take its mid out of a=group:BUNDLE, or give it a port", .session(refusedMembers)),
        Rule(
            "bundle-payload-conflict", .all(.error), RFCSection(9143, "9.1.1"),
            "a payload type means one codec in the whole bundle",
            hint: "use another payload type; packets of both share one transport",
            .session(payloadConflicts)),
        Rule(
            "bundle-extmap-conflict", .all(.error), RFCSection(9143, "12"),
            "the number of a header extension means one thing in the whole bundle",
            hint: "number the extensions alike in all bundled media", .session(extensionConflicts)),
        Rule(
            "bundle-rtcp-mux-missing", .all(.error), RFCSection(9143, "9.3"),
            "bundled RTP media has rtcp-mux",
            hint: "add a=rtcp-mux", .session(bundledWithoutMux)),
        Rule(
            "bundle-rtcp-mux-inherited", .webrtc(.warning, sip: .warning),
            RFCSection(9143, "9.3.1.1"),
            "bundled RTP media has a rtcp-mux of its own",
            hint: "add a=rtcp-mux to each; Chromium refuses the whole where one has none",
            .session(inheritedMux)),
        Rule(
            "bundle-transport-differs", .all(.warning), RFCSection(9143, "7.1.3"),
            "bundled media of an answer shares ICE credentials and fingerprint",
            hint: "write the transport attributes of the first member, or none, in the others",
            .session(differentTransports)),
        Rule(
            "group-mid-unknown", .all(.warning), RFCSection(5888, "6"),
            "a group names mids that are there",
            hint: "take the mid out, or add a=mid to its media: receivers ignore the whole group",
            .session(unknownInOtherGroups)),
    ]
}

private func unbundled(_ context: DescriptionContext) -> [Observation] {
    guard context.active.count > 1, context.bundles.isEmpty else { return [] }
    return [Observation("there are \(context.active.count) media descriptions and no BUNDLE group")]
}

private func bundledWithoutMid(_ context: DescriptionContext) -> [Observation] {
    guard !context.bundles.isEmpty else { return [] }
    return context.active.filter { $0.mid == nil }
        .map { $0.observed("\($0.name) has no mid, so it is in no BUNDLE group") }
}

private func unknownMembers(_ context: DescriptionContext) -> [Observation] {
    context.bundles.flatMap { bundle in
        bundle.unknown.map { Observation("no media has mid \(quoted($0))", at: bundle.line) }
    }
}

private func repeatedMembers(_ context: DescriptionContext) -> [Observation] {
    var seen: Set<String> = []
    return context.bundles.flatMap { bundle in
        bundle.mids.filter { !seen.insert($0).inserted }
            .map { Observation("mid \(quoted($0)) is in a BUNDLE group already", at: bundle.line) }
    }
}

private func bundleOnlyAlone(_ context: DescriptionContext) -> [Observation] {
    context.media.filter { $0.isBundleOnly && $0.bundle == nil }.map {
        $0.observed(
            "\($0.name) is bundle-only and in no BUNDLE group",
            at: $0.attributes.lines("bundle-only").first)
    }
}

private func bundleOnlyPort(_ media: MediaContext) -> [Observation] {
    guard media.isBundleOnly, let port = media.media?.port, port != 0 else { return [] }
    return [media.observed("\(media.name) is bundle-only and has port \(port)")]
}

private func bundleOnlyInAnswer(_ context: DescriptionContext) -> [Observation] {
    guard context.kind == .answer else { return [] }
    return context.media.compactMap { media in
        media.attributes.lines("bundle-only").first.map {
            media.observed("\(media.name) has bundle-only in an answer", at: $0)
        }
    }
}

private func refusedMembers(_ context: DescriptionContext) -> [Observation] {
    context.bundles.flatMap { bundle in
        bundle.members.map { context.media[$0] }.filter { !$0.isOn }
            .map { $0.observed("\($0.name) has port 0 and is in the BUNDLE group") }
    }
}

private func payloadConflicts(_ context: DescriptionContext) -> [Observation] {
    context.activeBundles.flatMap { members -> [Observation] in
        var first: [UInt8: (codec: MediaCodec, name: String)] = [:]
        return members.flatMap { media in
            media.codecs.compactMap { codec -> Observation? in
                guard codec.map != nil else { return nil }
                guard let known = first[codec.payloadType] else {
                    first[codec.payloadType] = (codec, media.name)
                    return nil
                }
                if known.codec.identity == codec.identity { return nil }
                return media.observed(
                    "payload type \(codec.payloadType) is \(codec.text) here and \(known.codec.text) in \(known.name)",
                    at: codec.mapLine)
            }
        }
    }
}

private func extensionConflicts(_ context: DescriptionContext) -> [Observation] {
    context.activeBundles.flatMap { members -> [Observation] in
        var first: [UInt32: (uri: String, owner: Int)] = [:]
        return members.flatMap { media in
            media.attributes.values(HeaderExtension.self).compactMap {
                line, value -> Observation? in
                let known = first[value.id] ?? (value.uri, media.index)
                first[value.id] = known
                if known.owner == media.index || known.uri == value.uri { return nil }
                return media.observed(
                    "number \(value.id) is \(quoted(value.uri)) here and \(quoted(known.uri)) in \(context.media[known.owner].name)",
                    at: line)
            }
        }
    }
}

private func bundledWithoutMux(_ context: DescriptionContext) -> [Observation] {
    context.activeBundles.joined().filter { $0.isRTP && $0.lacksMux }
        .map { $0.observed("\($0.name) is bundled and has no rtcp-mux") }
}

/// Answers and offers to come may leave to the tagged section what all share (RFC 9143 section 7.1.3).
private func inheritedMux(_ context: DescriptionContext) -> [Observation] {
    context.activeBundles.joined()
        .filter { $0.isRTP && !$0.attributes.has("rtcp-mux") && !$0.lacksMux }
        .map { $0.observed("\($0.name) has no rtcp-mux but that of its bundle") }
}

extension MediaContext {
    /// A section that writes its transport down writes this with it; others have their bundle's.
    fileprivate var lacksMux: Bool {
        if attributes.has("rtcp-mux") { return false }
        return !multiplexesRTCP || attributes.has("ice-ufrag")
    }
}

private func differentTransports(_ context: DescriptionContext) -> [Observation] {
    guard context.kind == .answer else { return [] }
    return context.activeBundles.flatMap { members -> [Observation] in
        guard let tag = members.first else { return [] }
        return members.dropFirst().flatMap { media in
            ["ice-ufrag", "ice-pwd", "fingerprint", "setup"].compactMap { name -> Observation? in
                guard let line = media.attributes.lines(name).first,
                    let common = tag.transport(name), line.attributeText != common
                else { return nil }
                return media.observed(
                    "a=\(name) of \(media.name) is another than that of \(tag.name)", at: line)
            }
        }
    }
}

private func unknownInOtherGroups(_ context: DescriptionContext) -> [Observation] {
    context.attributes.values(Group.self).filter { $0.value.semantics != "BUNDLE" }
        .flatMap { line, group in
            group.mids.filter { context.mediaByMid[$0] == nil }.map {
                Observation("no media has mid \(quoted($0)) of \(shown(group.semantics))", at: line)
            }
        }
}
