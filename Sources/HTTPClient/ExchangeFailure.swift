/// Why a request got no answer.
public enum ExchangeFailure: Error, Equatable, Sendable {
    /// No connection, or one that ended before the answer did.
    case unreachable(reason: String)
    /// The server's certificate does not prove that it is the one that was named.
    case untrusted(reason: String)
    case timedOut(after: Duration)
    /// What came is not HTTP.
    case strangeAnswer(String)

    public var message: String {
        switch self {
        case .unreachable(let reason): reason
        case .untrusted(let reason): "its certificate is not to be trusted: \(reason)"
        case .timedOut(let limit): "no answer in \(limit)"
        case .strangeAnswer(let what): "strange answer: \(what)"
        }
    }
}
