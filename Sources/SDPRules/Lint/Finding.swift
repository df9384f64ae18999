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

/// What a check saw, before it is known which rule it belongs to; of a pair it is in the answer.
struct Observation: Sendable {
    var message: String
    var position: TextPosition?
    var mediaIndex: Int?

    init(_ message: String, at line: Line? = nil, column: Int = 1, media: Int? = nil) {
        self.message = message
        self.mediaIndex = media
        guard let line, line.number > 0 else { return }
        position = line.position(column: column)
    }

    init(_ error: SDPError) {
        message = error.reason
        if let place = error.position, place.line > 0 { position = place }
    }
}

extension Sequence where Element == Finding {
    public var hasErrors: Bool { contains { $0.severity == .error } }

    public func count(of severity: Severity) -> Int { count { $0.severity == severity } }
}
