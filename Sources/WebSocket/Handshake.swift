public import HTTP
internal import Wire

/// The opening handshake (RFC 6455 section 4).
public enum Handshake {
    static let acceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// The value of `Sec-WebSocket-Accept` for a key (section 4.2.2).
    static func accept(forKey key: String) -> String {
        Base64.standard.encode(HandshakeSHA1.hash(Array((key + acceptSuffix).utf8)))
    }

    /// Whether a request asks for WebSocket, well or badly.
    public static func isAsked(by request: Request) -> Bool {
        request.asksForUpgrade(to: "websocket")
    }

    /// Appends the server's 101 to `output`; what follows on the connection is frames.
    ///
    /// No extension and no subprotocol is ever agreed to.
    /// - Throws: `badHandshake`; the caller answers 400, or 426 with `Sec-WebSocket-Version: 13`.
    public static func accept(
        _ request: Request, fields: Fields = Fields(), to output: inout [UInt8]
    ) throws(WebSocketError) {
        let keys = request.fields.values("Sec-WebSocket-Key")
        guard isAsked(by: request), keys.count == 1, Base64.standard.decode(keys[0])?.count == 16,
            request.fields.values("Sec-WebSocket-Version") == ["13"]
        else { throw .badHandshake }
        var response = Response(
            .switchingProtocols,
            fields: [
                "Upgrade": "websocket", "Connection": "Upgrade",
                "Sec-WebSocket-Accept": accept(forKey: keys[0]),
            ])
        for field in fields.all { response.fields.append(field.name, field.value) }
        response.encode(to: &output, closes: false)
    }
}

/// The client's side of the opening handshake (RFC 6455 section 4.1).
public struct ClientHandshake {
    private let key: String
    private var parser = ResponseParser()

    public init(using generator: inout some RandomNumberGenerator) {
        key = Base64.standard.encode(
            (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    /// The bytes to send first.
    ///
    /// - Parameters:
    ///   - rawTarget: path and query, percent-encoded.
    ///   - host: the `Host` field, with the port where it is not the scheme's own.
    public func request(rawTarget: String, host: String, fields: Fields = Fields()) -> [UInt8] {
        var text = "GET \(rawTarget) HTTP/1.1\r\nHost: \(host)\r\nUpgrade: websocket\r\n"
        text += "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(key)\r\n"
        for field in fields.all where !field.value.utf8.contains(where: { $0 < 0x20 }) {
            text += "\(field.name): \(field.value)\r\n"
        }
        return Array((text + "\r\n").utf8)
    }

    /// Takes the server's answer off the front of `input`; what is left then is frames.
    ///
    /// - Returns: whether the whole answer has come, and the connection is open.
    /// - Throws: `handshakeRefused` for another status than 101, `badHandshake` for all else.
    public mutating func receive(_ input: inout ArraySlice<UInt8>) throws(WebSocketError) -> Bool {
        do {
            guard let response = try parser.next(&input) else { return false }
            try check(response)
            return true
        } catch let error as WebSocketError {
            throw error
        } catch {
            throw .badHandshake
        }
    }

    private func check(_ response: Response) throws(WebSocketError) {
        guard response.status == .switchingProtocols else {
            throw .handshakeRefused(status: response.status.rawValue)
        }
        let fields = response.fields
        guard fields.contains("websocket", in: "Upgrade"),
            fields.contains("Upgrade", in: "Connection"),
            fields.values("Sec-WebSocket-Accept") == [Handshake.accept(forKey: key)],
            fields["Sec-WebSocket-Extensions"] == nil, fields["Sec-WebSocket-Protocol"] == nil
        else { throw .badHandshake }
    }
}
