import HTTP
import Support
import Testing

@Suite struct RequestParserTests {
    /// All events of a connection that carries `text`, cut after the byte counts of `cuts`.
    static func events(
        _ text: String, limits: Limits = Limits(), pieces: [Int] = []
    ) throws(HTTPError) -> [RequestParser.Event] {
        var parser = RequestParser(limits: limits)
        var rest = Array(text.utf8)[...]
        var events: [RequestParser.Event] = []
        for count in pieces + [Int.max] {
            var piece = rest.prefix(count)
            rest = rest.dropFirst(count)
            while let event = try parser.next(&piece) { events.append(event) }
        }
        return events
    }

    static func requests(_ text: String, pieces: [Int] = []) throws(HTTPError) -> [Request] {
        try events(text, pieces: pieces).compactMap {
            if case .request(let request) = $0 { request } else { nil }
        }
    }

    static let pipelined = """
        GET /a%20b?x=1&y=%2B+ HTTP/1.1\r\nHost: h\r\nX-A:  b \r\n\r\n\
        POST /c HTTP/1.1\r\nhost: h\r\nContent-Length: 5\r\n\r\nhello\
        POST /d HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\
        3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n\
        \r\nGET /e HTTP/1.0\r\n\r\n
        """

    @Test func readsPipelinedRequests() throws {
        let requests = try Self.requests(Self.pipelined)
        #expect(requests.map(\.target.path) == ["/a b", "/c", "/d", "/e"])
        #expect(
            requests.map { String(decoding: $0.body, as: UTF8.self) }
                == ["", "hello", "abc0123456789", ""])
        #expect(requests[0].target.query["y"] == "+ ")
        #expect(requests[0].fields["x-a"] == "b")
        #expect(requests.map(\.keepsAlive) == [true, true, true, false])
    }

    @Test func cutsDoNotMatter() throws {
        let whole = try Self.requests(Self.pipelined)
        let singly = [Int](repeating: 1, count: Self.pipelined.utf8.count)
        #expect(try Self.requests(Self.pipelined, pieces: singly) == whole)
        var random = SplitMix64(seed: 7)
        for _ in 0..<200 {
            let pieces = (0..<40).map { _ in Int.random(in: 0...20, using: &random) }
            #expect(try Self.requests(Self.pipelined, pieces: pieces) == whole)
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\nHost: h\n\n\r\n\r\n", HTTPError.malformedRequestLine),
        ("GET / HTTP/1.1 \r\n\r\n", .malformedRequestLine),
        ("GET  / HTTP/1.1\r\n\r\n", .malformedRequestLine),
        ("G(T / HTTP/1.1\r\nHost: h\r\n\r\n", .malformedRequestLine),
        ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", .unsupportedVersion),
        ("GET / http/1.1\r\nHost: h\r\n\r\n", .malformedRequestLine),
        ("GET x HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET /%ff HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET /?a=% HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET /#a HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET * HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET / HTTP/1.1\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", .obsoleteLineFolding),
        ("GET / HTTP/1.1\r\nHost : h\r\n\r\n", .malformedField),
        ("GET / HTTP/1.1\r\n: h\r\n\r\n", .malformedField),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: \u{1}\r\n\r\n", .malformedField),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n", .malformedField),
        ("GET / HTTP/1.1\r\nHost: h\nA: b\r\n\r\n", .malformedField),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\nhello", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 5\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", .malformedContentLength),
        (
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
            .malformedContentLength
        ),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 999999\r\n\r\n", .bodyTooLarge),
        (
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            .ambiguousLength
        ),
        (
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            .ambiguousLength
        ),
        (
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            .unsupportedTransferCoding
        ),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .unsupportedTransferCoding),
    ])
    func refusesWhatCouldBeReadTwoWays(text: String, error: HTTPError) {
        #expect(throws: error) { try Self.events(text) }
        let singly = [Int](repeating: 1, count: text.utf8.count)
        #expect(throws: error) { try Self.events(text, pieces: singly) }
    }

    @Test(arguments: [
        "\r\n", "x\r\n", "5\nhello", "5 \rx", "5\r\nhellox", "-1\r\n", "0x5\r\n", "5\r\nhello\r\r",
        "0\r\nA: b\nC", "5;\u{1}\r\n", "5;" + String(repeating: "a", count: 300),
    ])
    func refusesBadChunks(body: String) {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(throws: HTTPError.malformedChunk) { try Self.events(head + body) }
    }

    @Test(arguments: ["FFFFFFFF\r\n", "123456789\r\n", "8\r\n01234567\r\n10\r\n"])
    func refusesChunksPastTheLimit(body: String) {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(throws: HTTPError.bodyTooLarge) {
            try Self.events(head + body, limits: Limits(bodyByteCount: 16))
        }
    }

    /// The head limits of CVE-2021-32640 and CVE-2024-37890 in another server: long fields, many.
    @Test func refusesLargeHeads() {
        let start = "GET / HTTP/1.1\r\nHost: h\r\n"
        let long = start + "Sec-WebSocket-Protocol: " + String(repeating: "a ,", count: 30_000)
        #expect(throws: HTTPError.headTooLarge) { try Self.events(long) }
        #expect(throws: HTTPError.headTooLarge) {
            try Self.events(long, pieces: [Int](repeating: 1, count: 20_000))
        }
        let many = start + String(repeating: "A: b\r\n", count: 100) + "\r\n"
        #expect(throws: HTTPError.tooManyFields) { try Self.events(many) }
        let target = "GET /" + String(repeating: "a", count: 9000) + " HTTP/1.1\r\nHost: h\r\n\r\n"
        #expect(throws: HTTPError.targetTooLong) { try Self.events(target) }
    }

    @Test func announcesABodyBeforeItComes() throws {
        var parser = RequestParser()
        var input = Array(
            "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 70000\r\n\r\nab"
                .utf8)[...]
        guard case .head(let request) = try parser.next(&input) else {
            Issue.record("no head")
            return
        }
        #expect(request.expectsContinue)
        #expect(!parser.isIdle)
        parser.limits.bodyByteCount = 70_000
        #expect(try parser.next(&input) == nil)
        input = [UInt8](repeating: 0x61, count: 69_998)[...]
        guard case .request(let whole) = try parser.next(&input) else {
            Issue.record("no request")
            return
        }
        #expect(whole.body.count == 70_000)
        #expect(parser.isIdle)
    }

    @Test(arguments: 0..<64 as Range<UInt64>)
    func survivesDamage(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<50 {
            var bytes = Array(Self.pipelined.utf8)
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            var parser = RequestParser()
            var input = bytes[...]
            do { while try parser.next(&input) != nil {} } catch { continue }
            #expect(input.isEmpty)
        }
    }

    @Test func targetForms() throws {
        #expect(try Target("http://h:80/a?b=c").path == "/a")
        #expect(try Target("HTTP://h?b=c").query["b"] == "c")
        #expect(try Target("/a/b%2Fc").segments == ["a", "b/c"])
        #expect(throws: HTTPError.malformedTarget) { try Target("http:///a") }
        #expect(try Target("/?__proto__=1&sid=a&sid=b").query.count(of: "sid") == 2)
    }
}
