/// Reads the requests of one connection, however its bytes are cut: the server's side.
///
/// An error is the end of the connection: answer with the error's `status` and close.
public struct RequestParser {
    public enum Event: Equatable {
        /// A request whose body is still to come. The caller may set `limits.bodyByteCount` for
        /// it, and answers an `expectsContinue` now.
        case head(Request)
        /// A whole request.
        case request(Request)
    }

    public var limits: Limits
    private var gatherer: HeadGatherer
    /// The request whose body is still to come, its framing, and once that has begun, its decoder.
    private var announced: (request: Request, framing: BodyDecoder.Framing)?
    private var decoder: BodyDecoder?
    private var leadingLineBreaks = 0

    public init(limits: Limits = Limits()) {
        self.limits = limits
        gatherer = HeadGatherer(limit: limits.headByteCount)
    }

    /// Whether no byte of a request is waiting for the rest of it.
    public var isIdle: Bool { announced == nil && gatherer.isEmpty }

    /// Takes bytes off the front of `input` up to the next event; nil once it has taken them all
    /// without one.
    public mutating func next(_ input: inout ArraySlice<UInt8>) throws(HTTPError) -> Event? {
        guard let (request, framing) = announced else { return try nextHead(&input) }
        if decoder == nil { decoder = try BodyDecoder(framing, limit: limits.bodyByteCount) }
        try decoder?.receive(&input)
        guard let body = decoder?.finishedBody else { return nil }
        announced = nil
        decoder = nil
        var whole = request
        whole.body = body
        return .request(whole)
    }

    private mutating func nextHead(_ input: inout ArraySlice<UInt8>) throws(HTTPError) -> Event? {
        try skipLineBreaks(&input)
        guard let head = try gatherer.next(&input) else { return nil }
        let (request, framing) = try Request.parse(head, limits)
        guard let framing, framing != .length(0) else { return .request(request) }
        announced = (request, framing)
        return .head(request)
    }

    /// An empty line or two before a request is forgiven (RFC 9112 section 2.2).
    private mutating func skipLineBreaks(_ input: inout ArraySlice<UInt8>) throws(HTTPError) {
        guard gatherer.isEmpty else { return }
        while let first = input.first, first == 0x0d || first == 0x0a {
            leadingLineBreaks += 1
            guard leadingLineBreaks <= 4 else { throw .malformedRequestLine }
            input.removeFirst()
        }
        if !input.isEmpty { leadingLineBreaks = 0 }
    }
}

extension Request {
    fileprivate static func parse(
        _ head: ArraySlice<UInt8>, _ limits: Limits
    ) throws(HTTPError) -> (Request, BodyDecoder.Framing?) {
        var lines = HeadLines(head)
        let line = try lines.next(orThrow: .malformedRequestLine)
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(\.isTokenCharacter) else {
            throw .malformedRequestLine
        }
        guard parts[1].count <= limits.targetByteCount else { throw .targetTooLong }
        let isHTTP10 = try isHTTP10(parts[2])
        let method = Method(rawValue: String(decoding: parts[0], as: UTF8.self))
        let target = try Target(String(decoding: parts[1], as: UTF8.self))
        guard target.rawPath != "*" || method == .options else { throw .malformedTarget }
        let fields = try lines.fields(limit: limits.fieldCount)
        let hosts = fields.values("Host").count
        guard hosts == 1 || hosts == 0 && isHTTP10 else { throw .badHost }
        var request = Request(method, target, fields: fields)
        request.isHTTP10 = isHTTP10
        return (request, try BodyDecoder.Framing(fields, isHTTP10: isHTTP10))
    }

    private static func isHTTP10(_ version: ArraySlice<UInt8>) throws(HTTPError) -> Bool {
        if version.elementsEqual("HTTP/1.1".utf8) { return false }
        if version.elementsEqual("HTTP/1.0".utf8) { return true }
        guard version.starts(with: "HTTP/".utf8) else { throw .malformedRequestLine }
        throw .unsupportedVersion
    }
}
