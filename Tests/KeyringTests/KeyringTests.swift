import Clock
import Crypto
import Envelopes
import Foundation
import Identities
import Keyring
import Platform
import Testing
import Wire

/// A directory of its own for each test.
final class Scratch {
    let url = FileManager.default.temporaryDirectory
        .appending(path: "parley-\(UUID().uuidString)")
    var state: StateDirectory { StateDirectory(url.path) }

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func file(_ name: String, _ contents: [UInt8], mode: Int = 0o600) throws -> String {
        let path = url.appending(path: name).path
        try Data(contents).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

func newIdentity(_ name: String = "") throws -> SecretIdentity {
    try SecretIdentity.random(name: name, created: nil)
}

@Suite struct SequenceCounterTests {
    let scratch = try! Scratch()
    let sender = try! newIdentity().fingerprint

    @Test func countsOnAcrossProcesses() throws {
        var numbers: [UInt64] = []
        for count in [1, 1, 5, 200, 1] as [UInt64] {
            let counter = SequenceCounter(of: sender, in: scratch.state, boot: [1])
            numbers.append(try counter.reserve(count))
        }
        #expect(numbers == [1, 2, 3, 8, 208])
    }

    @Test func passesOverTheRestOfABlockAfterARestart() throws {
        let first = try SequenceCounter(of: sender, in: scratch.state, boot: [1]).reserve(1)
        let second = try SequenceCounter(of: sender, in: scratch.state, boot: [2]).reserve(1)
        #expect(first == 1 && second > 1)
        // Power was lost: of what was written, only what was waited for is left.
        let third = try SequenceCounter(of: sender, in: scratch.state, boot: [3]).reserve(1)
        #expect(third > second)
    }

    @Test func givesNoNumberTwiceToManyAtOnce() throws {
        let (state, sender) = (scratch.state, sender)
        let taken = Locked<[UInt64]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<25 {
                guard let first = try? SequenceCounter(of: sender, in: state).reserve(3) else {
                    continue
                }
                taken.withLock { $0 += [first, first + 1, first + 2] }
            }
        }
        let numbers = taken.withLock { $0 }
        #expect(numbers.count == 600 && Set(numbers).count == 600)
    }

    @Test func refusesADamagedFile() throws {
        let counter = SequenceCounter(of: sender, in: scratch.state, boot: [1])
        _ = try counter.reserve(1)
        let path = scratch.state.subdirectory("sequence").path(of: sender.description)
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        bytes[7] ^= 1
        for damaged in [bytes, bytes.dropLast(), Array("garbage\n".utf8)] {
            try Data(damaged).write(to: URL(filePath: path))
            #expect(throws: FileError.self) { try counter.reserve(1) }
        }
    }
}

/// A value behind a lock.
final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value
    init(_ value: Value) { self.value = value }
    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return body(&value)
    }
}

@Suite struct ReplayJournalTests {
    let scratch = try! Scratch()
    let now = Timestamp(seconds: 1_795_000_000)

    private func messages(_ count: Int, at time: Timestamp) throws -> [OpenedMessage] {
        let (alice, bob) = (try newIdentity(), try newIdentity())
        let sealer = try Sealer(sender: alice, recipients: [bob.publicIdentity])
        var opener = Opener(identities: [bob])
        return try (1...count).map { number in
            let envelope = try sealer.seal(
                Message([], isLine: true), sequence: UInt64(number), at: time)
            return try opener.open(envelope)
        }
    }

    private func isNew(_ results: [Result<ReplayLog.Verdict, EnvelopeError>]) -> [Bool] {
        results.map { (try? $0.get()) != nil }
    }

    @Test func remembersAcrossProcesses() throws {
        let all = try messages(3, at: now)
        var first = try ReplayJournal(in: scratch.state, policy: ReplayPolicy())
        var second = try ReplayJournal(in: scratch.state, policy: ReplayPolicy())
        #expect(isNew(try first.judge(all[..<1], at: now)) == [true])
        try first.remember()
        #expect(
            isNew(try second.judge([all[0], all[1], all[1]], at: now)) == [false, true, false])
        try second.remember()
        #expect(isNew(try first.judge(all[1...], at: now)) == [false, true])
        try first.remember()
        try first.synchronize()
    }

    @Test func whatWasNotShownIsNew() throws {
        let all = try messages(1, at: now)
        do {
            var killed = try ReplayJournal(in: scratch.state, policy: ReplayPolicy())
            #expect(isNew(try killed.judge(all[...], at: now)) == [true])
        }
        var journal = try ReplayJournal(in: scratch.state, policy: ReplayPolicy())
        #expect(isNew(try journal.judge(all[...], at: now)) == [true])
    }

    @Test func judgesUpToWhatAnotherHasClaimed() throws {
        let all = try messages(3, at: now)
        var first = try ReplayJournal(in: scratch.state, policy: ReplayPolicy())
        var second = try ReplayJournal(in: scratch.state, policy: ReplayPolicy())
        #expect(isNew(try first.judge(all[1...], at: now)) == [true, true])
        #expect(isNew(try second.judge(all[...], at: now)) == [true])
        try second.remember()
        try first.remember()
        #expect(isNew(try second.judge(all[1...], at: now)) == [false, false])
    }

    @Test func aFileIsConfirmedBeforeItAppears() throws {
        let all = try messages(2, at: now)
        var first = try ReplayJournal(in: scratch.state, policy: ReplayPolicy())
        var second = try ReplayJournal(in: scratch.state, policy: ReplayPolicy())
        #expect(isNew(try first.judge(all[...], at: now, claiming: false)) == [true, true])
        #expect(isNew(try second.judge(all[1...], at: now, claiming: false)) == [true])
        #expect(try first.confirm())
        try first.remember()
        #expect(try second.confirm() == false)
    }

    @Test func survivesACutRecord() throws {
        let all = try messages(2, at: now)
        var first = try ReplayJournal(in: scratch.state, policy: ReplayPolicy())
        _ = try first.judge(all[..<1], at: now)
        try first.remember()
        let path = scratch.state.path(of: "replay")
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes.append(contentsOf: [1, 2, 3])
        try bytes.write(to: URL(filePath: path))
        var second = try ReplayJournal(in: scratch.state, policy: ReplayPolicy())
        #expect(isNew(try second.judge(all[...], at: now)) == [false, true])
        try second.remember()
        #expect(second.takeDamagedCount() == 1)
        #expect(try Data(contentsOf: URL(filePath: path)).count == 64)
    }

    @Test(arguments: [1, 8, 32, 100])
    func tellsOnceOfDamage(byteCount: Int) throws {
        let path = scratch.state.path(of: "replay")
        try Data(repeating: 0x67, count: byteCount).write(to: URL(filePath: path))
        let all = try messages(1, at: now)
        for isFirst in [true, false] {
            var journal = try ReplayJournal(in: scratch.state, policy: ReplayPolicy())
            #expect(isNew(try journal.judge(all[...], at: now)) == [isFirst])
            try journal.remember()
            #expect((journal.takeDamagedCount() > 0) == isFirst)
        }
    }

    @Test func forgetsWhatIsTooOld() throws {
        let policy = ReplayPolicy(maximumAge: .seconds(10))
        let old = try messages(1, at: now)[0]
        let record = ReplayRecord(old).encoded
        let path = scratch.state.path(of: "replay")
        try Data((0..<5000).flatMap { _ in record }).write(to: URL(filePath: path))
        var journal = try ReplayJournal(in: scratch.state, policy: policy)
        let later = now + .seconds(1000)
        let new = try messages(1, at: later)
        #expect(isNew(try journal.judge(new[...], at: later)) == [true])
        try journal.remember()
        #expect(isNew(try journal.judge(new[...], at: later)) == [false])
        #expect(try Data(contentsOf: URL(filePath: path)).count == 32)
    }
}

@Suite struct RecipientsTests {
    let scratch = try! Scratch()

    @Test func takesFilesAndTexts() throws {
        let (alice, bob) = (try newIdentity("alice"), try newIdentity("bob"))
        let both = alice.publicIdentity.text(in: .parley) + bob.publicIdentity.text(in: .parley)
        let file = try scratch.file("both.pub", Array(both.utf8), mode: 0o644)
        let ageFile = try scratch.file(
            "age.txt", Array("# a\n\(alice.publicIdentity.ageRecipient)\n".utf8), mode: 0o644)
        var recipients = Recipients()
        try recipients.add(file)
        #expect(recipients.identities.map(\.name) == ["alice", "bob"])
        #expect(recipients.firstWithoutIdentity == nil)
        try recipients.add(bob.publicIdentity.ageRecipient)
        try recipients.addFile(ageFile)
        #expect(recipients.age.count == 4)
        #expect(recipients.firstWithoutIdentity == bob.publicIdentity.ageRecipient)
    }

    @Test func takesRecipientsOfAllKindsInOneFile() throws {
        let (alice, bob) = (try newIdentity("alice"), try newIdentity("bob"))
        let text =
            "# team\n\n\(alice.publicIdentity.text(in: .parley))"
            + "  # age\r\n\(bob.publicIdentity.ageRecipient)\r\n"
        let file = try scratch.file("team", Array(text.utf8))
        var recipients = Recipients()
        try recipients.addFile(file)
        #expect(recipients.identities.map(\.name) == ["alice"])
        #expect(recipients.age.count == 2)
        #expect(recipients.firstWithoutIdentity == "\(file):5")
    }

    @Test(arguments: [("# a\n{}\n# b\n", ":2"), ("\n\nage1x", "line 3")])
    func namesTheLineOfABadRecipient(text: String, place: String) throws {
        let file = try scratch.file("team", Array(text.utf8))
        var recipients = Recipients()
        let failure = #expect(throws: FileFailure.self) { try recipients.addFile(file) }
        #expect(failure?.message.contains(place) == true)
    }

    @Test func saysThatASecretKeyIsNoRecipient() throws {
        let file = try scratch.file("a.key", try newIdentity().keyFileText)
        var recipients = Recipients()
        let failure = #expect(throws: FileFailure.self) { try recipients.add(file) }
        #expect(failure?.reason is SecretKeyGiven)
    }

    @Test func readsAPublicIdentityThatOthersMayRead() throws {
        let identity = try newIdentity("a").publicIdentity
        let file = try scratch.file("a", Array(identity.text(in: .parley).utf8), mode: 0o644)
        #expect(try KeyFiles().publicIdentity(file).fingerprint == identity.fingerprint)
    }

    @Test func refusesAKeyFileThatOthersRead() throws {
        let path = try scratch.file("a.key", try newIdentity().keyFileText, mode: 0o640)
        #expect(throws: FileError.readableByOthers(path, mode: 0o640)) {
            try KeyFiles().identity(path)
        }
    }

    @Test func readsKeysOfBothPrograms() throws {
        let alice = try newIdentity("alice")
        let ours = try scratch.file("a.key", alice.text(in: .parley))
        let ages = try scratch.file("a.age", alice.text(in: .age))
        let keys = try KeyFiles().read([ours, ages])
        #expect(keys.identities.map(\.fingerprint) == [alice.fingerprint])
        #expect(keys.age.count == 2)
        #expect(throws: FileFailure.self) { try KeyFiles().identity(ages) }
    }
}
