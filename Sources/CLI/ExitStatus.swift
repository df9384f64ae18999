public import Failures

extension FailureKind {
    /// The numbers of sysexits.h; 1 is kept for an honest "no", as in grep(1) and cmp(1).
    public var exitStatus: Int32 {
        switch self {
        case .refused: 1
        case .usage: 64
        case .malformed: 65
        case .noInput: 66
        case .unavailable: 69
        case .bug: 70
        case .cannotCreate: 73
        case .inputOutput: 74
        case .temporary: 75
        case .protocolViolation: 76
        case .notAllowed: 77
        }
    }
}
