internal import Failures
internal import SDP

/// What this program can find wrong that the library of SDP does not know of, and where it is in an
/// input of lines.
enum InspectionError: Failure, Equatable {
    case lineTooLong(line: Int, limit: Int)
    /// Two inputs cannot both be standard input.
    case standardInputTwice
    /// - Parameter isLine: whether the input is one of many, whose line is told before.
    case input(SDPError, isLine: Bool)
    case candidate(SDPError, isLine: Bool)
    /// The file to compare with has no description.
    case other(String, SDPError)

    var kind: FailureKind {
        switch self {
        case .lineTooLong: .malformed
        case .standardInputTwice: .usage
        case .input(let error, _), .candidate(let error, _), .other(_, let error): error.kind
        }
    }

    var code: String {
        switch self {
        case .lineTooLong: "lineTooLong"
        case .standardInputTwice: "usage"
        case .input(let error, _), .candidate(let error, _), .other(_, let error): error.code
        }
    }

    var message: String {
        switch self {
        case .lineTooLong(let line, let limit): "line \(line) is longer than \(limit) bytes"
        case .standardInputTwice: "both inputs are standard input"
        case .input(let error, isLine: false), .candidate(let error, isLine: false): error.message
        case .other(let path, let error): "\(path): \(error.message)"
        case .input(let error, isLine: true): Self.message(error, in: "description")
        case .candidate(let error, isLine: true): Self.message(error, in: "candidate")
        }
    }

    /// A place in what an input holds is not one in the input.
    private static func message(_ error: SDPError, in part: String) -> String {
        guard let position = error.position else { return error.message }
        if case .notJSON = error { return "column \(position.column): \(error.reason)" }
        let line = position.line > 1 ? "line \(position.line), " : ""
        return "\(line)column \(position.column) of the \(part): \(error.reason)"
    }

    var hint: String? {
        switch self {
        case .lineTooLong: nil
        case .standardInputTwice: "give one of them as a file"
        case .input(let error, _), .candidate(let error, _), .other(_, let error): error.hint
        }
    }
}
