import SDP

// Codecs are the same by what they are; payload types are only their numbers.

extension MediaComparison {
    func compareCodecs(_ list: inout DifferenceList) {
        let pairs = CodecPairs(old: old.codecs, new: new.codecs)
        for codec in pairs.removed {
            list.add(.codecRemoved, codec.text, before: "\(codec.payloadType)")
        }
        for codec in pairs.added {
            list.add(.codecAdded, codec.text, after: "\(codec.payloadType)")
        }
        for (before, after) in pairs.common {
            list.compare(
                .payloadTypeChanged, "\(before.payloadType)", "\(after.payloadType)", after.text)
            compareParameters(before, after, &list)
            compareFeedback(before, after, &list)
        }
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

    private func compareParameters(
        _ before: MediaCodec, _ after: MediaCodec, _ list: inout DifferenceList
    ) {
        let (one, other) = (before.meaning(among: old.codecs), after.meaning(among: new.codecs))
        for name in Set(one.keys).union(other.keys).sorted() {
            list.compare(.parameterChanged, one[name], other[name], "\(after.text) \(name)")
        }
    }

    private func compareFeedback(
        _ before: MediaCodec, _ after: MediaCodec, _ list: inout DifferenceList
    ) {
        let (one, other) = (old.feedback(of: before), new.feedback(of: after))
        for words in one.subtracting(other).sorted() {
            list.add(.feedbackRemoved, after.text, before: words)
        }
        for words in other.subtracting(one).sorted() {
            list.add(.feedbackAdded, after.text, after: words)
        }
    }
}

extension MediaContext {
    /// With what `*` gives to all.
    fileprivate func feedback(of codec: MediaCodec) -> Set<String> {
        Set(codec.feedback.map(\.words)).union(feedbackForAll)
    }
}

extension MediaCodec {
    /// The parameters by name, with codecs in the place of payload types.
    fileprivate func meaning(among codecs: [MediaCodec]) -> [String: String] {
        func named(_ type: UInt32) -> String {
            codecs.first { UInt32($0.payloadType) == type }?.text ?? "payload type \(type)"
        }
        if let red, !red.payloadTypes.isEmpty {
            return ["blocks": red.payloadTypes.map(named).joined(separator: "/")]
        }
        let pairs = parameters.all.map { one in
            let apt = one.name == "apt" ? one.value.flatMap { UInt32($0) } : nil
            return (one.name.lowercased(), apt.map(named) ?? one.value ?? "")
        }
        return Dictionary(pairs) { "\($0);\($1)" }
    }
}

/// The codecs of two media descriptions, each old one with the new one that it became.
struct CodecPairs {
    /// In the new order.
    private(set) var common: [(before: MediaCodec, after: MediaCodec)] = []
    private(set) var added: [MediaCodec] = []
    private(set) var removed: [MediaCodec] = []

    init(old: [MediaCodec], new: [MediaCodec]) {
        var partners: [UInt8: MediaCodec] = [:]
        var taken: Set<UInt8> = []
        let before = Meanings(old)
        let after = Meanings(new)
        // The surest first: a later rule has only what the earlier left.
        let rules: [(MediaCodec, MediaCodec) -> Bool] = [
            { $0.payloadType == $1.payloadType && before[$0] == after[$1] },
            { before[$0] == after[$1] },
            { $0.payloadType == $1.payloadType },
            { _, _ in true },
        ]
        for rule in rules {
            for codec in new where codec.rtx == nil && partners[codec.payloadType] == nil {
                let found = old.first {
                    !taken.contains($0.payloadType) && $0.identity == codec.identity
                        && rule($0, codec)
                }
                guard let found else { continue }
                partners[codec.payloadType] = found
                taken.insert(found.payloadType)
            }
        }
        for codec in new where codec.rtx != nil {
            let primary = codec.rtx?.associatedPayloadType.flatMap { UInt8(exactly: $0) }
                .flatMap { partners[$0]?.payloadType }
            let repeating = old.first { other in
                guard let primary, !taken.contains(other.payloadType) else { return false }
                return other.rtx?.associatedPayloadType == UInt32(primary)
            }
            // One that repeats nothing is known by its number.
            let found =
                repeating
                ?? old.first {
                    primary == nil && $0.rtx != nil && $0.payloadType == codec.payloadType
                        && !taken.contains($0.payloadType)
                }
            guard let found else { continue }
            partners[codec.payloadType] = found
            taken.insert(found.payloadType)
        }
        common = new.compactMap { codec in partners[codec.payloadType].map { ($0, codec) } }
        added = new.filter { partners[$0.payloadType] == nil }
        removed = old.filter { !taken.contains($0.payloadType) }
    }
}

/// The sorted parameters of each codec of a media description, found once.
private struct Meanings {
    private var hashes: [UInt8: Int] = [:]

    /// Hashes decide who is compared with whom first, and never what is told.
    init(_ codecs: [MediaCodec]) {
        for codec in codecs { hashes[codec.payloadType] = codec.meaning(among: codecs).hashValue }
    }

    subscript(_ codec: MediaCodec) -> Int? { hashes[codec.payloadType] }
}
