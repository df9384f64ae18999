import HTTP
import Support
import Testing

@Suite struct ResponseTests {
    static func responses(_ text: String, pieces: [Int] = []) throws(HTTPError) -> [Response] {
        var parser = ResponseParser()
        var rest = Array(text.utf8)[...]
        var responses: [Response] = []
        for count in pieces + [Int.max] {
            var piece = rest.prefix(count)
            rest = rest.dropFirst(count)
            while let response = try parser.next(&piece) { responses.append(response) }
        }
        if let last = try parser.finish() { responses.append(last) }
        return responses
    }

    static let sample = """
        HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\
        HTTP/1.1 204 No Content\r\n\r\n\
        HTTP/1.1 400\r\nTransfer-Encoding: Chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n\
        HTTP/1.1 200 Very OK\r\nConnection: close\r\n\r\nuntil the end
        """

    @Test func readsResponsesHoweverCut() throws {
        let whole = try Self.responses(Self.sample)
        #expect(whole.map(\.status.rawValue) == [200, 204, 400, 200])
        #expect(
            whole.map { String(decoding: $0.body, as: UTF8.self) }
                == ["ok", "", "abcd", "until the end"])
        #expect(whole.map(\.keepsAlive) == [true, true, true, false])
        let singly = [Int](repeating: 1, count: Self.sample.utf8.count)
        #expect(try Self.responses(Self.sample, pieces: singly) == whole)
    }

    @Test(arguments: [
        ("HTTP/1.1 20 OK\r\n\r\n", HTTPError.malformedStatusLine),
        ("HTTP/3 200 OK\r\n\r\n", .malformedStatusLine),
        ("ICY 200 OK\r\n\r\n", .malformedStatusLine),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", .truncated),
        ("HTTP/1.1 200 OK\r\nContent-Le", .truncated),
        ("HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n", .bodyTooLarge),
    ])
    func refusesBadResponses(text: String, error: HTTPError) {
        #expect(throws: error) { try Self.responses(text) }
    }

    @Test func writesWhatItReads() throws {
        let response = Response(.ok, fields: ["Content-Type": "text/plain"], body: [0x61, 0x62])
        var bytes: [UInt8] = []
        response.encode(to: &bytes, closes: true)
        let read = try Self.responses(String(decoding: bytes, as: UTF8.self))
        #expect(read.map(\.body) == [response.body])
        #expect(read.map(\.keepsAlive) == [false])
    }

    @Test func aValueCannotAddAField() {
        var bytes: [UInt8] = []
        Response(.ok, fields: ["Location": "/\r\nSet-Cookie: a=b"]).encode(
            to: &bytes, closes: false)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "HTTP/1.1 200 OK\r\nLocation: /  Set-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")
    }

    @Test func writesRequests() throws {
        let request = Request(
            .post, try Target("/a%2Fb?c=d%26e"), fields: ["Accept": "*/*"], body: [0x78])
        #expect(
            String(decoding: request.encode(host: "h:1"), as: UTF8.self)
                == "POST /a%2Fb?c=d%26e HTTP/1.1\r\nHost: h:1\r\nContent-Length: 1\r\n"
                + "Accept: */*\r\n\r\nx")
        #expect(
            try RequestParserTests.requests(
                String(decoding: request.encode(host: "h:1"), as: UTF8.self))[0].target
                == request.target)
    }

    @Test func listsOfTokens() {
        let fields: Fields = ["Connection": "keep-alive, Upgrade", "connection": "x"]
        #expect(fields.contains("upgrade", in: "Connection"))
        #expect(fields.contains("X", in: "Connection"))
        #expect(!fields.contains("up", in: "Connection"))
    }

    @Test func bearerTokens() throws {
        var request = Request(.get, try Target("/"), fields: ["Authorization": "bearer  abc"])
        #expect(request.bearerToken == "abc")
        request.fields.append("Authorization", "Bearer def")
        #expect(request.bearerToken == nil)
    }
}
