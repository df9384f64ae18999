public import Age
public import Failures
public import Platform

/// Why a file could not be sealed or opened: what it says, or what the system says.
public enum FileSealingError: Failure, Equatable {
    case age(AgeError)
    case file(FileError)

    private var failure: any Failure {
        switch self {
        case .age(let error): error
        case .file(let error): error
        }
    }

    public var kind: FailureKind { failure.kind }
    public var code: String { failure.code }
    public var message: String { failure.message }
    public var hint: String? { failure.hint }
}
