import SDP

/// What a media description says by itself.
struct MediaFacts: Sendable {
    let section: MediaDescription
    /// The `m=` line.
    let line: Line
    let media: MediaLine?
    let attributes: AttributeTable
    let mid: String?
    /// Neither refused nor taken away: port 0 without bundle-only is off (RFC 3264 section 6).
    let isOn: Bool

    init(_ section: MediaDescription, in session: SessionFacts) {
        self.section = section
        line = section.lines.first ?? Line("")
        media = try? line.value(as: MediaLine.self)
        attributes = AttributeTable(section)
        mid = attributes.text("mid").flatMap { $0.isEmpty ? nil : $0 }
        isOn =
            media?.port != 0 || !session.isNegotiated
            || attributes.has("bundle-only") && session.kind != .answer
    }
}

/// Where a media description stands among bundles.
struct BundlePlace: Sendable {
    /// The group's place among those of the description.
    let bundle: Int
    /// The attributes of the tagged media description, whose transport this one shares; nil where
    /// it is tagged itself.
    let tagged: AttributeTable?
}

/// A media description with all that its rules ask for. A class, since every rule passes it on.
final class MediaContext: Sendable {
    let index: Int
    let session: SessionFacts
    let codecs: [MediaCodec]
    private let codecPlaces: [UInt32: Int]
    let candidates: [(line: Line, value: Candidate)]
    /// The feedback that `*` gives to all codecs.
    let feedbackForAll: Set<String>
    /// The first `c=`, else the session's.
    let connection: Connection?
    private let facts: MediaFacts
    private let place: BundlePlace?

    init(_ index: Int, _ facts: MediaFacts, in session: SessionFacts, _ place: BundlePlace?) {
        self.index = index
        self.session = session
        self.facts = facts
        self.place = place
        let attributes = facts.attributes
        codecs = MediaCodec.all(of: facts.media, attributes)
        codecPlaces = Dictionary(
            uniqueKeysWithValues: zip(codecs.map { UInt32($0.payloadType) }, codecs.indices))
        candidates = attributes.values(Candidate.self)
        let feedback = attributes.values(RTCPFeedback.self).filter { $0.value.format == "*" }
        feedbackForAll = Set(feedback.map(\.value.words))
        connection = facts.section.connection ?? session.connection
    }

    var section: MediaDescription { facts.section }
    var line: Line { facts.line }
    var media: MediaLine? { facts.media }
    var attributes: AttributeTable { facts.attributes }
    var mid: String? { facts.mid }
    var isOn: Bool { facts.isOn }
    /// Its BUNDLE group's place among those of the description; nil outside of any.
    var bundle: Int? { place?.bundle }
    var tagged: AttributeTable? { place?.tagged }

    var kind: String { media.map { shown($0.kind) } ?? "media" }
    /// The protocol as messages tell it.
    var protocolText: String { shown(media?.transport.text ?? "") }
    /// How messages call it.
    var name: String { MediaName(kind: media?.kind, index: index, mid: mid).description }

    var isBundleOnly: Bool { attributes.has("bundle-only") }
    var isRTP: Bool { media?.transport.isRTP ?? false }
    var isSCTP: Bool { media?.transport.isSCTP ?? false }
    var isTCP: Bool { media?.transport.isTCP ?? false }
    /// Its own or that of its bundle (RFC 9143 section 9.3).
    var multiplexesRTCP: Bool { attributes.has("rtcp-mux") || tagged?.has("rtcp-mux") ?? false }
    var usesICE: Bool { transport("ice-ufrag") != nil }
    /// Keyed by DTLS: by its protocol's name, or as browsers of old did it, by a fingerprint.
    var usesDTLS: Bool { media?.transport.isDTLS ?? false || transport("fingerprint") != nil }

    /// Over a TCP connection, whose opener `setup` tells (RFC 4145).
    var isPlainTCP: Bool { isTCP && !(media?.transport.isDTLS ?? false) }
    /// RTP whose protocol promises no protection.
    var isInClearProfile: Bool {
        guard let transport = media?.transport else { return false }
        return transport.isRTP && !transport.isSRTP && !transport.isDTLS
    }
    /// On hold as RFC 2543 had it: RTP to an address that nothing is sent to (RFC 3264 section 8.4),
    /// and no ICE to find another. Port 9 stands for what ICE was to find (RFC 8840 section 4.1.1).
    var isHeldByAddress: Bool {
        guard isRTP, let connection, media?.port != 9, !usesICE else {
            return false
        }
        return scope(of: connection.address) == .unspecified
    }
    /// The direction as messages tell it, with the address that stops it.
    var directionText: String {
        direction.rawValue + (isHeldByAddress ? " at \(shown(connection?.address ?? ""))" : "")
    }

    var direction: Direction {
        attributes.directions.first?.direction ?? session.direction ?? .sendrecv
    }

    /// The largest message that a data channel takes, in bytes; 0 for no limit (RFC 8841 section 6.1).
    var maxMessageSize: UInt64 { section.maxMessageSize ?? Self.assumedMaxMessageSize }
    /// What it is where a=max-message-size is absent.
    static let assumedMaxMessageSize: UInt64 = 65536

    func hasExtension(_ uri: String) -> Bool {
        attributes.values(HeaderExtension.self).contains { $0.value.uri == uri }
    }

    func codec(_ payloadType: UInt32) -> MediaCodec? {
        codecPlaces[payloadType].map { codecs[$0] }
    }

    /// The lines of an attribute that its transport has: its own, else the session's, else those of
    /// the media description that it is bundled with (RFC 9143 section 7.1.3).
    func transportLines(_ name: String) -> [Line] {
        let own = attributes.lines(name)
        if !own.isEmpty { return own }
        let common = session.attributes.lines(name)
        return common.isEmpty ? tagged?.lines(name) ?? [] : common
    }

    func transport(_ name: String) -> String? { transportLines(name).first?.attributeText }

    func transportValues<Value: LineValue>(_ type: Value.Type = Value.self) -> [Value] {
        guard case .attribute(let name) = Value.form else { return [] }
        return transportLines(name).compactMap { try? $0.value(as: type) }
    }

    func observed(_ message: String, at line: Line? = nil, column: Int = 1) -> Observation {
        Observation(message, at: line ?? self.line, column: column, media: index)
    }
}
