public import Failures

/// A command line that makes no sense.
public enum UsageError: Failure, Equatable {
    case unknownOption(String, nearest: String?)
    case missingValue(String)
    case unexpectedValue(String)
    case badValue(String, option: String, wanted: String)
    case missingOption(String)
    case unexpectedOperand(String)
    case missingOperand(String)
    case unknownCommand(String, nearest: String?)
    case missingCommand([String])
    /// The word, as it can be shown.
    case notUTF8(String)
    /// What a program says of options that are each right and do not go together.
    case conflict(String, hint: String?)

    public var kind: FailureKind { .usage }

    public var message: String {
        switch self {
        case .unknownOption(let text, _): "unknown option \(text)"
        case .missingValue(let option): "\(option) needs a value"
        case .unexpectedValue(let option): "\(option) takes no value"
        case .badValue(let text, let option, let wanted):
            "\(option) cannot be \"\(text)\", it wants \(wanted)"
        case .missingOption(let option): "\(option) is missing"
        case .unexpectedOperand(let text): "one argument too many: \"\(text)\""
        case .missingOperand(let name): "\(name) is missing"
        case .unknownCommand(let text, _): "unknown command \"\(text)\""
        case .notUTF8(let word): "the argument \"\(word)\" is not UTF-8"
        case .missingCommand: "a command is missing"
        case .conflict(let message, _): message
        }
    }

    public var hint: String? {
        switch self {
        case .unknownOption(_, let nearest?), .unknownCommand(_, let nearest?):
            "did you mean \(nearest)"
        case .missingCommand(let names): "give one of \(names.joined(separator: ", "))"
        case .notUTF8: "rename the file, or redirect it: < FILE, > FILE"
        case .conflict(_, let hint): hint
        default: "see --help"
        }
    }
}
