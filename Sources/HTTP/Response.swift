/// An HTTP/1.1 response (RFC 9112 section 4).
public struct Response: Equatable, Sendable {
    public var status: Status
    public var fields: Fields
    public var body: [UInt8]
    /// Whether the server goes on listening on the connection; what a parsed response says.
    public var keepsAlive = true

    public init(_ status: Status, fields: Fields = Fields(), body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    public static func text(
        _ status: Status, _ text: String, type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(status, fields: ["Content-Type": type], body: Array(text.utf8))
    }

    public static func json(_ status: Status, _ text: [UInt8]) -> Response {
        Response(status, fields: ["Content-Type": "application/json"], body: text)
    }

    /// Appends the response to `output`, with `Content-Length`, which must not be in `fields`.
    ///
    /// - Parameters:
    ///   - closes: says `Connection: close`.
    ///   - omitsBody: leaves the body out but states its length, as the answer to HEAD.
    public func encode(to output: inout [UInt8], closes: Bool, omitsBody: Bool = false) {
        // More would be moved with each answer of many.
        if output.isEmpty { output.reserveCapacity(192 + body.count) }
        output.append(contentsOf: "HTTP/1.1 ".utf8)
        output.append(contentsOf: String(status.rawValue).utf8)
        output.append(0x20)
        output.append(contentsOf: status.reason.utf8)
        output.append(contentsOf: "\r\n".utf8)
        fields.encode(to: &output)
        if !status.hasNoBody {
            output.append(contentsOf: "Content-Length: ".utf8)
            output.append(contentsOf: String(body.count).utf8)
            output.append(contentsOf: "\r\n".utf8)
        }
        if closes { output.append(contentsOf: "Connection: close\r\n".utf8) }
        output.append(contentsOf: "\r\n".utf8)
        if !omitsBody && !status.hasNoBody { output.append(contentsOf: body) }
    }
}

extension Fields {
    /// A line each. A byte that would end the line or the field early becomes a space, so no value
    /// can add a field of its own.
    func encode(to output: inout [UInt8]) {
        for field in all {
            output.append(contentsOf: field.name.utf8.map { $0.isTokenCharacter ? $0 : 0x2d })
            output.append(contentsOf: ": ".utf8)
            output.append(contentsOf: field.value.utf8.map { $0.isFieldValueCharacter ? $0 : 0x20 })
            output.append(contentsOf: "\r\n".utf8)
        }
    }
}
