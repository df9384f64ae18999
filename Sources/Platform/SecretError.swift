public import Failures

/// Why there is no password or passphrase.
public enum SecretError: Failure, Equatable {
    case file(FileError)
    case notOpen(CInt)
    case notSet(String)
    case empty(String)
    /// What the prompt would ask for, and what to do instead.
    case noTerminal(String, hint: String)
    case differ
    case cancelled

    public var kind: FailureKind {
        switch self {
        case .file(let error): error.kind
        case .notOpen, .notSet, .cancelled: .noInput
        case .empty, .differ: .malformed
        case .noTerminal: .usage
        }
    }

    public var code: String {
        switch self {
        case .file(let error): error.code
        case .notOpen, .notSet: "noSecret"
        case .empty: "emptySecret"
        case .noTerminal: "noTerminal"
        case .differ: "secretsDiffer"
        case .cancelled: "cancelled"
        }
    }

    public var message: String {
        switch self {
        case .file(let error): error.message
        case .notOpen(let number): "descriptor \(number) is not open"
        case .notSet(let name): "the environment variable \(name) is not set"
        case .empty(let source): "there is no secret in \(source)"
        case .noTerminal(let prompt, _): "no terminal to ask for the \(prompt) on"
        case .differ: "the two entries differ"
        case .cancelled: "cancelled at the prompt"
        }
    }

    public var hint: String? {
        switch self {
        case .file(let error): error.hint
        case .notOpen: "redirect it, as in 3<file"
        case .noTerminal(_, let hint): hint
        case .differ: "type the same twice"
        default: nil
        }
    }
}
