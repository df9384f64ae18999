// Differences in words for people. Nothing here decides anything.

extension Difference {
    /// One line: where, what, and how it was and is.
    public var explanation: String {
        let place = mediaIndex.map { "\(MediaName(kind: mediaKind, index: $0, mid: mid)): " }
        return (place ?? "session: ") + kind.words + (subject.map { " \($0)" } ?? "") + change
    }

    private var change: String {
        switch (before, after) {
        case (let before?, let after?): ": \(told(before)) became \(told(after))"
        case (let before?, nil): " (was \(told(before)))"
        case (nil, let after?): " (now \(told(after)))"
        case (nil, nil): ""
        }
    }

    private func told(_ text: String) -> String { text.isEmpty ? "empty" : text }
}

extension Difference.Kind {
    /// What it is called in an explanation.
    public var words: String { Self.texts[self] ?? rawValue }

    private static let texts: [Difference.Kind: String] = [
        .mediaAdded: "added", .mediaRemoved: "removed", .mediaMoved: "moved, index",
        .mediaStopped: "stopped, port", .mediaStarted: "started, port",
        .kindChanged: "another kind of media", .midChanged: "mid", .portChanged: "port",
        .protocolChanged: "protocol", .formatsChanged: "formats", .directionChanged: "direction",
        .connectionChanged: "connection", .bandwidthChanged: "bandwidth",
        .codecAdded: "codec added,", .codecRemoved: "codec removed,",
        .codecsReordered: "codecs in another order", .payloadTypeChanged: "payload type of",
        .parameterChanged: "parameter of", .feedbackAdded: "feedback added to",
        .feedbackRemoved: "feedback removed from", .iceRestarted: "ICE restarted,",
        .candidateAdded: "candidate added,", .candidateRemoved: "candidate removed,",
        .candidateChanged: "candidate changed,", .fingerprintAdded: "fingerprint added,",
        .fingerprintRemoved: "fingerprint removed,", .cryptoAdded: "crypto added,",
        .cryptoRemoved: "crypto removed,", .cryptoKeyChanged: "another key in crypto",
        .sourceAdded: "SSRC added,", .sourceRemoved: "SSRC removed,", .sourceChanged: "SSRC",
        .extensionAdded: "header extension added,",
        .extensionRemoved: "header extension removed,",
        .extensionNumberChanged: "number of header extension",
        .extensionDirectionChanged: "direction of header extension", .groupChanged: "group",
        .sessionReplaced: "another session, id", .sessionVersionChanged: "version",
        .originChanged: "origin", .lineAdded: "line added,", .lineRemoved: "line removed,",
        .lineChanged: "line", .attributeAdded: "attribute added,",
        .attributeRemoved: "attribute removed,", .attributeChanged: "attribute",
    ]
}
