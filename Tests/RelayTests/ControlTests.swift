import JSON
import Testing

@testable import Relay

@Suite("Operators' requests") struct ControlTests {
    private func ask(_ relay: TestRelay, _ line: String, number: ControlNumber = 1) -> [String] {
        relay.replies[number] = []
        relay.answered.remove(number)
        relay.server.receive(control: Array(line.utf8), number: number)
        relay.run()
        #expect(relay.answered.contains(number))
        return relay.replies[number] ?? []
    }

    @Test("What is no request is refused with its code") func refusals() throws {
        let relay = try TestRelay()
        let codes = ["[]", "nonsense", #"{"request":"none"}"#, #"{"request":1}"#].map { line in
            ask(relay, line).map { (try? JSON(parsing: $0))?["error"]?["code"]?.string }
        }
        #expect(codes == [["malformed"], ["malformed"], ["unknownRequest"], ["malformed"]])
    }

    @Test("Purging takes everybody's messages only if that is said") func purge() throws {
        let relay = try TestRelay()
        let answer = ask(relay, #"{"request":"queue.purge"}"#)
        #expect(try JSON(parsing: answer[0])["error"]?["code"] == "missingField")
        #expect(ask(relay, #"{"request":"queue.purge","all":true}"#) == [#"{"end":true}"#])
        let unknown = ask(relay, #"{"request":"queue.purge","user":"x@example.com"}"#)
        #expect(try JSON(parsing: unknown[0])["error"]?["code"] == "unknownUser")
    }
}
