public import Failures
public import JSON

/// A place in a text: both numbers count from 1, the column in bytes.
public struct TextPosition: Equatable, Sendable {
    /// 0 for a line that was read from no text.
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// Why a text is not SDP, a line not what its type demands, or JSON not a description.
public enum SDPError: Failure, Equatable {
    /// Nothing but white space.
    case empty
    /// No session description: no `v=`, `o=` or `m=` line, and no first line of a type of RFC 8866.
    case notSDP(at: TextPosition)
    /// A line that is not `<type>=<value>` (RFC 8866 section 5).
    case notALine(at: TextPosition)
    /// The line is of another type, or the attribute has another name, than was asked for.
    case wrongLine(expected: String, at: TextPosition)
    case missingField(String, at: TextPosition)
    case badField(String, text: String, at: TextPosition)
    /// A number that does not fit its field.
    case numberTooLarge(String, at: TextPosition)
    /// More than the line may have.
    case unexpectedText(String, at: TextPosition)
    case notUTF8(at: TextPosition)
    /// A member of the JSON form is not what it should be; `path` is as jq writes it.
    case badMember(path: String, expected: String)
    case unknownMember(path: String)
    /// The fields cannot be written as a line: one has a space, a line break or a separator in it.
    case cannotBeWritten(path: String)
    /// The input begins as JSON and is none.
    case notJSON(JSONError)
    /// No description and no candidate anywhere in the input.
    case noDescription

    public var kind: FailureKind { .malformed }

    public var code: String {
        switch self {
        case .empty, .notSDP, .noDescription: "notSDP"
        case .notALine, .wrongLine: "badLine"
        case .missingField, .badField, .numberTooLarge, .unexpectedText: "badField"
        case .notUTF8: "notUTF8"
        case .notJSON(let error): error.code
        case .badMember, .unknownMember, .cannotBeWritten: "badMember"
        }
    }

    /// Where in the text; nil for the JSON form, and where there is no text.
    public var position: TextPosition? {
        switch self {
        case .notSDP(let at), .notALine(let at), .wrongLine(_, let at), .missingField(_, let at),
            .badField(_, _, let at), .numberTooLarge(_, let at), .unexpectedText(_, let at),
            .notUTF8(let at):
            at
        default: nil
        }
    }

    public var message: String {
        guard let position else { return reason }
        guard position.line > 0 else { return "\(reason), column \(position.column)" }
        return "line \(position.line), column \(position.column): \(reason)"
    }

    /// The message without the place.
    public var reason: String {
        switch self {
        case .empty: "the input is empty"
        case .notSDP: "this is not a session description"
        case .notALine: "the line is not of the form type=value"
        case .wrongLine(let expected, _): "the line is not \(expected)"
        case .missingField(let field, _): "the \(field) is missing"
        case .badField(let field, let text, _): "the \(field) is \"\(text)\""
        case .numberTooLarge(let field, _): "the \(field) is too large a number"
        case .unexpectedText(let text, _): "nothing should follow, but \"\(text)\" does"
        case .notUTF8: "the line is not UTF-8"
        case .badMember(let path, let expected): "\(path) is not \(expected)"
        case .unknownMember(let path): "\(path) is not a member of the JSON form"
        case .cannotBeWritten(let path):
            "\(path) has a field that cannot be written into a line of SDP"
        case .notJSON(let error): error.message
        case .noDescription: "there is no session description in the input"
        }
    }

    public var hint: String? {
        switch self {
        case .empty, .notSDP, .noDescription: "a session description begins with \"v=0\""
        case .unknownMember: "an attribute without a member of its own goes into \"attributes\""
        case .cannotBeWritten: "take spaces, line breaks and separators out of the field"
        default: nil
        }
    }
}
