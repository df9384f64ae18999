internal import SDP

/// What an explanation needs to know of the section around the line.
struct SectionContext {
    /// The codecs' names by payload type.
    private(set) var codecs: [String: String] = [:]
    /// What the formats of the `m=` line are called.
    private(set) var format = "format"
    /// Streams are described that nobody negotiates, as in RTSP and SAP.
    private(set) var isDeclarative = false
    /// All media here goes over TCP without DTLS, whose connection `setup` is about (RFC 4145).
    private(set) var isTCP = false

    init() {}

    init(_ description: SessionDescription, isDeclarative: Bool) {
        self.isDeclarative = isDeclarative
        isTCP = !description.media.isEmpty && description.media.allSatisfy(\.isPlainTCP)
    }

    init(_ media: MediaDescription, isDeclarative: Bool) {
        for codec in media.codecs {
            guard let name = codec.name else { continue }
            codecs[String(codec.payloadType)] = String(name.prefix(Self.shownCharacterCount))
        }
        if media.media?.transport.isRTP ?? false { format = "payload type" }
        self.isDeclarative = isDeclarative
        isTCP = media.isPlainTCP
    }

    /// So much of a codec's name is repeated in each line that speaks of it.
    private static let shownCharacterCount = 40

    /// `payload type 111 (opus)`.
    func named(_ payloadType: some CustomStringConvertible) -> String {
        let text = payloadType.description
        if text == "*" { return "all payload types" }
        return "\(format) \(text)" + (codecs[text].map { " (\($0))" } ?? "")
    }

    func explanation(of line: Line, mediaIndex: Int?) -> Explanation {
        let (words, reference) = explain(line)
        return Explanation(
            line: line, mediaIndex: mediaIndex, words: words, reference: reference)
    }

    /// The words and where to read more.
    private func explain(_ line: Line) -> (String, String) {
        guard let type = line.type else {
            let reason = SDPError.notALine(at: line.position()).reason
            return (reason + "; it is passed over", "RFC 8866 section 5")
        }
        if type == .attribute { return explainAttribute(line) }
        if let meaning = LineMeaning.ofLines[type] { return meaning.explain(line, in: self) }
        return (
            "a line of a type that RFC 8866 does not have, for which a receiver has to ignore or "
                + "refuse the whole description", "RFC 8866 section 5"
        )
    }

    private func explainAttribute(_ line: Line) -> (String, String) {
        guard let attribute = line.attribute else {
            return ("an attribute that has no name or is not UTF-8", "RFC 8866 section 5.13")
        }
        if let meaning = LineMeaning.ofAttributes[attribute.name] {
            if let fault = line.propertyFault { return meaning.refusing(fault, line, in: self) }
            return meaning.explain(line, in: self)
        }
        return (
            "the attribute \(attribute.name), which is in none of the RFCs known here: "
                + "who does not know it passes it over", "RFC 8866 section 5.13"
        )
    }
}

extension MediaDescription {
    /// Over TCP, where no DTLS has roles of its own.
    var isPlainTCP: Bool {
        guard let transport = media?.transport else { return false }
        return transport.isTCP && !transport.isDTLS
    }
}
