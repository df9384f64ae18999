public import Failures

/// How a peer broke HTTP/1.1. The connection cannot go on after any of these: what follows on it
/// could be read in two ways.
public enum HTTPError: Failure, Equatable {
    case malformedRequestLine
    case malformedStatusLine
    case malformedField
    /// A field value continued on the next line (RFC 9112 section 5.2).
    case obsoleteLineFolding
    case malformedTarget
    case targetTooLong
    case headTooLarge
    case tooManyFields
    case bodyTooLarge
    case unsupportedVersion
    /// HTTP/1.1 demands one `Host` (RFC 9112 section 3.2).
    case badHost
    case malformedContentLength
    /// More than one `Content-Length`, or one beside a `Transfer-Encoding` (RFC 9112 section 6.3).
    case ambiguousLength
    case unsupportedTransferCoding
    case malformedChunk
    /// The connection ended inside a message.
    case truncated

    public var kind: FailureKind { .protocolViolation }
    public var code: String { "badHTTP" }

    public var message: String {
        switch self {
        case .malformedRequestLine: "the HTTP request line is malformed"
        case .malformedStatusLine: "the HTTP status line is malformed"
        case .malformedField: "an HTTP field is malformed"
        case .obsoleteLineFolding: "an HTTP field goes on in the next line"
        case .malformedTarget: "the HTTP request target is malformed"
        case .targetTooLong: "the HTTP request target is too long"
        case .headTooLarge: "the HTTP head is too large"
        case .tooManyFields: "the HTTP message has too many fields"
        case .bodyTooLarge: "the HTTP body is too large"
        case .unsupportedVersion: "the HTTP version is not 1.0 or 1.1"
        case .badHost: "the HTTP request does not name one host"
        case .malformedContentLength: "the HTTP Content-Length is not a number"
        case .ambiguousLength: "the HTTP message states its length twice"
        case .unsupportedTransferCoding: "the HTTP Transfer-Encoding is not chunked"
        case .malformedChunk: "the HTTP chunked body is malformed"
        case .truncated: "the HTTP message ends too early"
        }
    }

    /// What a server answers before it closes the connection.
    public var status: Status {
        switch self {
        case .targetTooLong: .uriTooLong
        case .headTooLarge, .tooManyFields: .requestHeaderFieldsTooLarge
        case .bodyTooLarge: .contentTooLarge
        case .unsupportedVersion: .httpVersionNotSupported
        case .unsupportedTransferCoding: .notImplemented
        default: .badRequest
        }
    }
}
