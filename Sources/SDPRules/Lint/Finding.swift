public import SDP

/// What a rule found.
public struct Finding: Sendable {
    public let rule: Rule
    public let severity: Severity
    /// Which of two descriptions it is in; nil where only one was looked at and nobody said which.
    public let side: DescriptionKind?
    /// The line, from 1, and the column in bytes; nil where it is about what is not there.
    public let position: TextPosition?
    /// Which media description it is about, from 0; nil for the session.
    public let mediaIndex: Int?
    /// Its `mid`, if it has one; cut where it is endless.
    public let mid: String?
    /// One line for a person, with the values that were found: lower case, no full stop.
    public let message: String

    public var hint: String { rule.hint }
    public var reference: RFCSection { rule.reference }
}

/// What a check saw, before it is known which rule and which description it belongs to.
struct Observation: Sendable {
    var message: String
    var position: TextPosition?
    var mediaIndex: Int?
    /// Set by pair rules; the answer is what is judged, unless the check says otherwise.
    var side: DescriptionKind?

    init(
        _ message: String, at line: Line? = nil, column: Int = 1, media: Int? = nil,
        side: DescriptionKind? = nil
    ) {
        self.message = message
        self.mediaIndex = media
        self.side = side
        guard let line, line.number > 0 else { return }
        position = line.position(column: column)
    }

    init(_ error: SDPError, media: Int?) {
        message = error.reason
        mediaIndex = media
        if let place = error.position, place.line > 0 { position = place }
    }
}

extension Sequence where Element == Finding {
    public var hasErrors: Bool { contains { $0.severity == .error } }

    public func count(of severity: Severity) -> Int { count { $0.severity == severity } }
}

/// A text from a description as a message shows it: in quotes, and not endless.
func quoted(_ text: some StringProtocol) -> String { "\"\(shown(text))\"" }

/// A text from a description, cut where it is endless.
func shown(_ text: some StringProtocol) -> String {
    guard text.utf8.count > shownByteCount else { return String(text) }
    return "\(String(decoding: text.utf8.prefix(shownByteCount / 2), as: UTF8.self))…"
}

/// How much of a hostile value a message repeats, in bytes.
private let shownByteCount = 80
