internal import SDP

/// How lines of one kind are put into words.
struct LineMeaning: Sendable {
    private let reference: String
    private var otherReference: (@Sendable (Line, SectionContext) -> String?)?
    private let words: @Sendable (Line, SectionContext) throws(SDPError) -> String

    init(
        _ reference: String,
        _ words: @escaping @Sendable (Line, SectionContext) throws(SDPError) -> String
    ) {
        self.reference = reference
        self.words = words
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
        _ words: @escaping @Sendable (Value, SectionContext) -> String
    ) {
        self.init(reference) { line, context throws(SDPError) in
            words(try line.value(as: type), context)
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

    /// The words and where to read more.
    func explain(_ line: Line, in context: SectionContext) -> (String, String) {
        let reference = otherReference?(line, context) ?? reference
        do throws(SDPError) { return (try words(line, context), reference) } catch {
            return refusing(error, line, in: context)
        }
    }

    /// The same for a line that cannot be read.
    func refusing(
        _ fault: SDPError, _ line: Line, in context: SectionContext
    ) -> (String, String) {
        (
            "not as the RFC has it: \(fault.reason)",
            otherReference?(line, context) ?? reference
        )
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
