internal import Failures

/// Why the answer to what was asked is no.
enum Judgement: Failure, Equatable {
    case lintErrors(Int, looksLikeTelephony: Bool = false)
    case notAcceptable
    case different(Int)

    var kind: FailureKind { .refused }

    var code: String {
        switch self {
        case .lintErrors: "lintErrors"
        case .notAcceptable: "notAcceptable"
        case .different: "different"
        }
    }

    var message: String {
        switch self {
        case .lintErrors(1, _): "lint found one error"
        case .lintErrors(let count, _): "lint found \(count) errors"
        case .notAcceptable: "the answer would not be accepted"
        case .different(1): "the descriptions differ in one point"
        case .different(let count): "the descriptions differ in \(count) points"
        }
    }

    var hint: String? {
        guard case .lintErrors(_, looksLikeTelephony: true) = self else { return nil }
        return "there is neither ICE nor DTLS; --profile sip judges it as telephony does"
    }
}
