import SDP

// Payload types and the lines that speak of them.

extension Rule {
    static let payloads = [
        Rule(
            "payload-type-duplicate", .all(.error), RFCSection(8866, "6.6"),
            "a payload type stands once in its m= line, and means one codec",
            hint: "give each codec a payload type of its own", .media(repeatedPayloads)),
        Rule(
            "payload-type-unmapped", .webrtc(.error, sip: .error, rtsp: .warning),
            RFCSection(8866, "5.14"),
            "a payload type outside of the static ones has an rtpmap",
            hint: "add the a=rtpmap, or take the number out of the m= line", .media(unmapped)),
        Rule(
            "payload-type-range", .all(.error), RFCSection(3550, "5.1"),
            "the formats of RTP are numbers from 0 to 127",
            hint: "use a payload type from 96 to 127", .media(impossiblePayloads)),
        Rule(
            "payload-type-rtcp", .all(.error), RFCSection(5761, "4"),
            "with rtcp-mux no payload type is from 64 to 95",
            hint: "use 96 to 127, or 35 to 63 when those are taken: 64 to 95 look like RTCP",
            .media(payloadsLikeRTCP)),
        Rule(
            "payload-type-redefined", .all(.warning), RFCSection(3551, "6"),
            "an rtpmap of a static payload type says what RFC 3551 says",
            hint:
                "use a dynamic payload type for another codec; Chromium refuses the whole for most",
            .media(redefined)),
        Rule(
            "formats-missing", .all(.error), RFCSection(8866, "5.14"),
            "an m= line has a format",
            hint: "list at least one payload type, or webrtc-datachannel", .media(noFormats)),
        Rule(
            "rtpmap-unknown-payload", .all(.warning), RFCSection(8866, "6.6"),
            "an rtpmap is for a payload type of its m= line",
            hint: "take the line out, or put the payload type into the m= line",
            .media(strayMaps)),
        Rule(
            "fmtp-unknown-payload", .webrtc(.error, sip: .warning, rtsp: .warning),
            RFCSection(8866, "6.15"),
            "an fmtp is for a format of its m= line",
            hint:
                "take the line out, or put the format into the m= line; Chromium refuses the whole",
            .media(strayParameters)),
        Rule(
            "fmtp-repeated", .all(.warning), RFCSection(8866, "6.15"),
            "a format has one a=fmtp",
            hint: "join the parameters in one line, with semicolons; receivers take one of them",
            .media(repeatedParameters)),
        Rule(
            "fmtp-empty", .webrtc(.error, sip: .error, rtsp: .warning), RFCSection(8866, "6.15"),
            "an fmtp has parameters",
            hint: "take the line out, or write the parameters behind the format and a space",
            .session(emptyParameters)),
        Rule(
            "rtcp-fb-unknown-payload", .webrtc(.error, sip: .warning, rtsp: .warning),
            RFCSection(4585, "4.2"),
            "an rtcp-fb is for a payload type of its m= line",
            hint:
                "take the line out, or put the payload type into the m= line; Chromium refuses the whole",
            .media(strayFeedback)),
    ]
}

private func repeatedPayloads(_ media: MediaContext) -> [Observation] {
    guard media.isRTP else { return [] }
    var seen: Set<UInt8> = []
    let inLine = (media.media?.payloadTypes ?? []).filter { !seen.insert($0).inserted }
        .map { media.observed("payload type \($0) stands in the m= line again") }
    var first: [UInt32: RTPMap] = [:]
    let inMaps = media.attributes.values(RTPMap.self).compactMap { line, map -> Observation? in
        guard let known = first[map.payloadType] else {
            first[map.payloadType] = map
            return nil
        }
        return known == map
            ? nil
            : media.observed(
                "payload type \(map.payloadType) is \(shown(known.encodingName)) and \(shown(map.encodingName))",
                at: line)
    }
    return inLine + inMaps
}

private func unmapped(_ media: MediaContext) -> [Observation] {
    media.codecs.filter { $0.map == nil }
        .map { media.observed("payload type \($0.payloadType) has no rtpmap") }
}

private func impossiblePayloads(_ media: MediaContext) -> [Observation] {
    guard media.isRTP else { return [] }
    return (media.media?.formats ?? []).filter { (UInt8($0) ?? 255) > 127 }
        .map { media.observed("\(quoted($0)) is no payload type") }
}

private func payloadsLikeRTCP(_ media: MediaContext) -> [Observation] {
    guard media.multiplexesRTCP else { return [] }
    return media.codecs.filter { (64...95).contains($0.payloadType) }.map {
        media.observed("payload type \($0.payloadType) is used with rtcp-mux", at: $0.mapLine)
    }
}

private func redefined(_ media: MediaContext) -> [Observation] {
    media.codecs.compactMap { codec in
        guard let line = codec.mapLine, let map = codec.map,
            let assigned = RTPMap.assigned(codec.payloadType),
            !isSame(map, assigned)
        else { return nil }
        let channels = assigned.encodingParameters.map { "/\($0)" } ?? ""
        return media.observed(
            "payload type \(codec.payloadType) is \(codec.text), and \(assigned.encodingName)/\(assigned.clockRate)\(channels) by RFC 3551",
            at: line)
    }
}

private func isSame(_ map: RTPMap, _ assigned: RTPMap) -> Bool {
    guard assigned.isCodec(map.encodingName) else { return false }
    // libwebrtc and others write 16000 here, which has a rule of its own.
    if assigned.isCodec("G722") { return true }
    return map.clockRate == assigned.clockRate && map.channels == assigned.channels
}

private func noFormats(_ media: MediaContext) -> [Observation] {
    guard let line = media.media, line.formats.isEmpty else { return [] }
    return [media.observed("the m= line of \(media.name) has no format")]
}

/// The formats of the `m=` line, of refused media too.
private func formats(_ media: MediaContext) -> Set<String> { Set(media.media?.formats ?? []) }

private func strayMaps(_ media: MediaContext) -> [Observation] {
    let formats = formats(media)
    return media.attributes.values(RTPMap.self).compactMap { line, map in
        formats.contains(String(map.payloadType))
            ? nil
            : media.observed(
                "payload type \(map.payloadType) (\(shown(map.encodingName))) is not in the m= line",
                at: line)
    }
}

private func strayParameters(_ media: MediaContext) -> [Observation] {
    let formats = formats(media)
    return media.attributes.values(FormatParameters.self).compactMap { line, value in
        formats.contains(value.format) || value.format == "*"
            ? nil
            : media.observed("format \(quoted(value.format)) is not in the m= line", at: line)
    }
}

private func repeatedParameters(_ media: MediaContext) -> [Observation] {
    var seen: Set<String> = []
    return media.attributes.values(FormatParameters.self)
        .filter { !seen.insert($0.value.format).inserted }
        .map { media.observed("format \(quoted($0.value.format)) has a=fmtp already", at: $0.line) }
}

/// Of refused media too, since one line that cannot be read ends the whole.
private func emptyParameters(_ context: DescriptionContext) -> [Observation] {
    context.media.flatMap { media in
        media.attributes.texts("fmtp").compactMap { line, text in
            let words = text.split(separator: " ")
            guard words.count == 1 else { return nil }
            return media.observed("format \(quoted(String(words[0]))) has no parameters", at: line)
        }
    }
}

private func strayFeedback(_ media: MediaContext) -> [Observation] {
    let formats = formats(media)
    return media.attributes.values(RTCPFeedback.self).compactMap { line, value in
        formats.contains(value.format) || value.format == "*"
            ? nil
            : media.observed("payload type \(quoted(value.format)) is not in the m= line", at: line)
    }
}
