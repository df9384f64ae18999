/// An error that knows what sort of thing went wrong, which is what callers decide by.
///
/// Each module throws its own enum with exact cases, and says once which kind each case is. Only
/// the command line turns kinds into exit statuses, so a library user never meets a number.
public protocol Failure: Error {
    var kind: FailureKind { get }
    /// A stable word for programs, lowerCamelCase, listed in parley-errors(7): `tampered`.
    var code: String { get }
    /// One line for a person: lower case, no full stop, quoting what they typed.
    var message: String { get }
    /// What to do about it, in the same style; nil where there is nothing better than the message.
    var hint: String? { get }
}

extension Failure {
    public var code: String { kind.defaultCode }
    public var hint: String? { nil }
}

/// What sort of thing went wrong. Each kind is one exit status; parley-errors(7) lists them.
public enum FailureKind: CaseIterable, Sendable {
    /// The input is well formed and the answer is no: a forgery, a wrong key, a replay.
    case refused
    /// The command line makes no sense.
    case usage
    /// The input is not in the format it should be in.
    case malformed
    /// An input file is not there or cannot be read.
    case noInput
    /// The relay, STUN or TURN server cannot be reached.
    case unavailable
    /// A bug of ours.
    case bug
    /// An output file cannot be made, or is there already.
    case cannotCreate
    /// Input or output failed half-way.
    case inputOutput
    /// It may work if tried again: a deadline passed, a rate limit, the peer is offline.
    case temporary
    /// The other side broke the protocol.
    case protocolViolation
    /// Not allowed: a token, the mode of a key file, not a member.
    case notAllowed

    public var defaultCode: String {
        switch self {
        case .refused: "refused"
        case .usage: "usage"
        case .malformed: "malformed"
        case .noInput: "noInput"
        case .unavailable: "unavailable"
        case .bug: "bug"
        case .cannotCreate: "cannotCreate"
        case .inputOutput: "inputOutput"
        case .temporary: "temporary"
        case .protocolViolation: "protocolViolation"
        case .notAllowed: "notAllowed"
        }
    }
}
