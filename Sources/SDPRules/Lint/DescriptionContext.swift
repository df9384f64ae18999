import SDP

/// A description with all that its rules ask for, computed once in time linear in its size.
struct DescriptionContext: Sendable {
    let description: SessionDescription
    let kind: DescriptionKind?
    let attributes: AttributeTable
    private(set) var media: [MediaContext] = []
    private(set) var bundles: [BundleGroup] = []
    /// The first media description with each `mid`.
    private(set) var mediaByMid: [String: Int] = [:]

    init(_ description: SessionDescription, _ kind: DescriptionKind?) {
        self.description = description
        self.kind = kind
        attributes = AttributeTable(description)
        let session = SessionFacts(description, attributes, kind)
        media = description.media.enumerated().map { MediaContext($0, $1, in: session) }
        for one in media {
            if let mid = one.mid { mediaByMid[mid] = mediaByMid[mid] ?? one.index }
        }
        bundles = attributes.values(Group.self)
            .filter { $0.value.semantics == "BUNDLE" }
            .map { BundleGroup($0.line, $0.value, mediaByMid) }
        placeMediaInBundles()
    }

    private mutating func placeMediaInBundles() {
        for (number, bundle) in bundles.enumerated() {
            let tag = bundle.members.first { media[$0].isOn }
            for index in bundle.members where media[index].bundle == nil {
                media[index].bundle = number
                media[index].tagged = tag.flatMap { $0 == index ? nil : media[$0].attributes }
            }
        }
    }

    /// The media descriptions that are not refused.
    var active: [MediaContext] { media.filter(\.isOn) }

    /// The members of each BUNDLE group that are not refused.
    var activeBundles: [[MediaContext]] {
        bundles.map { bundle in bundle.members.map { media[$0] }.filter(\.isOn) }
    }

    var isICELite: Bool { attributes.has("ice-lite") }

    /// Whether candidates are still to come (RFC 8840).
    var trickles: Bool {
        let options =
            attributes.lines("ice-options") + media.flatMap { $0.attributes.lines("ice-options") }
        return options.contains { line in
            line.attributeText?.split(separator: " ").contains("trickle") ?? false
        }
    }

    var usesICE: Bool {
        attributes.has("ice-ufrag") || media.contains { $0.attributes.has("ice-ufrag") }
    }
}

/// What media inherits from the session.
final class SessionFacts: Sendable {
    let attributes: AttributeTable
    let connection: Connection?
    let direction: Direction?
    let kind: DescriptionKind?

    init(
        _ description: SessionDescription, _ attributes: AttributeTable, _ kind: DescriptionKind?
    ) {
        self.attributes = attributes
        self.kind = kind
        connection = description.connection
        direction = attributes.directions.first?.direction
    }
}

/// A BUNDLE group (RFC 9143 section 5).
struct BundleGroup: Sendable {
    let line: Line
    let mids: [String]
    /// The media descriptions of its mids, in the group's order; each once.
    let members: [Int]
    let unknown: [String]

    init(_ line: Line, _ group: Group, _ mediaByMid: [String: Int]) {
        self.line = line
        mids = group.mids
        var seen: Set<Int> = []
        members = group.mids.compactMap { mediaByMid[$0] }.filter { seen.insert($0).inserted }
        unknown = group.mids.filter { mediaByMid[$0] == nil }
    }
}
