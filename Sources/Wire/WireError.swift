public import Failures

/// What can be wrong with a byte string before anyone asks what it means.
public enum WireError: Failure, Equatable {
    case truncated
    case trailingBytes(Int)
    case badValue(field: String, UInt64)
    case badText(field: String)

    public var kind: FailureKind { .malformed }

    public var message: String {
        switch self {
        case .truncated: "the message ends too early"
        case .trailingBytes(let count): "\(count) bytes too many at the end"
        case .badValue(let field, let value): "the \(field) cannot be \(value)"
        case .badText(let field): "the \(field) is not text"
        }
    }
}
