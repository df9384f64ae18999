import Failures
import Testing

@testable import RelayClient

@Suite struct RefusalTests {
    private let full = Refusal(reason: "the store is full", code: "storeUnavailable")
    private let unknown = Refusal(reason: "user not found", code: "unknownUser")

    @Test func whatComesAgainIsToldOnce() throws {
        var tally = RefusalTally()
        var told = tally.add(full, line: 4)
        for line in 5...1741 { told += tally.add(full, line: line) }
        #expect(told.map(\.line) == [4])
        let rest = tally.finish()
        let last = try #require(rest)
        #expect(last.line == 1741)
        #expect(
            last.failure.message
                == "the relay refused: the store is full, as with 1737 messages before")
        #expect(last.failure.kind == .temporary)
        let none = tally.finish()
        #expect(none?.line == nil)
    }

    @Test func oneThatComesTwiceIsToldTwice() {
        var tally = RefusalTally()
        _ = tally.add(full, line: 1)
        let told = tally.add(full, line: 2)
        #expect(told.isEmpty)
        let rest = tally.finish()
        #expect(rest?.failure as? Refusal == full)
    }

    @Test func anotherOneEndsTheRow() {
        var tally = RefusalTally()
        for line in 1...3 { _ = tally.add(full, line: line) }
        let told = tally.add(unknown, line: 4)
        #expect(told.map(\.line) == [3, 4])
        #expect(told.first?.failure as? RepeatedRefusal == RepeatedRefusal(refusal: full, count: 2))
        #expect(told.last?.failure as? Refusal == unknown)
        let none = tally.finish()
        #expect(none?.line == nil)
    }

    @Test(arguments: [
        ("User not found", "user not found"), ("Rate limited.", "rate limited"),
        ("JSON is broken", "JSON is broken"), ("I/O failed", "I/O failed"), ("", ""),
        ("A token is missing", "a token is missing"), ("X", "x"), ("E2EE only", "E2EE only"),
    ])
    func aRelaysWordsFitIntoASentence(_ said: String, _ ours: String) {
        #expect(relayWords(said) == ours)
    }
}
