/// An HTTP/1.1 request (RFC 9112 section 3).
public struct Request: Equatable, Sendable {
    public var method: Method
    public var target: Target
    public var fields: Fields
    public var body: [UInt8] = []
    /// Whether it came as HTTP/1.0, whose connections end with the response.
    public var isHTTP10 = false

    public init(
        _ method: Method, _ target: Target, fields: Fields = Fields(), body: [UInt8] = []
    ) {
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
    }

    /// Whether the connection stays open after the response (RFC 9112 section 9.3).
    public var keepsAlive: Bool { !isHTTP10 && !fields.contains("close", in: "Connection") }

    /// Whether the client waits for a 100 before it sends the body (RFC 9110 section 10.1.1).
    public var expectsContinue: Bool {
        !isHTTP10 && fields.contains("100-continue", in: "Expect")
    }

    /// Whether it asks for this protocol in place of HTTP (RFC 9110 section 7.8).
    public func asksForUpgrade(to name: String) -> Bool {
        method == .get && !isHTTP10 && fields.contains("Upgrade", in: "Connection")
            && fields.contains(name, in: "Upgrade")
    }

    /// The words after `Bearer ` of the Authorization field (RFC 6750 section 2.1).
    public var bearerToken: String? {
        let values = fields.values("Authorization")
        guard values.count == 1, values[0].prefix(7).lowercased() == "bearer " else { return nil }
        return String(values[0].dropFirst(7).drop { $0 == " " })
    }

    /// The request as a client sends it, with the body's length filled in.
    public func encode(rawTarget: String, host: String) -> [UInt8] {
        var text = "\(method.rawValue) \(rawTarget) HTTP/1.1\r\nHost: \(host)\r\n"
        if !body.isEmpty || method == .post || method == .put || method == .patch {
            text += "Content-Length: \(body.count)\r\n"
        }
        var bytes = Array(text.utf8)
        fields.encode(to: &bytes)
        bytes += [0x0d, 0x0a]
        return bytes + body
    }

    /// The request to be sent to `host`, its target written anew from the parts.
    public func encode(host: String) -> [UInt8] {
        let query = target.query.text
        return encode(
            rawTarget: query.isEmpty ? target.rawPath : target.rawPath + "?" + query, host: host)
    }
}
