import Clock
import Crypto
import Foundation
import Relay
import Testing

@testable import Storage

private let alice = Account(number: 1, id: "a1", name: "Alice", email: "alice@example.com")

private func secret(_ text: String) -> SharedSecret {
    var bytes = Array(text.utf8)
    return SharedSecret(SecretBytes(moving: &bytes))
}

private func digest(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

@Suite struct AccountStoreTests {
    private let store: TestStore

    init() throws {
        store = try TestStore()
        _ = try store.perform(.addAccount(alice, passwordHash: "$2b$10$x"))
    }

    private func perform(_ operation: AccountOperation) throws -> AccountResult? {
        guard case .accounts(let result) = try store.perform(.accounts(operation)) else {
            return nil
        }
        return result
    }

    /// An old hash could be guessed at. It is in no file once the operation is done, while the
    /// store still runs: not in the database, nor in its log.
    @Test func replacedAndRemovedHashesAreOverwritten() throws {
        func hash(_ kind: String, _ number: Int64) -> String {
            "$2b$10$\(kind)" + String(repeating: "\(number % 10)", count: 30) + "/\(number)."
        }
        let numbers = Int64(2)...200
        for number in numbers {
            let account = Account(
                number: number, id: "id\(number)", name: "N", email: "\(number)@example.com")
            _ = try store.perform(.addAccount(account, passwordHash: hash("old", number)))
        }
        let before = try store.allBytes()
        #expect(numbers.allSatisfy { before.contains(hash("old", $0)) })
        let changes = numbers.map { number -> StoreOperation in
            switch number % 3 {
            case 0: .accounts(.remove(account: number, until: start))
            case 1: .setPasswordHash(account: number, hash("new and longer", number))
            default: .passwordHash(account: number)
            }
        }
        #expect(!store.perform(changes).contains { if case .failed = $0 { true } else { false } })
        // What comes next finds the log cut off.
        _ = try store.perform(.passwordHash(account: 1))
        let after = try store.allBytes()
        for number in numbers {
            #expect(after.contains(hash("old", number)) == (number % 3 == 2), "\(number)")
            #expect(after.contains(hash("new and longer", number)) == (number % 3 == 1))
        }
    }

    /// Those that fill pages of their own too, which are free afterwards.
    @Test(arguments: [20, 900, 3000, 8000, 20000])
    func replacedAndRemovedKeysAreOverwritten(byteCount: Int) throws {
        func key(_ name: String) -> String {
            #""\#(name)"# + String(repeating: "k", count: byteCount) + #"\#(name)""#
        }
        func device(_ number: Int64) -> StoredDevice {
            StoredDevice(
                number: number, id: "device\(number)", account: number < 20 ? 1 : 2, name: "D",
                created: start, sessions: [:])
        }
        let group = StoredGroup(
            number: 1, id: "group", name: "G", creator: 1, created: start, epoch: 1,
            rotationIsDue: false,
            members: [1, 2, 3].map { .init(account: $0, isAdmin: $0 == 1, joined: start) })
        let gone = StoredGroup(
            number: 2, id: "gone", name: "G", creator: 1, created: start, epoch: 1,
            rotationIsDue: false, members: [.init(account: 1, isAdmin: true, joined: start)])
        var setUp: [StoreOperation] = (1...30).map {
            .devices(.add(device($0), keys: key("d\($0).old")))
        }
        setUp += [
            .groups(.add(group, keys: [1: key("g1.1"), 2: key("g2.1"), 3: key("g3.1")])),
            .groups(.add(gone, keys: [1: key("gone1")])),
        ]
        _ = store.perform(setUp)
        var change = GroupChange(group: 1, epoch: 2, rotationIsDue: false, at: start)
        change.removed = [3]
        change.keys = [1: key("g1.2"), 2: key("g2.2")]
        let end = start + store.options.groupHistory + .seconds(1)
        var changes: [StoreOperation] = (1...9).map { .devices(.remove(device: $0, sessions: [:])) }
        changes += (10...14).map { .devices(.setKeys(device: $0, key("d\($0).new"))) }
        changes += [
            .groups(.change(change)), .groups(.remove(group: 2, .group("gone"))),
            .accounts(.remove(account: 2, until: start)), .cleanUp(now: end),
        ]
        _ = store.perform(changes)
        // What comes next finds the log cut off.
        _ = try store.perform(.passwordHash(account: 1))
        let files = try store.allBytes()
        let kept = ["g1.2"] + (10...14).map { "d\($0).new" } + (15...19).map { "d\($0).old" }
        let removed =
            ["g1.1", "g2.1", "g2.2", "g3.1", "gone1"]
            + (Array(1...14) + Array(20...30)).map { "d\($0).old" }
        func ends(of name: String) -> Int {
            [#""\#(name)kk"#, #"kk\#(name)""#].count { files.contains($0) }
        }
        #expect(kept.filter { ends(of: $0) < 2 } == [])
        #expect(removed.filter { ends(of: $0) > 0 } == [])
    }

    @Test func secondFactorsAreSealedAndSurvive() throws {
        #expect(try perform(.secondFactor(account: 1)) == .secondFactor(nil))
        let text = "a secret of twenty.."
        #expect(
            try perform(
                .proposeSecondFactor(
                    account: 1, secret: secret(text), recoveryDigests: [digest(1), digest(2)]))
                == .changed(true))
        #expect(try perform(.useStep(account: 1, step: 5, switchesOn: false)) == .changed(false))
        #expect(try perform(.useStep(account: 1, step: 5, switchesOn: true)) == .changed(true))
        #expect(try perform(.useStep(account: 1, step: 5, switchesOn: false)) == .changed(false))
        #expect(try perform(.useStep(account: 1, step: 4, switchesOn: false)) == .changed(false))
        #expect(try perform(.useStep(account: 1, step: 6, switchesOn: false)) == .changed(true))
        #expect(
            try perform(
                .proposeSecondFactor(account: 1, secret: secret("other"), recoveryDigests: []))
                == .changed(false))
        // The keys of messages expire; this one does not.
        _ = try store.perform(.cleanUp(now: start + .seconds(90 * 86_400)))
        store.close()
        try store.open()
        let expected = SecondFactor(secret: secret(text), isOn: true)
        #expect(try perform(.secondFactor(account: 1)) == .secondFactor(expected))
        #expect(try perform(.useRecoveryCode(account: 1, digest: digest(2))) == .changed(true))
        #expect(try perform(.useRecoveryCode(account: 1, digest: digest(2))) == .changed(false))
        #expect(try perform(.useRecoveryCode(account: 2, digest: digest(1))) == .changed(false))
        #expect(try !store.allBytes().contains(text))
        store.close()
        // A lost key loses the secret, and recovery codes are left.
        try FileManager.default.removeItem(atPath: store.options.accountKeyFile)
        try store.open()
        let lost = SecondFactor(secret: nil, isOn: true)
        #expect(try perform(.secondFactor(account: 1)) == .secondFactor(lost))
        #expect(try perform(.useRecoveryCode(account: 1, digest: digest(1))) == .changed(true))
        #expect(try perform(.removeSecondFactor(account: 1)) == .changed(true))
        #expect(try perform(.secondFactor(account: 1)) == .secondFactor(nil))
        store.close()
    }

    @Test func disablingEndsLoginsAndRemovingLeavesNoName() throws {
        for (byte, session) in [(1, "s1"), (2, "s1"), (3, "s2")] as [(UInt8, String)] {
            _ = try store.perform(
                .addRefreshToken(
                    RefreshToken(
                        digest: digest(byte), session: session, account: 1,
                        expiresAt: start + .seconds(60))))
        }
        #expect(
            try perform(.list)
                == .list([AccountFacts(account: 1, password: .bcrypt, hasSecondFactor: false)]))
        let disabled = start + .milliseconds(1600)
        let until = disabled + RelayServer.tokenLifetime
        #expect(
            try perform(.setDisabled(account: 1, true, at: disabled))
                == .ended(sessions: ["s1", "s2"]))
        store.close()
        try store.open()
        #expect(store.state.disabled == [1] && store.state.accounts == [alice])
        #expect(store.state.revoked == ["s1": until, "s2": until])
        #expect(store.state.tokensEnded == [1: Timestamp(seconds: disabled.seconds)])
        #expect(store.state.importedHashCount == 1)
        #expect(try perform(.setDisabled(account: 1, false, at: until)) == .ended(sessions: []))
        store.close()
        try store.open()
        // Enabled again, but its old tokens stay dead.
        #expect(store.state.disabled == [])
        #expect(store.state.tokensEnded == [1: Timestamp(seconds: disabled.seconds)])
        _ = try store.keep("m", for: 1)
        #expect(try perform(.remove(account: 1, until: until)) == .ended(sessions: []))
        store.close()
        try store.open()
        #expect(store.state.accounts.isEmpty && store.state.removed == ["a1"])
        #expect(store.state.lastAccount == 1 && store.state.kept.isEmpty)
        #expect(try perform(.list) == .list([]))
        // The address is free again, the id is not.
        let twin = Account(number: 2, id: "a1", name: "T", email: alice.email)
        #expect(try store.perform(.addAccount(twin, passwordHash: nil)) == .accountExists)
        let next = Account(number: 2, id: "a2", name: "T", email: alice.email)
        #expect(try store.perform(.addAccount(next, passwordHash: nil)) == .done)
        store.close()
    }

    /// The tokens of those who are disabled when the time of it begins to be kept are ended then:
    /// what was given out before is not to come back with the account.
    @Test func anOlderDatabaseLearnsWhenTokensEnded() throws {
        let bob = Account(number: 2, id: "b2", name: "Bob", email: nil)
        _ = try store.perform(.addAccount(bob, passwordHash: nil))
        _ = try perform(.setDisabled(account: 2, true, at: start))
        store.close()
        try Database(store.options.database).execute(
            "ALTER TABLE account DROP COLUMN tokens_ended; PRAGMA user_version = 3")
        try store.open()
        #expect(store.state.accounts == [alice, bob] && store.state.disabled == [2])
        #expect(Array(store.state.tokensEnded.keys) == [2])
        #expect(try #require(store.state.tokensEnded[2]) > Timestamp(seconds: 1_700_000_000))
        store.close()
        let copy = store.options.database + ".copy"
        _ = try Store.backUp(store.options.database, to: copy)
        #expect(try Store.checkIntegrity(copy))
        store.options.database = copy
        let ended = store.state.tokensEnded
        try store.open()
        #expect(store.state.tokensEnded == ended)
        store.close()
    }

    private func rotate(
        _ from: UInt8, _ to: UInt8, after seconds: Int64 = 0, grace: Duration = .seconds(30)
    ) throws -> StoreResult? {
        try store.perform(
            .rotateRefreshToken(
                digest: digest(from), next: digest(to), expiresAt: start + .seconds(600),
                now: start + .seconds(seconds), grace: grace))
    }

    private let rotated = StoreResult.rotated(account: 1, session: "s")
    private let reused = StoreResult.reused(account: 1, session: "s")

    private func begin() throws {
        _ = try store.perform(
            .addRefreshToken(
                RefreshToken(
                    digest: digest(1), session: "s", account: 1,
                    expiresAt: start + .seconds(600))))
    }

    @Test func withGraceALostAnswerIsGivenOnceMore() throws {
        try begin()
        #expect(try rotate(1, 2) == rotated)
        #expect(try rotate(1, 3, after: 29) == rotated)
        // What was lost is dead, and what came in its place lives.
        #expect(try rotate(2, 4, after: 29) == .unknownToken)
        #expect(try rotate(3, 5, after: 29) == rotated)
        #expect(try rotate(1, 6, after: 29) == reused)
        #expect(try rotate(5, 7, after: 29) == .unknownToken)
        store.close()
    }

    @Test func graceIsForOneTimeAndAShortOne() throws {
        try begin()
        #expect(try rotate(1, 2) == rotated)
        #expect(try rotate(1, 3, after: 5) == rotated)
        #expect(try rotate(1, 4, after: 6) == reused)
        store.close()
    }

    @Test(arguments: [(30, 30), (-1, 30), (0, 0)] as [(Int64, Int64)])
    func outsideOfItReuseIsReuse(after: Int64, grace: Int64) throws {
        try begin()
        #expect(try rotate(1, 2) == rotated)
        #expect(try rotate(1, 3, after: after, grace: .seconds(grace)) == reused)
        #expect(try rotate(2, 4) == .unknownToken)
        store.close()
    }

    @Test func aSuccessorThatWasUsedEndsTheGrace() throws {
        try begin()
        #expect(try rotate(1, 2) == rotated)
        #expect(try rotate(2, 3) == rotated)
        #expect(try rotate(1, 4) == reused)
        store.close()
    }
}

@Suite struct ImportedPasswordTests {
    /// Of Openwall's crypt_blowfish 1.3, wrapper.c (public domain).
    private let hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"

    @Test func aRightPasswordGetsAHashOfToday() {
        guard case .isRightAnew(let new) = PasswordHash.perform(.verify(secret("U*U"), hash: hash))
        else {
            Issue.record("not right")
            return
        }
        for isAmongImported in [true, false] {
            let job = PasswordJob.verify(
                secret("U*U"), hash: new, amongImported: isAmongImported)
            guard case .isRight(true) = PasswordHash.perform(job) else {
                Issue.record("the new hash is wrong")
                return
            }
        }
    }

    @Test func aWrongPasswordGetsNothing() {
        for hash in [hash, nil] {
            let job = PasswordJob.verify(secret("U*V"), hash: hash, amongImported: true)
            guard case .isRight(false) = PasswordHash.perform(job) else {
                Issue.record("right")
                return
            }
        }
    }
}
