/// Reads the responses on one connection, however its bytes are cut: the client's side.
///
/// Responses 100 to 199 but 101 are passed over. After a 101 the bytes that follow are not HTTP.
public struct ResponseParser {
    public let limits: Limits
    /// Whether the next response answers a HEAD request, and so has no body.
    public var answersHead = false
    private var gatherer: HeadGatherer
    /// The response whose body is under way, and the decoder of it.
    private var announced: Response?
    private var decoder: BodyDecoder?

    public init(limits: Limits = Limits()) {
        self.limits = limits
        gatherer = HeadGatherer(limit: limits.headByteCount)
    }

    /// Takes bytes off the front of `input` up to the end of a response; nil until it has come.
    public mutating func next(_ input: inout ArraySlice<UInt8>) throws(HTTPError) -> Response? {
        while announced == nil {
            guard let head = try gatherer.next(&input) else { return nil }
            let response = try Response.parse(head, limits)
            let code = response.status.rawValue
            if code < 200, code != 101 { continue }
            if response.status.hasNoBody || answersHead { return response }
            let framing = try BodyDecoder.Framing(response.fields, isHTTP10: false) ?? .untilClose
            decoder = try BodyDecoder(framing, limit: limits.bodyByteCount)
            announced = response
        }
        try decoder?.receive(&input)
        guard let body = decoder?.finishedBody else { return nil }
        return takeResponse(body)
    }

    /// Says that the connection has ended; gives the response that this ends, if one was under way.
    ///
    /// - Throws: `truncated` where the end came inside a response of a stated length.
    public mutating func finish() throws(HTTPError) -> Response? {
        guard let decoder else {
            guard gatherer.isEmpty else { throw .truncated }
            return nil
        }
        guard decoder.endsWithConnection else { throw .truncated }
        return takeResponse(decoder.body)
    }

    private mutating func takeResponse(_ body: [UInt8]) -> Response? {
        defer {
            announced = nil
            decoder = nil
        }
        announced?.body = body
        return announced
    }
}

extension Response {
    fileprivate static func parse(
        _ head: ArraySlice<UInt8>, _ limits: Limits
    ) throws(HTTPError) -> Response {
        var lines = HeadLines(head)
        let line = try lines.next(orThrow: .malformedStatusLine)
        let isHTTP10 = line.starts(with: "HTTP/1.0 ".utf8)
        guard isHTTP10 || line.starts(with: "HTTP/1.1 ".utf8) else { throw .malformedStatusLine }
        let code = line.dropFirst(9).prefix { $0 != 0x20 }
        guard code.count == 3, code.allSatisfy({ (0x30...0x39).contains($0) }),
            let status = Int(String(decoding: code, as: UTF8.self)), status >= 100
        else { throw .malformedStatusLine }
        let fields = try lines.fields(limit: limits.fieldCount)
        var response = Response(Status(rawValue: status), fields: fields)
        response.keepsAlive = !isHTTP10 && !fields.contains("close", in: "Connection")
        return response
    }
}
