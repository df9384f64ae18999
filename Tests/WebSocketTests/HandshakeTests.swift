import Failures
import HTTP
import Support
import Testing
import Wire

@testable import WebSocket

@Suite struct HandshakeTests {
    /// RFC 3174 section 7.3, and a length that needs a second block of padding.
    @Test(arguments: [
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ),
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ])
    func hashes(text: String, digest: String) {
        #expect(Hex.encode(HandshakeSHA1.hash(Array(text.utf8))) == digest)
    }

    /// RFC 6455 section 1.3.
    @Test func exampleOfTheRFC() {
        #expect(
            Handshake.accept(forKey: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    static func request(_ changes: [(String, String?)] = []) throws -> Request {
        var request = Request(
            .get, try Target("/chat"),
            fields: [
                "Host": "h", "Upgrade": "websocket", "Connection": "keep-alive, Upgrade",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
            ])
        for (name, value) in changes { request.fields[name] = value }
        return request
    }

    @Test func bothSidesAgree() throws {
        var random = SplitMix64(seed: 5)
        var client = ClientHandshake(using: &random)
        var parser = RequestParser()
        var input = client.request(rawTarget: "/a?b=c", host: "h", fields: ["A": "b"])[...]
        guard case .request(let request) = try parser.next(&input) else {
            Issue.record("no request")
            return
        }
        var output: [UInt8] = []
        try Handshake.accept(request, to: &output)
        output += [0x81, 0x00]
        var answer = output[...]
        #expect(try client.receive(&answer))
        #expect(answer == [0x81, 0x00])
    }

    @Test(
        arguments: [
            ("Sec-WebSocket-Key", "short"), ("Sec-WebSocket-Key", nil), ("Upgrade", "h2c"),
            ("Connection", "close"), ("Sec-WebSocket-Version", "8"), ("Sec-WebSocket-Version", nil),
        ] as [(String, String?)])
    func serverRefuses(name: String, value: String?) throws {
        var output: [UInt8] = []
        let request = try Self.request([(name, value)])
        #expect(throws: WebSocketError.badHandshake) {
            try Handshake.accept(request, to: &output)
        }
        #expect(output.isEmpty)
    }

    @Test(arguments: [
        (
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
            WebSocketError.handshakeRefused(status: 403)
        ),
        (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", .badHandshake
        ),
        ("SSH-2.0-OpenSSH\r\n\r\n", .badHandshake),
    ])
    func clientRefuses(answer: String, error: WebSocketError) {
        var random = SplitMix64(seed: 5)
        var client = ClientHandshake(using: &random)
        var input = Array(answer.utf8)[...]
        #expect(throws: error) { try client.receive(&input) }
    }

    /// What keeps relays apart from web servers in their place, of which some ask for a password.
    @Test(arguments: [200, 301, 400, 401, 403, 404, 426])
    func whatRefusesForGoodIsNoRelay(status: Int) {
        #expect(WebSocketError.handshakeRefused(status: status).kind == .protocolViolation)
    }

    @Test(arguments: [429, 502, 503]) func whatRefusesForNowMayBeOne(status: Int) {
        #expect(WebSocketError.handshakeRefused(status: status).kind == .unavailable)
    }
}
