import SDP

/// A description with all that its rules ask for, computed once in time linear in its size.
struct DescriptionContext: Sendable {
    let description: SessionDescription
    let kind: DescriptionKind?
    let attributes: AttributeTable
    let media: [MediaContext]
    let bundles: [BundleGroup]
    /// The first media description with each `mid`.
    let mediaByMid: [String: Int]
    /// The media descriptions that are not refused.
    let active: [MediaContext]
    /// The members of each BUNDLE group that are not refused.
    let activeBundles: [[MediaContext]]
    /// Whether it is no whole description, and only some rules hold for it.
    let isFragment: Bool

    /// - Parameter isNegotiated: false for RTSP and announcements, where port 0 refuses nothing
    ///   (RFC 7826 appendix D.1.2).
    init(
        _ description: SessionDescription, _ kind: DescriptionKind?, isNegotiated: Bool = true
    ) {
        self.description = description
        self.kind = kind
        isFragment = description.isTrickleFragment
        attributes = AttributeTable(description)
        let session = SessionFacts(description, attributes, kind, isNegotiated)
        let parts = description.media.map { MediaFacts($0, in: session) }
        let mids = parts.indices.compactMap { index in parts[index].mid.map { ($0, index) } }
        let mediaByMid = Dictionary(mids) { first, _ in first }
        let bundles = attributes.values(Group.self)
            .filter { $0.value.semantics == "BUNDLE" }
            .map { BundleGroup($0.line, $0.value, mediaByMid) }
        let places = Self.places(of: parts, in: bundles)
        let media = parts.enumerated().map { index, facts in
            MediaContext(index, facts, in: session, places[index])
        }
        self.bundles = bundles
        self.mediaByMid = mediaByMid
        self.media = media
        active = media.filter(\.isOn)
        activeBundles = bundles.map { bundle in
            bundle.members.map { media[$0] }.filter(\.isOn)
        }
    }

    /// For each media description that is in a group: which, and whose transport it shares.
    private static func places(
        of parts: [MediaFacts], in bundles: [BundleGroup]
    ) -> [Int: BundlePlace] {
        var places: [Int: BundlePlace] = [:]
        for (number, bundle) in bundles.enumerated() {
            let tag = bundle.members.first { parts[$0].isOn }
            for index in bundle.members where places[index] == nil {
                let tagged = tag.flatMap { $0 == index ? nil : parts[$0].attributes }
                places[index] = BundlePlace(bundle: number, tagged: tagged)
            }
        }
        return places
    }

    var isICELite: Bool { attributes.has("ice-lite") }

    /// Whether candidates are still to come (RFC 8840).
    var trickles: Bool {
        let options =
            attributes.lines("ice-options") + media.flatMap { $0.attributes.lines("ice-options") }
        return options.contains(where: \.hasTrickleOption)
    }

    var usesICE: Bool {
        attributes.has("ice-ufrag") || media.contains { $0.attributes.has("ice-ufrag") }
    }
}

extension Line {
    /// Whether an `a=ice-options` line says that candidates are still to come (RFC 8840).
    var hasTrickleOption: Bool {
        attributeText?.split(separator: " ").contains("trickle") ?? false
    }
}

/// What media inherits from the session.
final class SessionFacts: Sendable {
    let attributes: AttributeTable
    let connection: Connection?
    let direction: Direction?
    let kind: DescriptionKind?
    let isNegotiated: Bool

    init(
        _ description: SessionDescription, _ attributes: AttributeTable, _ kind: DescriptionKind?,
        _ isNegotiated: Bool
    ) {
        self.isNegotiated = isNegotiated
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
