import SDP

// Codecs are the same by what they are; payload types are only their numbers.

extension MediaComparison {
    func compareCodecs(_ list: inout DifferenceList) {
        let pairs = CodecPairs(old: old.codecs, new: new.codecs)
        let feedback = FeedbackComparison(old, new, pairs)
        for codec in pairs.removed {
            list.add(.codecRemoved, codec.text, before: "\(codec.payloadType)")
        }
        for codec in pairs.added {
            list.add(.codecAdded, codec.text, after: "\(codec.payloadType)")
        }
        for (before, after) in pairs.common {
            list.compare(
                .payloadTypeChanged, "\(before.payloadType)", "\(after.payloadType)", after.text)
            let (one, other) = (pairs.before[before], pairs.after[after])
            for name in Set(one.keys).union(other.keys).sorted() {
                list.compare(.parameterChanged, one[name], other[name], "\(after.text) \(name)")
            }
            feedback.compare(before, after, &list)
        }
        feedback.compareWhatAllHave(&list)
        compareOrder(pairs, &list)
    }

    /// Told only where those that both have changed places among themselves.
    private func compareOrder(_ pairs: CodecPairs, _ list: inout DifferenceList) {
        let after = pairs.common.map(\.before.payloadType)
        let kept = Set(after)
        let before = old.codecs.map(\.payloadType).filter { kept.contains($0) }
        guard before != after else { return }
        let names = { (types: [UInt8]) in
            types.compactMap { self.old.codec(UInt32($0))?.text }.joined(separator: ", ")
        }
        list.add(.codecsReordered, before: names(before), after: names(after))
    }
}

/// Compares feedback. What `*` gives to all counts for each codec, and is told once where it is
/// no codec's own on the other side: it may be long, and so may be the list of codecs.
private struct FeedbackComparison {
    private let old: Set<String>
    private let new: Set<String>
    /// Of what `*` gave and gives no more, and of what it gives now: what codecs may have kept.
    private let removed: (forAll: Set<String>, forSome: Set<String>)
    private let added: (forAll: Set<String>, forSome: Set<String>)

    init(_ old: MediaContext, _ new: MediaContext, _ pairs: CodecPairs) {
        (self.old, self.new) = (old.feedbackForAll, new.feedbackForAll)
        removed = Self.split(
            self.old.subtracting(self.new), pairs.common.flatMap { $0.after.feedback })
        added = Self.split(
            self.new.subtracting(self.old), pairs.common.flatMap { $0.before.feedback })
    }

    private static func split(
        _ words: Set<String>, _ own: [RTCPFeedback]
    ) -> (forAll: Set<String>, forSome: Set<String>) {
        let forSome = words.intersection(own.map(\.words))
        return (words.subtracting(forSome), forSome)
    }

    func compare(_ before: MediaCodec, _ after: MediaCodec, _ list: inout DifferenceList) {
        let one = Set(before.feedback.map(\.words)).union(removed.forSome)
        let other = Set(after.feedback.map(\.words)).union(added.forSome)
        for words in one.subtracting(other).sorted()
        where !new.contains(words) && !removed.forAll.contains(words) {
            list.add(.feedbackRemoved, after.text, before: words)
        }
        for words in other.subtracting(one).sorted()
        where !old.contains(words) && !added.forAll.contains(words) {
            list.add(.feedbackAdded, after.text, after: words)
        }
    }

    func compareWhatAllHave(_ list: inout DifferenceList) {
        for words in removed.forAll.sorted() {
            list.add(.feedbackRemoved, "every codec", before: words)
        }
        for words in added.forAll.sorted() {
            list.add(.feedbackAdded, "every codec", after: words)
        }
    }
}

/// The codecs of two media descriptions, each old one with the new one that it became.
struct CodecPairs {
    /// In the new order.
    private(set) var common: [(before: MediaCodec, after: MediaCodec)] = []
    private(set) var added: [MediaCodec] = []
    private(set) var removed: [MediaCodec] = []
    let before: Meanings
    let after: Meanings

    private var partners: [UInt8: MediaCodec] = [:]
    private var taken: Set<UInt8> = []

    init(old: [MediaCodec], new: [MediaCodec]) {
        (before, after) = (Meanings(old), Meanings(new))
        // The surest first: a later step has only what the earlier left.
        for (byNumber, byMeaning) in [(true, true), (false, true), (true, false), (false, false)] {
            pair(old, new) { codec, meanings in
                Key(
                    identity: codec.identity, payloadType: byNumber ? codec.payloadType : nil,
                    meaning: byMeaning ? meanings[codec].hashValue : nil)
            }
        }
        pairRetransmissions(old, new)
        common = new.compactMap { codec in partners[codec.payloadType].map { ($0, codec) } }
        added = new.filter { partners[$0.payloadType] == nil }
        removed = old.filter { !taken.contains($0.payloadType) }
    }

    /// What has to be the same for a pair. Hashes of meanings decide who is paired first, and never
    /// what is told.
    private struct Key: Hashable {
        let identity: String
        let payloadType: UInt8?
        let meaning: Int?
    }

    private mutating func pair(
        _ old: [MediaCodec], _ new: [MediaCodec], _ key: (MediaCodec, Meanings) -> Key
    ) {
        let free = old.filter { !$0.isRetransmission && !taken.contains($0.payloadType) }
        // The last first, so that the first is taken from the end.
        var left = Dictionary(grouping: free.reversed()) { key($0, before) }
        for codec in new where !codec.isRetransmission && partners[codec.payloadType] == nil {
            if let found = left[key(codec, after)]?.popLast() { take(found, for: codec) }
        }
    }

    private mutating func take(_ found: MediaCodec, for codec: MediaCodec) {
        partners[codec.payloadType] = found
        taken.insert(found.payloadType)
    }

    /// By what they repeat; one that repeats nothing that both have is known by its number.
    private mutating func pairRetransmissions(_ old: [MediaCodec], _ new: [MediaCodec]) {
        let all = old.filter(\.isRetransmission)
        var left = Dictionary(grouping: all.reversed()) { $0.repeated }
        let byNumber = Dictionary(uniqueKeysWithValues: all.map { ($0.payloadType, $0) })
        for codec in new where codec.isRetransmission {
            let primary = codec.repeated.flatMap { UInt8(exactly: $0) }.flatMap { partners[$0] }
            let found =
                primary.map { left[UInt32($0.payloadType)]?.popLast() }
                ?? byNumber[codec.payloadType]
            if let found, !taken.contains(found.payloadType) { take(found, for: codec) }
        }
    }
}

/// The parameters of each codec of a media description by name, with codecs in the place of payload
/// types; found once.
struct Meanings {
    private var all: [UInt8: [String: String]] = [:]

    init(_ codecs: [MediaCodec]) {
        let texts = Dictionary(
            uniqueKeysWithValues: codecs.map { (UInt32($0.payloadType), $0.comparableText) })
        for codec in codecs { all[codec.payloadType] = codec.meaning(in: texts) }
    }

    subscript(_ codec: MediaCodec) -> [String: String] { all[codec.payloadType] ?? [:] }
}

extension MediaCodec {
    /// Names of codecs are the same in any case, and one channel is what no number means.
    fileprivate var comparableText: String {
        let text = self.text.lowercased()
        return map?.channels == 1 && text.hasSuffix("/1") ? String(text.dropLast(2)) : text
    }

    fileprivate func meaning(in texts: [UInt32: String]) -> [String: String] {
        func named(_ type: UInt32) -> String { texts[type] ?? "payload type \(type)" }
        if let red, !red.payloadTypes.isEmpty {
            return ["blocks": red.payloadTypes.map(named).joined(separator: "/")]
        }
        let pairs = parameters.all.map { one in
            let (name, value) = (one.name.lowercased(), one.value ?? "")
            switch name {
            case "apt": return (name, UInt32(value).map(named) ?? value)
            // Hexadecimal (RFC 6184 section 8.1).
            case "profile-level-id": return (name, value.lowercased())
            default: return (name, value)
            }
        }
        return joined(pairs, separator: ";")
    }
}
