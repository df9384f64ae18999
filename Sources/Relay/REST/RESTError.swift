public import HTTP
internal import JSON

/// Why a REST request is refused: its status, and a code and a sentence for the client.
enum RESTError: Error, Equatable {
    case notJSON
    /// A field is not what it should be, and what it should be.
    case badField(String, String)
    case missingField(String)
    case emailTaken
    case wrongCredentials
    case notAuthorized
    /// The account has a second factor, and the request no code of it.
    case otpRequired
    case wrongOTP
    case secondFactorOn
    case secondFactorOff
    case accountDisabled
    /// The account's hash is of a kind that this system cannot check.
    case hashUnsupported
    case badRefreshToken
    case refreshTokenReused
    case tooMany(seconds: Double)
    case busy
    case notStored(code: String)
    case unknownPath
    case wrongMethod(allowed: String)
    case society(SocietyError)

    var status: Status {
        switch self {
        case .notJSON, .badField, .missingField: .badRequest
        case .emailTaken, .secondFactorOn, .secondFactorOff: .conflict
        case .otpRequired, .wrongOTP: .unauthorized
        case .accountDisabled: .forbidden
        case .hashUnsupported: .serviceUnavailable
        case .wrongCredentials, .notAuthorized, .badRefreshToken, .refreshTokenReused:
            .unauthorized
        case .tooMany: .tooManyRequests
        case .busy, .notStored: .serviceUnavailable
        case .unknownPath: .notFound
        case .wrongMethod: .methodNotAllowed
        case .society(let error): error.status
        }
    }

    var code: String {
        switch self {
        case .notJSON: "notJSON"
        case .badField: "badField"
        case .missingField: "missingField"
        case .emailTaken: "emailTaken"
        case .wrongCredentials: "wrongCredentials"
        case .notAuthorized: "notAuthorized"
        case .otpRequired: "otpRequired"
        case .wrongOTP: "wrongOTP"
        case .secondFactorOn: "secondFactorOn"
        case .secondFactorOff: "secondFactorOff"
        case .accountDisabled: "accountDisabled"
        case .hashUnsupported: "hashUnsupported"
        case .badRefreshToken: "badRefreshToken"
        case .refreshTokenReused: "refreshTokenReused"
        case .tooMany: "rateLimited"
        case .busy: "busy"
        case .notStored(let code): code
        case .unknownPath: "notFound"
        case .wrongMethod: "methodNotAllowed"
        case .society(let error): error.code
        }
    }

    var message: String {
        switch self {
        case .notJSON: "The body must be a JSON object"
        case .badField(_, let sentence): sentence
        case .missingField(let field): "\(field) is required"
        case .emailTaken: "An account with this email exists already"
        case .wrongCredentials: "Invalid email or password"
        case .notAuthorized: "Authentication failed"
        case .otpRequired: "The code of the second factor is required"
        case .wrongOTP: "The code is wrong, or was used before"
        case .secondFactorOn: "The second factor is switched on already"
        case .secondFactorOff: "There is no second factor"
        case .accountDisabled: "This account is disabled"
        case .hashUnsupported: "This password cannot be checked here"
        case .badRefreshToken: "The refresh token is not valid"
        case .refreshTokenReused: "The refresh token was used before; log in again"
        case .tooMany: "Too many tries; wait a little"
        case .busy: "The server is busy; try again"
        case .notStored: "The change could not be stored"
        case .unknownPath: "Not found"
        case .wrongMethod: "Method not allowed"
        case .society(let error): error.message
        }
    }

    /// Whether something was named that is not there, or that the caller may not know of.
    var isOfUnknown: Bool { self == .unknownPath || self == .society(.unknownUser) }

    /// The field that is meant.
    private var field: String? {
        switch self {
        case .badField(let field, _), .missingField(let field): field
        default: nil
        }
    }

    var response: Response {
        var body: JSON = ["message": .string(message), "code": .string(code)]
        if let field, case .object(var members) = body {
            members.append(JSON.Member("field", .string(field)))
            body = .object(members)
        }
        var response = Response.json(status, body.encoded)
        switch self {
        case .notAuthorized: response.fields.append("WWW-Authenticate", "Bearer")
        case .tooMany(let seconds):
            response.fields.append("Retry-After", String(Int(min(seconds, 3600).rounded(.up))))
        case .busy, .notStored: response.fields.append("Retry-After", "1")
        case .wrongMethod(let allowed): response.fields.append("Allow", allowed)
        default: break
        }
        response.fields.append("Cache-Control", "no-store")
        return response
    }
}

extension Response {
    /// 405 as the relay's own routes say it, with the methods that there are (RFC 9110 section
    /// 15.5.6).
    public static func wrongMethod(allowed: String) -> Response {
        RESTError.wrongMethod(allowed: allowed).response
    }
}
