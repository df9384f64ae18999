public import SDP

/// One thing that is not the same in two descriptions of a session.
public struct Difference: Equatable, Sendable {
    /// What changed. The raw values are the words of the JSON form and stay as they are.
    public enum Kind: String, CaseIterable, Sendable {
        case mediaAdded, mediaRemoved, mediaMoved, mediaStopped, mediaStarted, kindChanged
        case midChanged, portChanged, protocolChanged, formatsChanged, directionChanged
        case connectionChanged, bandwidthChanged
        case codecAdded, codecRemoved, codecsReordered, payloadTypeChanged
        case parameterChanged, feedbackAdded, feedbackRemoved
        case iceRestarted, candidateAdded, candidateRemoved, candidateChanged
        case fingerprintAdded, fingerprintRemoved, cryptoAdded, cryptoRemoved, cryptoKeyChanged
        case sourceAdded, sourceRemoved, sourceChanged
        case extensionAdded, extensionRemoved, extensionNumberChanged, extensionDirectionChanged
        case groupChanged, sessionReplaced, sessionVersionChanged, originChanged
        case lineAdded, lineRemoved, lineChanged
        case attributeAdded, attributeRemoved, attributeChanged

        /// Whether it changes only how things are numbered or counted, not what they are.
        public var isFormal: Bool {
            switch self {
            case .payloadTypeChanged, .extensionNumberChanged, .sessionVersionChanged: true
            default: false
            }
        }
    }

    public let kind: Kind
    /// The place of the media in the newer description, or in the older one where it was removed;
    /// nil for the session.
    public let mediaIndex: Int?
    public let mid: String?
    /// `audio`, `video`, …; nil for the session.
    public let mediaKind: String?
    /// What it is about: a codec, an attribute's name, an address; nil where the kind says it all.
    public let subject: String?
    /// Both are nil for secrets.
    public let before: String?
    public let after: String?
}

extension SessionDescription {
    /// What is different in this description from an `older` one, the session first, then media by
    /// media; nothing where both say the same in other words or another order.
    public func differences(from older: SessionDescription) -> [Difference] {
        let comparison = Comparison(
            old: DescriptionContext(older, nil), new: DescriptionContext(self, nil))
        return comparison.session + comparison.media
    }
}

/// Collects differences of one section.
struct DifferenceList {
    let mediaIndex: Int?
    let mid: String?
    let mediaKind: String?
    private(set) var all: [Difference] = []

    init(_ media: MediaContext? = nil) {
        mediaIndex = media?.index
        mid = media?.mid.map { shown($0) }
        mediaKind = media?.kind
    }

    mutating func add(
        _ kind: Difference.Kind, _ subject: String? = nil, before: String? = nil,
        after: String? = nil
    ) {
        all.append(
            Difference(
                kind: kind, mediaIndex: mediaIndex, mid: mid, mediaKind: mediaKind,
                subject: subject, before: before, after: after))
    }

    /// Adds a difference where the two are not the same.
    mutating func compare(
        _ kind: Difference.Kind, _ before: String?, _ after: String?, _ subject: String? = nil
    ) {
        if before != after { add(kind, subject, before: before, after: after) }
    }

    /// Adds what only one of two lists has, in the lists' order; each value counts once.
    mutating func compare(
        _ before: [String], _ after: [String], removed: Difference.Kind, added: Difference.Kind
    ) {
        let (old, new) = (Set(before), Set(after))
        for value in before.uniqued where !new.contains(value) { add(removed, value) }
        for value in after.uniqued where !old.contains(value) { add(added, value) }
    }
}

extension [String] {
    /// Each once, where it was first.
    var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
