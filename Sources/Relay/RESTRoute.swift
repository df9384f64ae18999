internal import Crypto
internal import HTTP
internal import JSON

/// One path of the HTTP interface.
struct RESTRoute: Sendable {
    enum Action: Sendable {
        case register, logIn, me, logOut, refresh
    }

    let method: Method
    let path: String
    let action: Action

    static let all: [RESTRoute] = [
        RESTRoute(method: .post, path: "/api/auth/register", action: .register),
        RESTRoute(method: .post, path: "/api/auth/login", action: .logIn),
        RESTRoute(method: .get, path: "/api/auth/me", action: .me),
        RESTRoute(method: .post, path: "/api/auth/logout", action: .logOut),
        RESTRoute(method: .post, path: "/api/auth/refresh", action: .refresh),
    ]
}

/// Why a REST request is refused: its status, and a code and a sentence for the client.
enum RESTError: Error, Equatable {
    case notJSON
    case badField(String, String)
    case emailTaken
    case wrongCredentials
    case notAuthorized
    case badRefreshToken
    case refreshTokenReused
    case tooMany(seconds: Double)
    case busy
    case notStored(code: String)
    case unknownPath
    case wrongMethod(allowed: String)

    var status: Status {
        switch self {
        case .notJSON, .badField: .badRequest
        case .emailTaken: .conflict
        case .wrongCredentials, .notAuthorized, .badRefreshToken, .refreshTokenReused:
            .unauthorized
        case .tooMany: .tooManyRequests
        case .busy, .notStored: .serviceUnavailable
        case .unknownPath: .notFound
        case .wrongMethod: .methodNotAllowed
        }
    }

    var code: String {
        switch self {
        case .notJSON: "notJSON"
        case .badField: "badField"
        case .emailTaken: "emailTaken"
        case .wrongCredentials: "wrongCredentials"
        case .notAuthorized: "notAuthorized"
        case .badRefreshToken: "badRefreshToken"
        case .refreshTokenReused: "refreshTokenReused"
        case .tooMany: "rateLimited"
        case .busy: "busy"
        case .notStored(let code): code
        case .unknownPath: "notFound"
        case .wrongMethod: "methodNotAllowed"
        }
    }

    var message: String {
        switch self {
        case .notJSON: "The body must be a JSON object"
        case .badField(_, let sentence): sentence
        case .emailTaken: "An account with this email exists already"
        case .wrongCredentials: "Invalid email or password"
        case .notAuthorized: "Authentication failed"
        case .badRefreshToken: "The refresh token is not valid"
        case .refreshTokenReused: "The refresh token was used before; log in again"
        case .tooMany: "Too many tries; wait a little"
        case .busy: "The server is busy; try again"
        case .notStored: "The change could not be stored"
        case .unknownPath: "Not found"
        case .wrongMethod: "Method not allowed"
        }
    }

    var response: Response {
        var body: JSON = ["message": .string(message), "code": .string(code)]
        if case .badField(let field, _) = self, case .object(var members) = body {
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

/// The body of a request of the authentication routes.
struct AuthBody {
    private let text: ArraySlice<UInt8>
    private var values: [String: Range<Int>] = [:]

    init(_ body: [UInt8]) throws(RESTError) {
        guard JSONScanner.isUTF8(body[...]) else { throw .notJSON }
        text = body[...]
        var scanner = JSONScanner(text)
        var isTwice = false
        do throws(JSONError) {
            try scanner.members { name, value throws(JSONError) in
                let name = String(decoding: text[name], as: UTF8.self)
                isTwice = isTwice || values[name] != nil
                values[name] = value
            }
            try scanner.expectEnd()
        } catch { throw .notJSON }
        guard !isTwice else { throw .notJSON }
    }

    /// The bytes of a member that is a string.
    private func bytes(_ name: String) -> ArraySlice<UInt8>? {
        values[name].flatMap { unquoted(text[$0]) }
    }

    /// An e-mail address in lower case.
    func email() throws(RESTError) -> String {
        guard let bytes = bytes("email") else { throw .badField("email", "email is required") }
        let parts = bytes.split(separator: 0x40, omittingEmptySubsequences: false)
        guard bytes.count <= Limits.emailByteCount, parts.count == 2,
            parts.allSatisfy({ !$0.isEmpty }),
            bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != 0x22 && $0 != 0x5c })
        else { throw .badField("email", "email is not an e-mail address") }
        return String(decoding: lowercased(bytes), as: UTF8.self)
    }

    func name() throws(RESTError) -> String {
        guard let bytes = bytes("name") else { throw .badField("name", "name is required") }
        let name = String(decoding: bytes, as: UTF8.self)
        guard (1...Limits.nameByteCount).contains(bytes.count),
            name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }),
            name.contains(where: { !$0.isWhitespace })
        else {
            throw .badField("name", "name must have 1 to \(Limits.nameByteCount) bytes of text")
        }
        return name
    }

    /// - Parameter isNew: whether it must be long enough for a new account.
    func password(isNew: Bool) throws(RESTError) -> SharedSecret {
        guard let bytes = bytes("password") else {
            throw .badField("password", "password is required")
        }
        guard bytes.count <= Limits.longestPassword else {
            throw .badField("password", "password is too long")
        }
        guard !isNew || bytes.count >= Limits.shortestPassword else {
            throw .badField(
                "password", "password must have \(Limits.shortestPassword) characters or more")
        }
        var copy = Array(bytes)
        return SharedSecret(SecretBytes(moving: &copy))
    }

    func refreshToken() throws(RESTError) -> ArraySlice<UInt8> {
        guard let bytes = bytes("refresh_token") ?? bytes("refreshToken") else {
            throw .badField("refresh_token", "refresh_token is required")
        }
        return bytes
    }
}
