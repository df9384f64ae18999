public import SDP

/// What one line of a description says, in words.
public struct Explanation: Sendable {
    public let line: Line
    /// The media description that the line is in, from 0; nil for the session.
    public let mediaIndex: Int?
    /// One line for a person: lower case, no full stop. It holds text of the description.
    public let words: String
    /// Where to read more: `RFC 8866 section 5.2`; nil for a line of no form at all.
    public let reference: String?
}

extension SessionDescription {
    /// Every line that is not blank, explained, in order.
    public var explanations: [Explanation] {
        var all: [Explanation] = []
        explain { all.append($0) }
        return all
    }

    /// Gives the explanations one by one, so that no more than one is kept.
    ///
    /// - Parameter isDeclarative: whether streams are described that nobody negotiates, which gives
    ///   some lines another meaning; nil to look whether the description is of that kind.
    public func explain<Failure: Error>(
        isDeclarative: Bool? = nil, _ take: (Explanation) throws(Failure) -> Void
    ) throws(Failure) {
        let isDeclarative = isDeclarative ?? self.isDeclarative
        let session = SectionContext(self, isDeclarative: isDeclarative)
        for line in lines where !line.isBlank {
            try take(session.explanation(of: line, mediaIndex: nil))
        }
        for (index, media) in media.enumerated() {
            let context = SectionContext(media, isDeclarative: isDeclarative)
            for line in media.lines where !line.isBlank {
                try take(context.explanation(of: line, mediaIndex: index))
            }
        }
    }
}

extension TrickledCandidate {
    /// The candidate in words.
    public var explanation: Explanation? {
        guard let line else { return nil }
        let context = SectionContext()
        return context.explanation(of: line, mediaIndex: nil)
    }
}

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
    private func explain(_ line: Line) -> (String, String?) {
        if let error = line.syntaxError, line.type == nil {
            return (error.reason + "; it is passed over", "RFC 8866 section 5")
        }
        guard let type = line.type else { return ("nothing that is known", nil) }
        if type == .attribute { return attribute(line) }
        guard let meaning = LineMeaning.ofLines[type] else {
            return (
                "a line of a type that RFC 8866 does not have, for which a receiver has to ignore or "
                    + "refuse the whole description",
                "RFC 8866 section 5"
            )
        }
        return (meaning.words(for: line, in: self), meaning.reference(for: line, in: self))
    }

    private func attribute(_ line: Line) -> (String, String) {
        guard let attribute = line.attribute else {
            return ("an attribute that has no name or is not UTF-8", "RFC 8866 section 5.13")
        }
        if let meaning = LineMeaning.ofAttributes[attribute.name] {
            return (meaning.words(for: line, in: self), meaning.reference(for: line, in: self))
        }
        return (
            "the attribute \(attribute.name), which is in none of the RFCs known here: "
                + "who does not know it passes it over", "RFC 8866 section 5.13"
        )
    }
}

/// How lines of one kind are put into words.
struct LineMeaning: Sendable {
    private let reference: String
    private var otherReference: (@Sendable (Line, SectionContext) -> String?)?
    private let explain: @Sendable (Line, SectionContext) throws(SDPError) -> String

    init(
        _ reference: String,
        _ explain: @escaping @Sendable (Line, SectionContext) throws(SDPError) -> String
    ) {
        self.reference = reference
        self.explain = explain
    }

    /// A line that says the same whatever its value.
    init(_ reference: String, _ words: String) { self.init(reference) { _, _ in words } }

    /// A line of one text: `before` and the text.
    init(_ reference: String, value before: String) {
        self.init(reference) { line, _ in
            "\(before) \(line.shownValue.isEmpty ? "nothing" : line.shownValue)"
        }
    }

    /// A line whose fields have a type.
    init<Value: LineValue>(
        _ reference: String, _ type: Value.Type,
        _ explain: @escaping @Sendable (Value, SectionContext) -> String
    ) {
        self.init(reference) { line, context throws(SDPError) in
            explain(try line.value(as: type), context)
        }
    }

    /// With another reference for some values.
    func citing(
        _ reference: @escaping @Sendable (Line, SectionContext) -> String?
    ) -> LineMeaning {
        var meaning = self
        meaning.otherReference = reference
        return meaning
    }

    func reference(for line: Line, in context: SectionContext) -> String {
        otherReference?(line, context) ?? reference
    }

    func words(for line: Line, in context: SectionContext) -> String {
        do throws(SDPError) { return try explain(line, context) } catch {
            return "not as the RFC has it: \(error.reason)"
        }
    }

    /// By the type of the line.
    static let ofLines: [LineType: LineMeaning] = session.merging(times) { first, _ in first }
    /// By the name of the attribute.
    static let ofAttributes: [String: LineMeaning] = [
        basics, payloads, rtp, sources, grouping, ice, security, dataChannels, streaming, others,
        fax,
    ].reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } }
}

extension Line {
    /// What follows the `=`, or the colon of an attribute.
    var shownValue: String {
        String(decoding: type == .attribute ? attributeValue ?? [] : value, as: UTF8.self)
    }
}

/// `1 thing`, `2 things`.
func counted(_ count: some BinaryInteger, _ thing: String) -> String {
    "\(count) \(thing)\(count == 1 ? "" : thing.hasSuffix("s") ? "es" : "s")"
}

/// `a`, `a and b`, `a, b and c`.
func listed(_ items: some Collection<String>) -> String {
    let items = Array(items)
    guard items.count > 1, let last = items.last else { return items.first ?? "nothing" }
    return items.dropLast().joined(separator: ", ") + " and " + last
}
