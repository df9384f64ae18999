import SDP

/// Compares two descriptions by what they mean.
struct Comparison {
    let old: DescriptionContext
    let new: DescriptionContext

    /// Attributes of the session that are compared by what they mean, here or with the media that
    /// inherits them.
    private static let compared: Set = ["group", "fingerprint", "ice-ufrag", "ice-pwd", "crypto"]

    var session: [Difference] {
        var list = DifferenceList()
        compareOrigins(&list)
        compareGroups(&list)
        let types: [LineType] = [
            .sessionName, .information, .uri, .email, .phone, .timing, .repeatTimes,
        ]
        list.compareLines(old.description, new.description, types + [.timeZones, .key])
        list.compareBandwidths(old.description, new.description)
        list.compareAttributes(old.attributes, new.attributes, passingOver: Self.compared)
        return list.all
    }

    private func compareOrigins(_ list: inout DifferenceList) {
        guard let before = old.description.origin, let after = new.description.origin else {
            return
        }
        if before.sessionID != after.sessionID {
            return list.add(.sessionReplaced, before: before.sessionID, after: after.sessionID)
        }
        list.compare(.sessionVersionChanged, before.sessionVersion, after.sessionVersion)
        func rest(_ origin: Origin) -> String {
            "\(origin.username) \(origin.networkType) \(origin.addressType) "
                + comparableAddress(origin.address)
        }
        list.compare(.originChanged, rest(before), rest(after))
    }

    /// The groups of one semantics together; the first of each is its tag, so order counts.
    private func compareGroups(_ list: inout DifferenceList) {
        func texts(_ context: DescriptionContext) -> [String: String] {
            let groups = context.attributes.values(Group.self).map {
                ($0.value.semantics, $0.value.mids.joined(separator: " "))
            }
            return joined(groups, separator: "; ")
        }
        let (before, after) = (texts(old), texts(new))
        for semantics in Set(before.keys).union(after.keys).sorted() {
            list.compare(.groupChanged, before[semantics], after[semantics], semantics)
        }
    }

    var media: [Difference] {
        let partners = partners
        let compared = new.media.flatMap { media -> [Difference] in
            guard let partner = partners[media.index] else { return told(.mediaAdded, media) }
            return MediaComparison(old: old.media[partner], new: media).differences
        }
        let kept = Set(partners.values)
        return compared
            + old.media.filter { !kept.contains($0.index) }.flatMap { told(.mediaRemoved, $0) }
    }

    private func told(_ kind: Difference.Kind, _ media: MediaContext) -> [Difference] {
        let text = String(media.line.text.dropFirst(2))
        var list = DifferenceList(media)
        list.add(
            kind, media.kind, before: kind == .mediaRemoved ? text : nil,
            after: kind == .mediaAdded ? text : nil)
        return list.all
    }

    /// The older media of each newer one: the next with its mid, else that in its place, if it is
    /// left.
    private var partners: [Int: Int] {
        var partners: [Int: Int] = [:]
        var taken: Set<Int> = []
        // The last first, so that the first is taken from the end.
        var byMid = Dictionary(grouping: old.media.indices.reversed()) { old.media[$0].mid }
        for media in new.media {
            guard let mid = media.mid, let found = byMid[mid]?.popLast() else { continue }
            taken.insert(found)
            partners[media.index] = found
        }
        for media in new.media where partners[media.index] == nil {
            guard old.media.indices.contains(media.index),
                mayBeSame(old.media[media.index], media), taken.insert(media.index).inserted
            else { continue }
            partners[media.index] = media.index
        }
        return partners
    }

    /// Whether media of one place may be the same, though no mid says so: two mids may be one that
    /// was changed where the old one is gone.
    private func mayBeSame(_ before: MediaContext, _ after: MediaContext) -> Bool {
        guard after.mid != nil, let mid = before.mid else { return true }
        return new.mediaByMid[mid] == nil && before.kind == after.kind
    }
}

extension Section {
    fileprivate func texts(of type: LineType) -> [String] {
        lines.filter { $0.type == type }.map { String(decoding: $0.value, as: UTF8.self) }
    }
}

/// The values of each name in one text.
func joined(_ pairs: [(String, String)], separator: String) -> [String: String] {
    Dictionary(grouping: pairs) { $0.0 }
        .mapValues { $0.map(\.1).joined(separator: separator) }
}

extension DifferenceList {
    /// Lines of these types, whose texts are compared in their order.
    mutating func compareLines(
        _ old: some Section, _ new: some Section, _ types: [LineType]
    ) {
        for type in types {
            let (before, after) = (old.texts(of: type), new.texts(of: type))
            guard before != after else { continue }
            let kind: Difference.Kind =
                before.isEmpty ? .lineAdded : after.isEmpty ? .lineRemoved : .lineChanged
            let isSecret = type == .key
            func text(_ values: [String]) -> String? {
                values.isEmpty || isSecret ? nil : values.joined(separator: "; ")
            }
            add(kind, type.text, before: text(before), after: text(after))
        }
    }

    mutating func compareBandwidths(_ old: some Section, _ new: some Section) {
        func values(_ section: some Section) -> [String: String] {
            let pairs = section.bandwidths.map { ($0.modifier, "\($0.value)") }
            return Dictionary(pairs) { first, _ in first }
        }
        let (before, after) = (values(old), values(new))
        for modifier in Set(before.keys).union(after.keys).sorted() {
            compare(.bandwidthChanged, before[modifier], after[modifier], modifier)
        }
    }

    /// Attributes that have no comparison of their own: by name, each with all its values.
    mutating func compareAttributes(
        _ old: AttributeTable, _ new: AttributeTable, passingOver known: Set<String>
    ) {
        let directions = Set(Direction.allCases.map(\.rawValue))
        let names = Set(old.names).union(new.names).subtracting(known).subtracting(directions)
        for name in names.sorted() {
            let (before, after) = (old.texts(name).map(\.text), new.texts(name).map(\.text))
            compareAttribute(name, before, after)
        }
    }

    private mutating func compareAttribute(_ name: String, _ before: [String], _ after: [String]) {
        if name == "key-mgmt" {
            // A key (RFC 4567), which is never told.
            return before == after ? () : add(.attributeChanged, name)
        }
        let (old, new) = (Set(before), Set(after))
        let gone = before.filter { !new.contains($0) }
        let came = after.filter { !old.contains($0) }
        if gone.count == 1, came.count == 1, before.count == 1, after.count == 1 {
            return add(.attributeChanged, name, before: gone[0], after: came[0])
        }
        for text in gone { add(.attributeRemoved, name, before: text) }
        for text in came { add(.attributeAdded, name, after: text) }
    }
}
