public import JSON

// Differences in words and as JSON. Nothing here decides anything.

extension Difference {
    /// `{"type": "difference", "kind", "mediaIndex", "mid", "subject", "before", "after",
    /// "explanation"}`; what a difference does not have is left out. `kind` is a case of
    /// `Difference.Kind`; `explanation` is for people and may change.
    public var json: JSON {
        var members: [JSON.Member] = [.init("type", "difference")]
        members.append("kind", kind.rawValue)
        members.append("mediaIndex", mediaIndex)
        members.append("mid", mid)
        members.append("subject", subject)
        members.append("before", before)
        members.append("after", after)
        members.append("explanation", explanation)
        return .object(members)
    }

    /// One line: where, what, and how it was and is.
    public var explanation: String {
        let place = mediaIndex.map { "\(MediaName(kind: mediaKind, index: $0, mid: mid)): " }
        return (place ?? "session: ") + kind.words + (subject.map { " \($0)" } ?? "") + change
    }

    /// What the kind is called in an explanation.
    public static func words(of kind: Kind) -> String { kind.words }

    private var change: String {
        switch (before, after) {
        case (let before?, let after?): ": \(shown(before)) became \(shown(after))"
        case (let before?, nil): " (was \(shown(before)))"
        case (nil, let after?): " (now \(shown(after)))"
        case (nil, nil): ""
        }
    }

    private func shown(_ text: String) -> String { text.isEmpty ? "empty" : text }
}

extension Difference.Kind {
    var words: String { Self.texts[self] ?? rawValue }

    private static let texts: [Difference.Kind: String] = [
        .mediaAdded: "added", .mediaRemoved: "removed", .mediaMoved: "moved, index",
        .mediaStopped: "stopped, port", .mediaStarted: "started, port",
        .kindChanged: "another kind of media", .midChanged: "mid", .portChanged: "port",
        .protocolChanged: "protocol", .formatsChanged: "formats", .directionChanged: "direction",
        .connectionChanged: "connection", .bandwidthChanged: "bandwidth",
        .codecAdded: "codec added,", .codecRemoved: "codec removed,",
        .codecsReordered: "codecs in another order", .payloadTypeChanged: "payload type of",
        .parameterChanged: "parameter of", .feedbackAdded: "feedback added to",
        .feedbackRemoved: "feedback removed from", .iceRestarted: "ICE restarted, ice-ufrag",
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
