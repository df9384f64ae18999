import Clock
import HTTP
import SessionSupport
import Testing

@testable import EngineIO

/// Plain HTTP, and what is common to all requests.
@Suite struct RequestTests {
    @Test func answersLaterAndInOrder() {
        var harness = Harness()
        let both = Harness.get("/a") + Harness.get("/b")
        #expect(harness.exchange(both, on: 1) == "")
        #expect(harness.log == ["request /a"])
        harness.server.respond(to: harness.requests[0], .text(.ok, "A"))
        harness.turn()
        #expect(harness.log == ["request /a", "request /b"])
        harness.server.respond(to: harness.requests[0], .text(.ok, "again"))
        harness.server.respond(to: harness.requests[1], .text(.notFound, "B"))
        harness.turn()
        #expect(harness.answers(1) == "200 A|404 B")
    }

    @Test func theAnswerToAConnectionThatIsGone() {
        var harness = Harness()
        #expect(harness.get("/a", on: 1) == "")
        harness.close(1)
        harness.open(1)
        harness.server.respond(to: harness.requests[0], .text(.ok, "A"))
        harness.turn()
        #expect(harness.answers(1) == "")
    }

    @Test func closesWhenAskedTo() {
        var harness = Harness()
        #expect(harness.exchange(Harness.get("/a", "Connection: close\r\n"), on: 1) == "")
        harness.server.respond(to: harness.requests[0], .text(.ok, "A"))
        harness.turn()
        #expect(harness.responses(1).map(\.keepsAlive) == [false])
        #expect(harness.finished == [1])
    }

    @Test func continues() {
        var harness = Harness()
        harness.open(1)
        let head =
            "POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        harness.receive(Array(head.utf8), on: 1)
        #expect(harness.sent[1] == Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
        harness.receive(Array("ab".utf8), on: 1)
        #expect(harness.log == ["request /a"])
    }

    @Test func badRequestsCloseTheConnection() {
        var harness = Harness()
        #expect(harness.exchange(Array("NONSENSE\r\n\r\n".utf8), on: 1).hasPrefix("400"))
        #expect(harness.finished == [1])
        #expect(harness.get("/a", on: 2) == "")
    }

    /// Requests that follow each other are read no faster than their answers are taken.
    @Test func answersThatNobodyTakes() {
        var harness = Harness()
        harness.window = 0
        harness.open(1)
        harness.receive(
            Array((0..<20).map { Harness.get("/\($0)") }.joined()), on: 1)
        var answered = 0
        func answerAll(_ harness: inout Harness) {
            while answered < harness.requests.count {
                let body = String(repeating: "x", count: 8000)
                harness.server.respond(to: harness.requests[answered], .text(.ok, body))
                answered += 1
                harness.turn()
            }
        }
        answerAll(&harness)
        #expect((2...6).contains(answered))
        // What comes meanwhile follows what came before.
        harness.receive(Harness.get("/last"), on: 1)
        answerAll(&harness)
        #expect(answered < 7)
        harness.window = .max
        for _ in 0..<20 {
            harness.flush(1)
            harness.pass(.milliseconds(2))
            answerAll(&harness)
        }
        harness.flush(1)
        #expect(answered == 21)
        #expect(harness.log == (0..<20).map { "request /\($0)" } + ["request /last"])
        #expect(harness.responses(1).count == 21)
    }

    @Test func tooMuchPipelined() {
        var harness = Harness()
        #expect(harness.get("/a", on: 1) == "")
        for _ in 0..<70 { harness.receive([UInt8](repeating: 0x61, count: 1000), on: 1) }
        #expect(harness.finished == [1])
    }

    /// A byte now and then keeps no connection open.
    @Test func dripFeeding() {
        var harness = Harness()
        harness.open(1)
        for byte in Array("GET / HTTP/1.1\r\nHost:".utf8) {
            harness.receive([byte], on: 1)
            harness.pass(.seconds(1))
        }
        #expect(harness.answers(1) == "408 ")
        #expect(harness.finished == [1])
        harness.open(2)
        harness.receive(
            Array("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n".utf8), on: 2)
        for _ in 0..<70 {
            harness.receive([0x61], on: 2)
            harness.pass(.seconds(1))
        }
        #expect(harness.answers(2) == "408 ")
        harness.open(3)
        harness.pass(.seconds(12))
        #expect(harness.finished == [1, 2, 3])
    }

    @Test func idleConnectionsAreClosed() {
        var harness = Harness()
        #expect(harness.get("/a", on: 1) == "")
        harness.pass(.seconds(100))
        harness.server.respond(to: harness.requests[0], .text(.ok, "A"))
        harness.turn()
        #expect(harness.finished.isEmpty)
        harness.pass(.seconds(62))
        #expect(harness.finished == [1])
    }

    // MARK: Origins

    static let polling = Harness.path + "polling"

    @Test(arguments: [
        ("", 200), ("Origin: http://h\r\n", 200), ("Origin: https://h\r\n", 200),
        ("Origin: https://chat.example\r\n", 200), ("Origin: https://evil.example\r\n", 403),
        ("Origin: null\r\n", 403), ("Origin: https://chat.example.evil\r\n", 403),
        ("Origin: http://h\r\nOrigin: https://evil.example\r\n", 403),
    ])
    func origins(fields: String, status: Int) {
        var harness = Harness()
        #expect(harness.exchange(Harness.get(Self.polling, fields), on: 1).hasPrefix("\(status) "))
        harness.open(2)
        harness.receive(
            Harness.get(Harness.path + "websocket", Harness.upgradeFields + fields), on: 2)
        #expect(harness.responses(2).first?.status.rawValue == (status == 200 ? 101 : 403))
    }

    @Test func defaultTakesNoOther() {
        var harness = Harness(Configuration())
        let fields = "Origin: https://chat.example\r\n"
        #expect(
            harness.exchange(Harness.get(Self.polling, fields), on: 1)
                == "403 {\"code\":4,\"message\":\"Forbidden\"}")
    }

    @Test func tellsBrowsers() {
        var harness = Harness()
        harness.open(1)
        harness.receive(Harness.get(Self.polling, "Origin: https://chat.example\r\n"), on: 1)
        let response = harness.responses(1)[0]
        #expect(response.fields["Access-Control-Allow-Origin"] == "https://chat.example")
        #expect(response.fields["Vary"] == "Origin")
        let question = "OPTIONS /api HTTP/1.1\r\nHost: h\r\nOrigin: https://chat.example\r\n\r\n"
        harness.receive(Array(question.utf8), on: 1)
        let answer = harness.responses(1)[0]
        #expect(answer.status == .noContent)
        #expect(answer.fields.values("Access-Control-Allow-Origin").count == 1)
        let evil = "OPTIONS /api HTTP/1.1\r\nHost: h\r\nOrigin: https://evil.example\r\n\r\n"
        #expect(harness.exchange(Array(evil.utf8), on: 1) == "403 ")
    }

    @Test func tooManySessions() {
        var configuration = Configuration()
        configuration.maximumSessionCount = 1
        var harness = Harness(configuration)
        #expect(harness.get(Self.polling, on: 1).hasPrefix("200"))
        #expect(harness.get(Self.polling, on: 1) == "503 ")
    }
}
