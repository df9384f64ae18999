import Clock
import Crypto
import Foundation
import Platform
import Relay
import Testing

@testable import Storage

private let alice = Account(number: 1, id: "a1", name: "Alice", email: "alice@example.com")

@Suite struct StoreTests {
    @Test func messagesComeBackInOrderAndGoOnce() throws {
        let store = try TestStore()
        let results = store.perform(
            (1...300).map {
                .keep(
                    receiver: Int64($0 % 2), key: MessageKey(high: 1, low: UInt64($0)),
                    event: Array("event \($0)".utf8), remembers: true, now: start)
            })
        #expect(results.allSatisfy { if case .kept = $0 { true } else { false } })
        #expect(try store.messages(for: 1) == stride(from: 1, to: 300, by: 2).map { "event \($0)" })
        #expect(try store.messages(for: 1, after: 297) == ["event 299"])
        #expect(
            try store.perform(.remove(receiver: 1, rows: [1, 3, 3, 2]))
                == .removed([
                    Removal(receiver: 1, count: 2, byteCount: 14)
                ]))
        #expect(try store.messages(for: 1).first == "event 5")
        #expect(try store.messages(for: 0).first == "event 2")
    }

    @Test func readingIsBounded() throws {
        let store = try TestStore()
        for number in 0..<5 { _ = try store.keep(String(repeating: "\(number)", count: 1000)) }
        func read(_ count: Int, _ byteCount: Int) throws -> (Int, Bool) {
            guard
                case .messages(let messages, let isLast) = try store.perform(
                    .read(receiver: 1, after: 0, count: count, byteCount: byteCount))
            else { return (-1, false) }
            return (messages.count, isLast)
        }
        #expect(try read(3, 1 << 20) == (3, false))
        #expect(try read(6, 1 << 20) == (5, true))
        #expect(try read(6, 1) == (1, false))
        #expect(try read(6, 2500) == (3, false))
    }

    @Test func aKeyIsKnownAfterItsMessageIsGone() throws {
        let store = try TestStore()
        #expect(try store.keep("first", id: 5) == .kept(row: 1))
        #expect(try store.keep("again", id: 5) == .duplicate(isDelivered: false))
        #expect(
            try store.perform(.removeByKey(receiver: 1, key: MessageKey(high: 7, low: 5)))
                == .removed([Removal(receiver: 1, count: 1, byteCount: 5)]))
        #expect(try store.keep("again", id: 5) == .duplicate(isDelivered: true))
        store.close()
        try store.open()
        #expect(try store.keep("again", id: 5) == .duplicate(isDelivered: true))
        #expect(try store.messages() == [])
    }

    /// Else somebody who says again that he has an old message would take a new one away.
    @Test func aNumberIsNeverUsedTwice() throws {
        let store = try TestStore()
        let old = MessageKey(high: 7, low: 5)
        #expect(try store.keep("old", id: 5) == .kept(row: 1))
        _ = try store.perform(.removeByKey(receiver: 1, key: old))
        store.close()
        try store.open()
        #expect(try store.keep("new", id: 6) == .kept(row: 2))
        _ = try store.perform(.removeByKey(receiver: 1, key: old))
        #expect(try store.messages() == ["new"])
    }

    /// What was replied to is there after a kill; here the files are copied while it runs.
    @Test func whatWasCommittedSurvivesAKill() throws {
        let store = try TestStore()
        _ = try store.perform(.addAccount(alice, passwordHash: "$argon2id$x"))
        for number in 0..<50 { _ = try store.keep("event \(number)", id: number) }
        let copy = try TestStore()
        copy.close()
        for name in try FileManager.default.contentsOfDirectory(atPath: store.directory.path)
        where !name.hasSuffix("-shm") && !name.hasSuffix(".lock") {
            let target = copy.directory.appending(path: name)
            try? FileManager.default.removeItem(at: target)
            try FileManager.default.copyItem(
                at: store.directory.appending(path: name), to: target)
        }
        try copy.open()
        #expect(copy.state.accounts == [alice])
        #expect(copy.state.kept == [Removal(receiver: 1, count: 50, byteCount: 10 * 7 + 40 * 8)])
        #expect(try copy.messages() == (0..<50).map { "event \($0)" })
        #expect(try copy.keep("event 3", id: 3) == .duplicate(isDelivered: false))
    }

    @Test func nothingReadableLiesInTheFiles() throws {
        let store = try TestStore()
        for number in 0..<20 { _ = try store.keep("planted-marker-\(number)", id: number) }
        let token = RefreshToken(
            digest: [UInt8](repeating: 9, count: 32), session: "s1", account: 1,
            expiresAt: start + .seconds(60))
        _ = try store.perform(.addRefreshToken(token))
        #expect(try !store.allBytes().contains("planted-marker"))
        store.close()
        #expect(try !store.allBytes().contains("planted-marker"))
        try store.open()
        #expect(try store.messages().count == 20)
    }

    @Test func messagesExpireAndTheirKeyIsErased() throws {
        let store = try TestStore()
        let hour = Duration.seconds(3600)
        _ = try store.keep("old", id: 1, at: start)
        _ = try store.keep("young", id: 2, at: start + hour)
        let keysBefore = try Data(contentsOf: URL(filePath: store.options.keyFile))
        #expect(
            try store.perform(.cleanUp(now: start + hour * 6 + .seconds(-1))) == .removed([]))
        #expect(
            try store.perform(.cleanUp(now: start + hour * 6))
                == .removed([Removal(receiver: 1, count: 1, byteCount: 3)]))
        #expect(try store.messages() == ["young"])
        // Its tombstone is as old, so the id may come again.
        #expect(try store.keep("old", id: 1, at: start + hour * 6) == .kept(row: 3))
        _ = try store.perform(.cleanUp(now: start + hour * 7))
        let keysAfter = try Data(contentsOf: URL(filePath: store.options.keyFile))
        #expect(keysBefore.count == 128)
        let erased = keysBefore[8..<40]
        #expect(keysAfter.range(of: erased) == nil)
        #expect(try store.allBytes().withUnsafeBytes { Data($0).range(of: erased) } == nil)
    }

    /// The database of an hour ago is worthless once the key is erased.
    @Test func anOldCopyCannotBeRead() throws {
        let store = try TestStore()
        _ = try store.keep("secret", id: 1)
        store.close()
        let database = try Data(contentsOf: URL(filePath: store.options.database))
        try store.open(at: start + .seconds(8 * 3600))
        store.close()
        try database.write(to: URL(filePath: store.options.database))
        let now = start + .seconds(60)
        try store.open(at: now)
        #expect(store.state.kept.first?.count == 1)
        #expect(try store.messages() == [])
    }

    @Test func aFullDiskIsAnHonestNo() throws {
        let store = try TestStore()
        store.close()
        store.options.maximumPageCount = 64
        try store.open()
        var kept = 0
        var failure: StoreResult?
        for number in 0..<100 {
            let result = try store.keep(String(repeating: "x", count: 8000), id: number)
            if case .kept = result { kept += 1 } else { failure = failure ?? result }
        }
        #expect(kept > 5 && kept < 64)
        #expect(failure == .failed(code: "storeFull"))
        // What was kept is there, and room can be made again.
        #expect(try store.messages().count == kept)
        let rows = (1...10).map(Int64.init)
        guard case .removed = try store.perform(.remove(receiver: 1, rows: rows)) else {
            Issue.record("nothing can be removed from a full store")
            return
        }
        guard case .kept = try store.keep("small", id: 1000) else {
            Issue.record("no room after removing")
            return
        }
    }

    /// In one transaction with an operation that fails, the others succeed.
    @Test func oneFailureIsOneFailure() throws {
        let store = try TestStore()
        store.close()
        store.options.maximumPageCount = 64
        try store.open()
        let big = [UInt8](repeating: 7, count: 400_000)
        let results = store.perform([
            .keep(
                receiver: 1, key: MessageKey(high: 0, low: 1), event: [1], remembers: true,
                now: start),
            .keep(
                receiver: 1, key: MessageKey(high: 0, low: 2), event: big, remembers: true,
                now: start),
            .keep(
                receiver: 1, key: MessageKey(high: 0, low: 3), event: [3], remembers: true,
                now: start),
        ])
        #expect(results[1] == .failed(code: "storeFull"))
        #expect(try store.messages() == ["\u{1}", "\u{3}"])
    }

    @Test func accountsAndTokens() throws {
        let store = try TestStore()
        #expect(try store.perform(.addAccount(alice, passwordHash: "h")) == .done)
        let twin = Account(number: 2, id: "a2", name: "Twin", email: alice.email)
        #expect(try store.perform(.addAccount(twin, passwordHash: "h")) == .accountExists)
        #expect(try store.perform(.passwordHash(account: 1)) == .passwordHash("h"))
        #expect(try store.perform(.passwordHash(account: 2)) == .passwordHash(nil))
        func digest(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }
        func rotate(_ from: UInt8, _ to: UInt8, at now: Timestamp = start) throws -> StoreResult? {
            try store.perform(
                .rotateRefreshToken(
                    digest: digest(from), next: digest(to), expiresAt: now + .seconds(60), now: now
                ))
        }
        let token = RefreshToken(
            digest: digest(1), session: "s", account: 1, expiresAt: start + .seconds(60))
        #expect(try store.perform(.addRefreshToken(token)) == .done)
        #expect(try rotate(9, 8) == .unknownToken)
        #expect(try rotate(1, 2, at: start + .seconds(60)) == .unknownToken)
        #expect(try rotate(1, 2) == .rotated(account: 1, session: "s"))
        #expect(try rotate(1, 3) == .reused(account: 1, session: "s"))
        #expect(try rotate(2, 4) == .unknownToken)
        store.close()
        try store.open()
        #expect(store.state.revoked.keys.contains("s"))
        store.close()
    }

    @Test func twoRelaysDoNotShareADatabase() throws {
        let store = try TestStore()
        #expect(throws: StorageError.inUse(store.options.database)) {
            try Store.open(store.options, now: start) { _ in }
        }
    }

    /// What SQLite says of where it looked is no finding.
    @Test func whatIsDamagedIsSaid() throws {
        let store = try TestStore()
        store.close()
        let path = store.options.database
        var bytes = try Data(contentsOf: URL(filePath: path))
        // The number of free pages, in the header of the file.
        bytes.replaceSubrange(36..<40, with: [0, 0, 0, 9])
        try bytes.write(to: URL(filePath: path))
        for open in [{ try store.open() }, { _ = try Store.checkIntegrity(path) }] {
            #expect {
                try open()
            } throws: {
                let message = ($0 as? StorageError)?.message ?? ""
                return message.contains("is damaged: ") && message.contains("reelist")
                    && !message.contains("***")
            }
        }
    }

    @Test func damageIsFoundAtTheStart() throws {
        let store = try TestStore()
        store.close()
        try Data("not a database at all, but long enough to look at".utf8).write(
            to: URL(filePath: store.options.database))
        #expect {
            try store.open()
        } throws: {
            if case .corrupt = $0 as? StorageError { true } else { false }
        }
    }

    /// A file of something else, or a directory, that was named by mistake: nothing appears beside it.
    @Test(arguments: ["x", "", nil])
    func whatIsNoDatabaseIsLeftAlone(contents: String?) throws {
        let store = try TestStore()
        let path = store.directory.appending(path: "key.pub")
        if let contents {
            try Data((contents + "\n").utf8).write(to: path)
        } else {
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: false)
        }
        let names = { try FileManager.default.contentsOfDirectory(atPath: store.directory.path) }
        let before = Set(try names())
        let options = StoreOptions(database: path.path, keyFile: path.path + ".keys")
        #expect(throws: StorageError.self) { try Store.check(options.database) }
        #expect(throws: StorageError.self) { try Store.open(options, now: start) { _ in } }
        #expect(Set(try names()) == before)
    }

    @Test func aDatabaseMayBeThereOrNotYet() throws {
        let store = try TestStore()
        store.close()
        try Store.check(store.options.database)
        try Store.check(store.options.database + ".new")
        try Data().write(to: URL(filePath: store.options.database + ".empty"))
        try Store.check(store.options.database + ".empty")
    }

    @Test func aNewerDatabaseIsLeftAlone() throws {
        let store = try TestStore()
        store.close()
        let database = try Database(store.options.database)
        try database.execute("PRAGMA user_version = 1000")
        #expect {
            try store.open()
        } throws: {
            if case .newerSchema(_, 1000, _) = $0 as? StorageError { true } else { false }
        }
    }

    @Test func theKeyFileIsPrivateAndWhole() throws {
        let store = try TestStore()
        _ = try store.keep("x")
        store.close()
        let path = store.options.keyFile
        for file in [path, store.options.database] {
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
            #expect(mode as? Int == 0o600)
        }
        var keys = try Data(contentsOf: URL(filePath: path))
        keys[20] ^= 1
        try keys.write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(throws: StorageError.badKeyFile(path)) { try store.open() }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect {
            try store.open()
        } throws: {
            ($0 as? StorageError)?.code == "keyFile"
        }
    }
}

@Suite struct PasswordTests {
    private func secret(_ text: String) -> SharedSecret {
        var bytes = Array(text.utf8)
        return SharedSecret(SecretBytes(moving: &bytes))
    }

    @Test func aHashKnowsItsPassword() throws {
        guard case .hash(let hash) = PasswordHash.perform(.hash(secret("correct horse"))) else {
            Issue.record("no hash")
            return
        }
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(PasswordHash(hash)?.text == hash)
        for (password, isRight) in [("correct horse", true), ("correct hors", false), ("", false)] {
            guard
                case .isRight(isRight) = PasswordHash.perform(
                    .verify(secret(password), hash: hash))
            else {
                Issue.record("wrong answer for \"\(password)\"")
                continue
            }
        }
        guard case .isRight(false) = PasswordHash.perform(.verify(secret("x"), hash: nil)) else {
            Issue.record("an account without a password lets in")
            return
        }
    }

    @Test(arguments: [
        "", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA",
        "$argon2id$v=19$m=99999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=2,p=2$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ])
    func damagedHashesAreNobodys(text: String) { #expect(PasswordHash(text) == nil) }
}
