import Clock
import JSON
import Testing

@testable import Relay

@Suite("Reading the audit log") struct AuditQueryTests {
    private let relay: TestRelay

    init() throws { relay = try TestRelay(history: .zero) }

    /// An event of the log, and the page that it was on.
    private struct Line: Equatable {
        let page: Int64
        let event: String
        let user: String?
    }

    private func read(after page: Int64 = 0, since: Int64 = 0) throws -> [Line] {
        relay.replies[1] = []
        let request = #"{"request":"audit.events","after":\#(page),"since":\#(since)}"#
        relay.server.receive(control: Array(request.utf8), number: 1)
        relay.run()
        let answers = try (relay.replies[1] ?? []).map { try JSON(parsing: $0) }
        #expect(answers.last == ["end": true])
        return answers.dropLast().map {
            Line(
                page: $0["page"]?.integer ?? 0, event: $0["line"]?["event"]?.string ?? "",
                user: $0["line"]?["user"]?.string)
        }
    }

    /// Connects a user and leaves again, on a page of their own.
    private func visit(_ user: String) {
        relay.connect(1, user)
        relay.disconnect(1)
        relay.advance(.seconds(2))
    }

    @Test("Lines that still wait are in the answer too") func whatWaits() throws {
        relay.connect(1, "alice")
        #expect(try read() == [Line(page: 1, event: "connect", user: "alice")])
    }

    @Test("Pages follow each other, and each line says whose it is") func pages() throws {
        for user in ["alice", "bob", "carol"] { visit(user) }
        let lines = try read()
        #expect(lines.map(\.page) == [1, 1, 2, 2, 3, 3])
        #expect(
            lines.map(\.event) == [
                "connect", "disconnect", "connect", "disconnect", "connect", "disconnect",
            ])
        #expect(lines.filter { $0.user == "bob" }.map(\.page) == [2, 2])
        #expect(try read(after: 2) == Array(lines.suffix(2)))
        #expect(try read(after: 3) == [])
        #expect(try read(after: .max) == [])
    }

    @Test("Only pages with something that is not older") func since() throws {
        let start = relay.wall
        for user in ["alice", "bob", "carol"] { visit(user) }
        let second = start + .seconds(2)
        #expect(try read(since: start.milliseconds).count == 6)
        #expect(try Set(read(since: second.milliseconds + 1).map(\.user)) == ["bob", "carol"])
        #expect(try read(since: relay.wall.milliseconds + 1) == [])
    }

    @Test("A long log is read a part at a time, and nothing is left out or told twice")
    func manyPages() throws {
        for number in 0..<150 { visit("u\(number)") }
        var (lines, last, parts) = ([Line](), Int64(0), 0)
        while case let part = try read(after: last), !part.isEmpty {
            #expect(Set(part.map(\.page)).count <= 64)
            #expect(part.allSatisfy { $0.page > last })
            lines += part
            last = part.map(\.page).max() ?? last
            parts += 1
        }
        #expect(parts == 3 && lines.count == 300)
        #expect(lines.filter { $0.event == "connect" }.map(\.user) == (0..<150).map { "u\($0)" })
    }

    @Test("What is no number is refused", arguments: [#""after":"x""#, #""since":1.5"#])
    func badFields(field: String) throws {
        relay.server.receive(
            control: Array(#"{"request":"audit.events",\#(field)}"#.utf8), number: 1)
        relay.run()
        let answer = try JSON(parsing: try #require(relay.replies[1]?.first))
        #expect(answer["error"]?["code"] == "badField")
    }
}
