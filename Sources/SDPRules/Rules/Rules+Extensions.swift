import SDP

// RTP header extensions (RFC 8285).

extension Rule {
    static let extensions = [
        Rule(
            "extmap-id", .all(.error), RFCSection(8285, "5"),
            "the number of a header extension is 1 to 14, or up to 256 in two-byte headers",
            hint:
                "number the extensions from 1 on; 15 needs two-byte headers, 4096 to 4351 an answer",
            .media(impossibleNumbers)),
        Rule(
            "extmap-id-duplicate", .all(.error), RFCSection(8285, "5"),
            "a number means one header extension",
            hint: "give each extension a number of its own", .media(repeatedNumbers)),
        Rule(
            "extmap-uri-duplicate", .all(.warning), RFCSection(8285, "5"),
            "a header extension has one number",
            hint: "keep one line for each extension", .media(repeatedURIs)),
        Rule(
            "extmap-two-byte", .webrtc(.warning), RFCSection(8285, "6"),
            "numbers above 14 come with a=extmap-allow-mixed",
            hint: "add a=extmap-allow-mixed to the session, or use the numbers 1 to 14",
            .media(twoByteNumbers)),
        Rule(
            "extmap-id-large", .webrtc(.warning), RFCSection(8285, "4.3"),
            "the number of a header extension fits into a byte",
            hint: "use 1 to 14; 256 and 4096 to 4351 are legal, and Chromium refuses the whole",
            .media(largeNumbers)),
        Rule(
            "extmap-level-mixed", .all(.error), RFCSection(8285, "5"),
            "extmap lines stand all before the first m=, or all in media",
            hint: "move those of the session into each media; browsers refuse the whole",
            .session(mixedLevels)),
        Rule(
            "mid-extension-missing", .webrtc(.warning), RFCSection(9143, "9.1"),
            "RTP media that is bundled has the header extension of its mid",
            hint: "add \"a=extmap:<number> \(midExtension)\"", .session(withoutMidExtension)),
    ]
}

private let midExtension = "urn:ietf:params:rtp-hdrext:sdes:mid"

private func impossibleNumbers(_ media: MediaContext) -> [Observation] {
    media.attributes.values(HeaderExtension.self).compactMap { line, value in
        switch value.id {
        case 1...14, 16...256: return nil
        // Reserved in one-byte headers only.
        case 15 where media.mixesExtensions: return nil
        case 4096...4351 where media.session.kind != .answer: return nil
        default: return media.observed("number \(value.id) is for \(quoted(value.uri))", at: line)
        }
    }
}

private func repeatedNumbers(_ media: MediaContext) -> [Observation] {
    var seen: [UInt32: String] = [:]
    return media.attributes.values(HeaderExtension.self).compactMap { line, value in
        // From 4096 on, one number stands for alternatives.
        guard value.id < 4096, let first = seen[value.id] else {
            seen[value.id] = value.uri
            return nil
        }
        return first == value.uri
            ? nil
            : media.observed(
                "number \(value.id) is for \(quoted(first)) and \(quoted(value.uri))", at: line)
    }
}

private func repeatedURIs(_ media: MediaContext) -> [Observation] {
    // An encrypted extension (RFC 6904) names the real one behind its own URI.
    var seen: [String: UInt32] = [:]
    return media.attributes.values(HeaderExtension.self).compactMap { line, value in
        let key = value.uri + " " + (value.attributes ?? "") + (value.direction?.rawValue ?? "")
        guard let first = seen.updateValue(value.id, forKey: key) else { return nil }
        return media.observed("\(quoted(value.uri)) is \(first) and \(value.id)", at: line)
    }
}

extension MediaContext {
    /// Whether headers of one and of two bytes may be mixed (RFC 8285 section 6).
    fileprivate var mixesExtensions: Bool {
        attributes.has("extmap-allow-mixed") || session.attributes.has("extmap-allow-mixed")
    }
}

private func twoByteNumbers(_ media: MediaContext) -> [Observation] {
    guard !media.mixesExtensions else { return [] }
    return media.attributes.values(HeaderExtension.self).compactMap { line, value in
        (16...256).contains(value.id)
            ? media.observed("number \(value.id) needs two-byte headers", at: line) : nil
    }
}

/// What `extmap-id` lets pass: the appbits (RFC 8285 section 4.3), and alternatives in an offer
/// (section 7).
private func largeNumbers(_ media: MediaContext) -> [Observation] {
    media.attributes.values(HeaderExtension.self).compactMap { line, value in
        switch value.id {
        case 256,
            4096...4351 where media.session.kind != .answer:
            media.observed("number \(value.id) is for \(quoted(value.uri))", at: line)
        default: nil
        }
    }
}

private func mixedLevels(_ context: DescriptionContext) -> [Observation] {
    guard let line = context.attributes.lines("extmap").first,
        let media = context.media.first(where: { $0.attributes.has("extmap") })
    else { return [] }
    return [Observation("a=extmap is before the first m=, and in \(media.name)", at: line)]
}

private func withoutMidExtension(_ context: DescriptionContext) -> [Observation] {
    // An answer can have only what was offered.
    if context.kind == .answer { return [] }
    return context.activeBundles.flatMap { members -> [Observation] in
        let rtp = members.filter(\.isRTP)
        guard rtp.count > 1 else { return [] }
        return rtp.filter { !$0.hasExtension(midExtension) }
            .map { $0.observed("\($0.name) is bundled and has no header extension for its mid") }
    }
}
