import Clock
import Envelopes
import Identities
import Support
import Testing
import Wire

@Suite struct ReplayLogTests {
    private func envelope(
        sequence: UInt64, at time: Timestamp = now, from seed: UInt64 = 1
    ) throws -> OpenedMessage {
        let bob = try identity(2)
        let envelope = try Sealer(sender: identity(seed), recipients: [bob.publicIdentity])
            .seal(hello, sequence: sequence, at: time)
        var opener = Opener(identities: [bob])
        return try opener.open(envelope)
    }

    @Test func opensEachMessageOnce() throws {
        var log = ReplayLog()
        let envelopes = try (1...50).map { try envelope(sequence: $0) }
        var random = SplitMix64(seed: 3)
        for envelope in envelopes.shuffled(using: &random) {
            let record = ReplayRecord(envelope)
            #expect(try log.judge(envelope, record, at: now) == .new)
            log.insert(record)
        }
        for envelope in envelopes.shuffled(using: &random) {
            #expect(throws: EnvelopeError.replayed) {
                try log.judge(envelope, ReplayRecord(envelope), at: now)
            }
        }
        #expect(log.count == 50)
    }

    @Test func judgesTheTime() throws {
        let log = ReplayLog(policy: ReplayPolicy(maximumAge: .seconds(3600)))
        let envelope = try envelope(sequence: 1)
        let record = ReplayRecord(envelope)
        for (later, isGood) in [
            (Duration.seconds(3600), true), (.milliseconds(3_600_001), false),
            (.seconds(-300), true), (.milliseconds(-300_001), false),
        ] {
            let verdict = try? log.judge(envelope, record, at: now + later)
            #expect((verdict == .new) == isGood)
        }
    }

    @Test func noticesANumberThatComesTwice() throws {
        var log = ReplayLog()
        log.insert(ReplayRecord(try envelope(sequence: 4)))
        let twice = try envelope(sequence: 4)
        #expect(try log.judge(twice, ReplayRecord(twice), at: now) == .newWithUsedSequence)
        let another = try envelope(sequence: 4, from: 3)
        #expect(try log.judge(another, ReplayRecord(another), at: now) == .new)
    }

    @Test func forgetsWhatIsTooOldToBeOpened() throws {
        var log = ReplayLog(policy: ReplayPolicy(maximumAge: .seconds(10)))
        let (old, new) = (
            try envelope(sequence: 1), try envelope(sequence: 2, at: now + .seconds(400))
        )
        log.insert(ReplayRecord(old))
        log.insert(ReplayRecord(new))
        #expect(log.live(at: now + .seconds(400)) == [ReplayRecord(new)])
        #expect(log.live(at: now + .seconds(310)).count == 2)
    }

    @Test func recordsAreReadAsWritten() throws {
        let record = ReplayRecord(try envelope(sequence: 1))
        #expect(record.encoded.count == ReplayRecord.byteCount)
        #expect(try ReplayRecord(decoding: record.encoded) == record)
    }
}
