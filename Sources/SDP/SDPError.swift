public import Failures
public import JSON

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
    /// An object that is the JSON form in all but its `type`, or another result than that.
    case notDescription(type: String?)
    /// The fields cannot be written as a line: one has a space, a line break or a separator in it.
    case cannotBeWritten(path: String)
    /// The input begins as JSON and is none.
    case notJSON(JSONError, at: TextPosition?)
    /// The lines of a description, or the strings of a program that make one, go on behind
    /// something else.
    case interrupted(at: TextPosition)
    /// The string that a description stands in is cut.
    case unclosed(at: TextPosition)
    /// Among other text, the first line of a description and no other.
    case alone(at: TextPosition)
    /// No description and no candidate anywhere in the input.
    case noDescription

    public var kind: FailureKind { .malformed }

    public var code: String {
        switch self {
        case .empty, .notSDP, .alone, .noDescription: "notSDP"
        case .notALine, .wrongLine, .interrupted, .unclosed: "badLine"
        case .missingField, .badField, .numberTooLarge, .unexpectedText: "badField"
        case .notUTF8: "notUTF8"
        case .notJSON(let error, _): error.code
        case .badMember, .unknownMember, .notDescription, .cannotBeWritten: "badMember"
        }
    }

    /// Where in the text; nil for the JSON form, and where there is no text.
    public var position: TextPosition? {
        switch self {
        case .notSDP(let at), .notALine(let at), .wrongLine(_, let at), .missingField(_, let at),
            .badField(_, _, let at), .numberTooLarge(_, let at), .unexpectedText(_, let at),
            .notUTF8(let at), .interrupted(let at), .unclosed(let at), .alone(let at):
            at
        case .notJSON(_, let at): at
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
        case .numberTooLarge(let field, _): "the \(field) is too large"
        case .unexpectedText(let text, _): "nothing should follow, but \"\(text)\" does"
        case .notUTF8: "the line is not UTF-8"
        case .badMember(let path, let expected): "\(path) is not \(expected)"
        case .unknownMember(let path): "\(path) is not a member of the JSON form"
        case .notDescription(type: nil): "the JSON of the description has no type"
        case .notDescription(let type?):
            "the type of the JSON is \"\(type.prefix(40))\", not \"sessionDescription\""
        case .cannotBeWritten(let path):
            "\(path) has a field that cannot be written into a line of SDP"
        case .notJSON(let error, _): error.reason
        case .interrupted: "more of the description seems to follow, behind what is none of it"
        case .unclosed: "the string of the description has no end"
        case .alone: "no other line of a session description follows v=0"
        case .noDescription: "there is no session description in the input"
        }
    }

    public var hint: String? {
        switch self {
        case .empty, .notSDP, .noDescription: "a session description begins with \"v=0\""
        case .unknownMember: "an attribute without a member of its own goes into \"attributes\""
        case .notDescription:
            "give the whole object of the JSON form, \"type\": \"sessionDescription\" with it"
        case .unclosed: "the rest was cut on the way, as logs cut what is long"
        case .alone: "give the lines of the description as they are, or each behind the same prefix"
        case .interrupted: "give the description alone, without what is between its parts"
        case .cannotBeWritten: "take spaces, line breaks and separators out of the field"
        default: nil
        }
    }
}

extension JSONError {
    /// The message without the place.
    fileprivate var reason: String {
        switch self {
        case .unexpectedByte(let byte, _):
            "not JSON: byte 0x\(String(byte, radix: 16)) is out of place"
        case .badEscape: "not JSON: bad escape"
        case .tooDeep: "JSON nested too deeply"
        case .trailingBytes: "more after the JSON value"
        case .unexpectedEnd, .notUTF8, .duplicateName: message
        }
    }

    /// Where the error is in a text whose JSON begins at the index `start`; nil where it does not
    /// say.
    func position(in text: ArraySlice<UInt8>, from start: Int) -> TextPosition? {
        switch self {
        case .unexpectedByte(_, let offset), .badEscape(let offset), .tooDeep(let offset),
            .trailingBytes(let offset):
            TextPosition(of: start &+ offset, in: text)
        case .unexpectedEnd: TextPosition(of: text.trimmingWhiteSpace.endIndex, in: text)
        case .notUTF8, .duplicateName: nil
        }
    }
}
