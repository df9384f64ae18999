/// A status code (RFC 9110 section 15).
public struct Status: RawRepresentable, Hashable, Sendable {
    /// Three digits, 100 to 999.
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let `continue` = Status(rawValue: 100)
    public static let switchingProtocols = Status(rawValue: 101)
    public static let ok = Status(rawValue: 200)
    public static let created = Status(rawValue: 201)
    public static let accepted = Status(rawValue: 202)
    public static let noContent = Status(rawValue: 204)
    public static let notModified = Status(rawValue: 304)
    public static let badRequest = Status(rawValue: 400)
    public static let unauthorized = Status(rawValue: 401)
    public static let forbidden = Status(rawValue: 403)
    public static let notFound = Status(rawValue: 404)
    public static let methodNotAllowed = Status(rawValue: 405)
    public static let requestTimeout = Status(rawValue: 408)
    public static let conflict = Status(rawValue: 409)
    public static let gone = Status(rawValue: 410)
    public static let contentTooLarge = Status(rawValue: 413)
    public static let uriTooLong = Status(rawValue: 414)
    public static let unsupportedMediaType = Status(rawValue: 415)
    public static let unprocessableContent = Status(rawValue: 422)
    public static let upgradeRequired = Status(rawValue: 426)
    public static let tooManyRequests = Status(rawValue: 429)
    public static let requestHeaderFieldsTooLarge = Status(rawValue: 431)
    public static let internalServerError = Status(rawValue: 500)
    public static let notImplemented = Status(rawValue: 501)
    public static let badGateway = Status(rawValue: 502)
    public static let serviceUnavailable = Status(rawValue: 503)
    public static let httpVersionNotSupported = Status(rawValue: 505)

    public var isSuccess: Bool { (200..<300).contains(rawValue) }

    public var isClientError: Bool { (400..<500).contains(rawValue) }

    /// Whether the same request may succeed later: the server, or one on the way to it, is slow, busy
    /// or broken (RFC 9110 sections 15.5.9 and 15.6, RFC 8470 section 5.2, RFC 6585 section 4).
    public var isTemporary: Bool {
        switch rawValue {
        case 408, 425, 429, 500...: true
        default: false
        }
    }

    /// A response with this status has no body whatever its fields say (RFC 9112 section 6.3).
    var hasNoBody: Bool { rawValue < 200 || rawValue == 204 || rawValue == 304 }

    /// The phrase of the registry; the class of the code for a code that is not in it.
    public var reason: String {
        if let reason = Self.reasons[rawValue] { return reason }
        return switch rawValue {
        case 100..<200: "Informational"
        case 200..<300: "Success"
        case 300..<400: "Redirection"
        case 400..<500: "Client Error"
        default: "Server Error"
        }
    }

    private static let reasons: [Int: String] = [
        100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted",
        204: "No Content", 206: "Partial Content", 301: "Moved Permanently", 302: "Found",
        303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
        308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
        404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
        408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required",
        412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long",
        415: "Unsupported Media Type", 417: "Expectation Failed", 422: "Unprocessable Content",
        426: "Upgrade Required", 428: "Precondition Required", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 500: "Internal Server Error",
        501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
        504: "Gateway Timeout", 505: "HTTP Version Not Supported",
    ]
}
