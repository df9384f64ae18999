import HTTP
import SessionSupport
import Support
import Testing

@testable import EngineIO

/// A server that is about to end sends its clients away such that they come back.
@Suite struct LeavingTests {
    @Test func aPollThatWaitsIsAnErrorToItsClient() throws {
        var harness = Harness()
        let target = harness.openPolling()
        harness.receive(Harness.get(target), on: 1)
        let session = try #require(harness.server.sessions.compactMap { $0 }.first)
        harness.server.close(session.handle, isLeaving: true)
        harness.turn()
        #expect(harness.responses(1).map(\.status) == [.serviceUnavailable])
        #expect(harness.server.sessionCount == 0)
    }

    @Test func whatPassesIsNoted() throws {
        var harness = Harness()
        final class Notes { var lines: [String] = [] }
        let notes = Notes()
        harness.server.observer = {
            notes.lines.append(
                "\($0.direction.rawValue) \(String(decoding: $0.bytes.prefix(6), as: UTF8.self))")
        }
        let target = harness.openPolling()
        _ = harness.post(target, "4hello\u{1e}3", on: 1)
        #expect(notes.lines == ["out 0{\"sid", "in 4hello", "in 3"])
    }
}
