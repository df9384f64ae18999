public import Failures
public import HTTPClient
public import Platform
internal import Sockets
internal import TLS

/// What can go wrong between a client and its relay.
public enum RelayError: Failure, Equatable {
    case badAddress(String)
    case noRelay
    /// There is no token for this relay.
    case notLoggedIn(relay: String)
    /// The relay does not accept the token, nor the one to get a new token with.
    case loginExpired(relay: String)
    /// The e-mail address or the password is wrong.
    case wrongPassword
    /// The account has a second factor.
    case needsSecondFactor
    /// The relay refused a request, with its own words.
    case refused(status: Int, reason: String)
    case rateLimited(reason: String)
    /// It is not there, or not able to answer.
    case unreachable(relay: String, reason: String)
    /// Its certificate does not prove that it is the relay.
    case untrusted(relay: String, reason: String)
    /// No relay can be trusted, whichever it is.
    case authorities(AuthoritiesError)
    /// There is an account with this address.
    case accountExists(reason: String)
    /// It was not reachable for all the time that the user gave it.
    case gaveUp(relay: String, after: Duration, reason: String)
    case timedOut(what: String, after: Duration)
    /// It answered what no relay answers.
    case strangeAnswer(String)
    case brokenAccountFile(String)
    /// The login ran out, and a new one could not be kept; so none was asked for.
    case notRenewed(FileError)
    /// Another process receives for this login.
    case alreadyReceiving(relay: String, waited: Duration)

    public var kind: FailureKind {
        switch self {
        case .badAddress, .noRelay: .usage
        case .notLoggedIn, .loginExpired, .wrongPassword, .needsSecondFactor, .untrusted:
            .notAllowed
        case .refused(let status, _): status == 401 || status == 403 ? .notAllowed : .refused
        case .rateLimited, .timedOut, .alreadyReceiving: .temporary
        case .unreachable, .gaveUp: .unavailable
        case .strangeAnswer: .protocolViolation
        case .brokenAccountFile: .malformed
        case .authorities(let error): error.kind
        case .notRenewed(let error): error.kind
        case .accountExists: .refused
        }
    }

    public var code: String {
        switch self {
        case .badAddress: "badAddress"
        case .noRelay: "noRelay"
        case .notLoggedIn: "notLoggedIn"
        case .loginExpired: "loginExpired"
        case .wrongPassword: "wrongPassword"
        case .needsSecondFactor: "needsSecondFactor"
        case .refused: "relayRefused"
        case .rateLimited: "rateLimited"
        case .untrusted: "untrustedCertificate"
        case .authorities(let error): error.code
        case .notRenewed(let error): error.code
        case .accountExists: "relayRefused"
        case .unreachable, .gaveUp: "relayUnreachable"
        case .timedOut: "timedOut"
        case .strangeAnswer: "strangeAnswer"
        case .brokenAccountFile: "brokenAccountFile"
        case .alreadyReceiving: "alreadyReceiving"
        }
    }

    public var message: String {
        switch self {
        case .badAddress(let text): "\"\(text)\" is not the address of a relay"
        case .noRelay: "no relay is named"
        case .notLoggedIn(let relay): "not logged in to \(relay)"
        case .loginExpired(let relay): "\(relay) does not accept the login any more"
        case .wrongPassword: "the relay does not know this e-mail address with this password"
        case .needsSecondFactor: "the account has a second factor"
        case .refused(_, let reason): "the relay refused: \(reason)"
        case .rateLimited(let reason): "the relay asks to slow down: \(reason)"
        case .unreachable(let relay, let reason): "\(relay) is not reachable: \(reason)"
        case .untrusted(let relay, let reason):
            "the certificate of \(relay) is not to be trusted: \(reason)"
        case .authorities(let error): error.message
        case .notRenewed(let error): "the login cannot be renewed: \(error.message)"
        case .accountExists(let reason): "the relay refused: \(reason)"
        case .gaveUp(let relay, let limit, let reason):
            "\(relay) was not reachable for \(limit.inWords): \(reason)"
        case .timedOut(let what, let limit): "waited \(limit.inWords) for \(what)"
        case .strangeAnswer(let what): "the relay answered what no relay answers: \(what)"
        case .alreadyReceiving(let relay, let waited):
            "another recvmsg is receiving from \(relay), and did not end in \(waited.inWords)"
        case .brokenAccountFile(let path): "\"\(path)\" is not a file of relay-login"
        }
    }

    public var hint: String? {
        switch self {
        case .badAddress: "it looks like https://relay.example or http://127.0.0.1:3333"
        case .noRelay: "give --relay or set PARLEY_RELAY"
        case .notLoggedIn, .loginExpired, .brokenAccountFile: "run relay-login"
        case .wrongPassword: "check both, or make an account with --register"
        case .accountExists: "log in to it without --register"
        case .authorities(let error): error.hint
        case .notRenewed(let error): error.hint
        case .needsSecondFactor: "give its six digits with --otp"
        case .rateLimited: "try again later"
        case .untrusted: "name the authority that signed it in SSL_CERT_FILE, if you trust it"
        case .alreadyReceiving: "end that one, or read what it prints"
        default: nil
        }
    }
}

extension RelayError {
    init(_ failure: ExchangeFailure, at relay: RelayAddress) {
        self =
            switch failure {
            case .unreachable(let reason):
                .unreachable(relay: relay.description, reason: reason)
            case .untrusted(let reason): .untrusted(relay: relay.description, reason: reason)
            case .timedOut(let limit): .timedOut(what: "an answer of \(relay)", after: limit)
            case .strangeAnswer(let what): .strangeAnswer(what)
            }
    }

    /// The error where a connection ended because of the relay's certificate; else nil.
    init?(untrusted closure: TCPConnection.Closure, at relay: RelayAddress) {
        guard case .insecure(.untrusted(_, let reason)) = closure else { return nil }
        self = .untrusted(relay: relay.description, reason: reason)
    }
}
