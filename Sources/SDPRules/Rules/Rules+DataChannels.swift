import SDP

// SCTP over DTLS (RFC 8841).

extension Rule {
    static let dataChannels = [
        Rule(
            "sctp-port-missing", .all(.error), RFCSection(8841, "5.1"),
            "a data channel says its SCTP port",
            hint: "add a=sctp-port:5000", .media(withoutPort)),
        Rule(
            "sctp-port-zero", .all(.warning), RFCSection(8841, "9.3"),
            "the SCTP port is not 0",
            hint: "use 5000 to open one: 0 closes the association", .media(portZero)),
        Rule(
            "sctp-old-syntax", .all(.info), RFCSection(8841, "4.2"),
            "a data channel is written UDP/DTLS/SCTP webrtc-datachannel",
            hint: "write a=sctp-port in place of a=sctpmap; browsers read both", .media(oldSyntax)),
        Rule(
            "sctp-format", .all(.error), RFCSection(8841, "4.4.2"),
            "the format of a data channel is webrtc-datachannel",
            hint: "write \"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\"", .media(formats)),
        Rule(
            "max-message-size-small", .all(.info), RFCSection(8841, "6.1"),
            "messages of 64 kB may be sent",
            hint: "raise a=max-message-size; without the line it is 64 kB", .media(smallMessages)),
        Rule(
            "max-message-size-large", .webrtc(.warning, sip: .warning), RFCSection(8841, "6.1"),
            "a largest message is at most \(Int32.max) bytes",
            hint: "write 0 for any size, or a size that is meant; Chromium refuses the whole",
            .media(largeMessages)),
        Rule(
            "data-channel-kind", .all(.error), RFCSection(8841, "4.4.2"),
            "SCTP is in an application section",
            hint: "write m=application", .media(kinds)),
    ]
}

private func isCurrent(_ media: MediaContext) -> Bool {
    media.isSCTP && media.media?.transport != .dtlsSCTP
}

private func withoutPort(_ media: MediaContext) -> [Observation] {
    guard media.isSCTP, !media.attributes.has("sctp-port"), !media.attributes.has("sctpmap") else {
        return []
    }
    return [media.observed("\(media.name) has no sctp-port")]
}

private func portZero(_ media: MediaContext) -> [Observation] {
    guard media.isSCTP, media.section.sctpPort == 0 else { return [] }
    return [media.observed("the sctp-port is 0", at: media.attributes.lines("sctp-port").first)]
}

private func oldSyntax(_ media: MediaContext) -> [Observation] {
    guard media.isSCTP, !isCurrent(media) || media.attributes.has("sctpmap") else { return [] }
    return [media.observed("\(media.name) is written as \(media.protocolText)")]
}

private func formats(_ media: MediaContext) -> [Observation] {
    guard isCurrent(media), !media.attributes.has("sctpmap"), let line = media.media,
        !line.formats.isEmpty, line.formats != ["webrtc-datachannel"]
    else { return [] }
    return [media.observed("the format is \(quoted(line.formats.joined(separator: " ")))")]
}

private func smallMessages(_ media: MediaContext) -> [Observation] {
    guard media.isSCTP, let size = media.section.maxMessageSize, size > 0,
        size < MediaContext.assumedMaxMessageSize
    else { return [] }
    return [
        media.observed(
            "max-message-size is \(size) bytes",
            at: media.attributes.lines("max-message-size").first)
    ]
}

/// RFC 8841 has no largest number of its own, so that one past all integers is one, too.
private func largeMessages(_ media: MediaContext) -> [Observation] {
    guard media.isSCTP, let (line, text) = media.attributes.texts("max-message-size").first,
        !text.isEmpty, text.utf8.allSatisfy(\.isDigit), Int32(text) == nil
    else { return [] }
    return [media.observed("max-message-size is \(shown(text)) bytes", at: line)]
}

private func kinds(_ media: MediaContext) -> [Observation] {
    guard media.isSCTP, media.kind != "application" else { return [] }
    return [media.observed("SCTP is in \(media.name)")]
}
