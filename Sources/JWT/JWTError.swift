public import Failures

/// Why a token is refused. The relay tells its clients none of this: it is for the log and for
/// `token explain`.
public enum JWTError: Failure, Equatable {
    /// The secret is shorter than 32 bytes, with its length.
    case shortSecret(Int)
    /// The secret is a PEM file, whose public twin an attacker may know.
    case secretIsPEM
    case tooLong(Int)
    /// Not three parts with two dots between them.
    case notThreeParts
    /// A part that is not Base64url without padding (RFC 7515 section 2).
    case notBase64URL(part: String)
    case notJSON(part: String)
    /// The header names another algorithm than HS256, or none.
    case wrongAlgorithm(String?)
    /// A header that would have the token choose its own key or rules.
    case forbiddenHeader(String)
    case badSignature
    case missingClaim(String)
    case badClaim(String)
    case expired(by: Duration)
    /// `nbf` or `iat` lies in the future.
    case notYetValid(claim: String, by: Duration)

    public var kind: FailureKind {
        switch self {
        case .shortSecret, .secretIsPEM: .malformed
        default: .notAllowed
        }
    }

    public var code: String {
        switch self {
        case .shortSecret: "shortSecret"
        case .secretIsPEM: "secretIsPEM"
        case .tooLong: "tokenTooLong"
        case .notThreeParts, .notBase64URL, .notJSON: "tokenMalformed"
        case .wrongAlgorithm: "wrongAlgorithm"
        case .forbiddenHeader: "forbiddenHeader"
        case .badSignature: "badSignature"
        case .missingClaim: "missingClaim"
        case .badClaim: "badClaim"
        case .expired: "expired"
        case .notYetValid: "notYetValid"
        }
    }

    public var message: String {
        switch self {
        case .shortSecret(let count):
            "the token secret has \(count) bytes, fewer than \(SigningKey.minimumByteCount)"
        case .secretIsPEM: "the token secret is a PEM file"
        case .tooLong(let count):
            "the token has \(count) bytes, more than \(SigningKey.maximumTokenByteCount)"
        case .notThreeParts: "the token is not three parts with dots between"
        case .notBase64URL(let part): "the token's \(part) is not base64url"
        case .notJSON(let part): "the token's \(part) is not a JSON object of single members"
        case .wrongAlgorithm(let name?): "the token says algorithm \"\(name)\", not \"HS256\""
        case .wrongAlgorithm(nil): "the token names no algorithm"
        case .forbiddenHeader(let name): "the token's header holds \"\(name)\""
        case .badSignature: "the token was not signed with this relay's secret"
        case .missingClaim(let name): "the token has no claim \"\(name)\""
        case .badClaim(let name): "the token's claim \"\(name)\" is not what it should be"
        case .expired(let age): "the token expired \(age.components.seconds) s ago"
        case .notYetValid(let claim, let wait):
            "the token's \"\(claim)\" is \(wait.components.seconds) s in the future"
        }
    }

    public var hint: String? {
        switch self {
        case .shortSecret: "make one with `head -c 32 /dev/urandom | base64`"
        case .secretIsPEM: "HS256 wants random bytes that nobody else knows"
        case .expired: "log in again"
        case .notYetValid: "compare the clocks of both machines"
        default: nil
        }
    }
}
