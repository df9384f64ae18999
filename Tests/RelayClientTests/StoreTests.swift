import Clock
import Foundation
import HTTPClient
import JSON
import Platform
import Support
import Synchronization
import Testing

@testable import RelayClient

/// A directory of its own for a test.
private final class Scratch {
    let directory: StateDirectory

    init() {
        directory = StateDirectory(
            FileManager.default.temporaryDirectory
                .appending(component: "parley-\(UUID().uuidString)").path)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory.path) }
}

private func account(token: String) throws -> Account {
    let json: JSON = [
        "user": ["_id": "u1", "name": "Bob", "email": "bob@example.com"],
        "token": .string(token), "refresh_token": "r",
    ]
    return try #require(Account(json))
}

/// What a relay answers to a refresh.
private func fresh(_ account: Account, token: String = "new") -> Account {
    var renewed = account
    _ = renewed.renew(with: ["token": .string(token), "refresh_token": "r2"])
    return renewed
}

@Suite struct AccountStoreTests {
    private let scratch = Scratch()
    private let store: AccountStore
    private let relay: RelayAddress

    init() throws {
        store = AccountStore(in: scratch.directory)
        relay = try RelayAddress(relay: "https://relay.example")
    }

    private func save(_ token: String) throws {
        _ = try store.save(at: relay) { try account(token: token) }
    }

    @Test func aLoginIsKeptInAPrivateFile() throws {
        try save("t")
        #expect(try store.account(at: relay) == account(token: "t"))
        let attributes = try FileManager.default.attributesOfItem(atPath: store.path(relay))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(store.relays() == [relay])
        try store.remove(relay)
        #expect(throws: RelayError.notLoggedIn(relay: relay.description)) {
            try store.account(at: relay)
        }
    }

    @Test func theOnlyRelayIsTheDefault() throws {
        let nothing = Environment([:])
        #expect(throws: RelayError.noRelay) { try store.relay(named: nil, in: nothing) }
        try save("t")
        #expect(try store.relay(named: nil, in: nothing) == relay)
        #expect(
            try store.relay(named: nil, in: Environment(["PARLEY_RELAY": "http://a"])).host == "a")
        _ = try store.save(at: RelayAddress(relay: "http://b")) { try account(token: "t") }
        #expect(throws: RelayError.noRelay) { try store.relay(named: nil, in: nothing) }
    }

    @Test func aDamagedFileIsToldApart() throws {
        try save("t")
        try Data("{}".utf8).write(to: URL(filePath: store.path(relay)))
        #expect(throws: RelayError.brokenAccountFile(store.path(relay))) {
            try store.account(at: relay)
        }
    }

    /// A refresh token used twice ends the login, so of many that find the token spent one renews.
    @Test func oneOfManyRenews() throws {
        try save("old")
        let count = Atomic<Int>(0)
        let (store, relay) = (store, relay)
        let results = Mutex<[String]>([])
        let threads = try (0..<8).map { _ in
            try Platform.Thread("test") {
                let renewed = try? store.renewing("old", at: relay) { account in
                    count.wrappingAdd(1, ordering: .relaxed)
                    return fresh(account)
                } warn: {
                    Issue.record("\($0)")
                }
                results.withLock { $0.append(renewed?.token ?? "none") }
            }
        }
        for thread in threads { thread.join() }
        #expect(count.load(ordering: .relaxed) == 1)
        #expect(results.withLock { $0 } == Array(repeating: "new", count: 8))
        #expect(try store.account(at: relay).refreshToken == "r2")
    }

    @Test func aFailedRenewalKeepsWhatThereIs() throws {
        try save("old")
        #expect(throws: RelayError.rateLimited(reason: "x")) {
            try store.renewing("old", at: relay) { _ in
                throw RelayError.rateLimited(reason: "x")
            } warn: {
                Issue.record("\($0)")
            }
        }
        #expect(try store.account(at: relay).token == "old")
        #expect(scratchNames == ["https-relay.example-443.json", "https-relay.example-443.lock"])
    }

    private var scratchNames: [String] { scratch.directory.subdirectory("relays").fileNames() }

    /// The refresh token works once, so it must not be used for what cannot be kept.
    @Test func whatCannotBeKeptIsNotAskedFor() throws {
        try save("old")
        let lock = store.path(relay).replacing(".json", with: ".lock")
        try FileManager.default.removeItem(atPath: lock)
        try FileManager.default.createDirectory(
            atPath: lock, withIntermediateDirectories: false)
        let reason = String(cString: strerror(EISDIR))
        #expect(throws: RelayError.notRenewed(.cannotCreate(lock, reason: reason))) {
            try store.renewing("old", at: relay) {
                Issue.record("the refresh token is spent")
                return $0
            } warn: {
                Issue.record("\($0)")
            }
        }
        #expect(throws: FileError.cannotCreate(lock, reason: reason)) {
            try store.save(at: relay) {
                Issue.record("an account is made")
                return try account(token: "t")
            }
        }
        #expect(try store.account(at: relay).token == "old")
    }

    @Test func aRenewedLoginThatCannotBeWrittenAfterAllIsGoodForThisRun() throws {
        try save("old")
        var warnings: [String] = []
        let renewed = try store.renewing("old", at: relay) {
            try FileManager.default.removeItem(atPath: scratch.directory.path)
            return fresh($0)
        } warn: {
            warnings.append($0)
        }
        #expect(renewed.token == "new")
        #expect(warnings.count == 1 && warnings[0].contains(store.path(relay)))
        // Also for those who still have the old token, and if the old file is there again.
        for token in [nil, "old"] {
            if token != nil { _ = try other.save(at: relay) { try account(token: "old") } }
            #expect(try store.account(at: relay) == renewed)
            let again = try store.renewing("old", at: relay) {
                Issue.record("the refresh token is spent again")
                return $0
            } warn: {
                Issue.record("\($0)")
            }
            #expect(again == renewed)
        }
        // A login made since is better.
        _ = try other.save(at: relay) { try account(token: "later") }
        #expect(try store.account(at: relay).token == "later")
    }

    /// The same files, as another process has them.
    private var other: AccountStore { AccountStore(in: scratch.directory) }

    @Test func nobodyFindsALoginThatWasSpent() throws {
        try save("old")
        let file = store.path(relay)
        _ = try store.renewing("old", at: relay) {
            // What is renamed does not take the place of a directory that has something in it.
            try FileManager.default.removeItem(atPath: file)
            try FileManager.default.createDirectory(
                atPath: file + "/a", withIntermediateDirectories: true)
            return fresh($0)
        } warn: { _ in
            try? FileManager.default.removeItem(atPath: file)
        }
        #expect(throws: RelayError.notLoggedIn(relay: relay.description)) {
            try other.account(at: relay)
        }
        #expect(try store.account(at: relay).token == "new")
        // It is written as soon as that is possible again.
        let third = try store.renewing("new", at: relay) {
            #expect($0.refreshToken == "r2")
            return fresh($0, token: "third")
        } warn: {
            Issue.record("\($0)")
        }
        #expect(try other.account(at: relay) == third)
    }

    @Test(arguments: [
        "https://relay.example", "http://127.0.0.1:3333", "http://[::1]:3333", "http://my_relay",
        "https://a-b.example:8443", "https://x_y_z.example",
    ])
    func aDamagedFileStillNamesItsRelay(url: String) throws {
        let relay = try RelayAddress(relay: url)
        _ = try store.save(at: relay) { try account(token: "t") }
        for contents in ["", "{", #"{"relay":"#] {
            try Data(contents.utf8).write(to: URL(filePath: store.path(relay)))
            #expect(try store.relay(named: nil, in: Environment([:])) == relay)
            #expect(throws: RelayError.brokenAccountFile(store.path(relay))) {
                try store.account(at: relay)
            }
        }
        // What is no login's name is none.
        for name in ["notes", "http-a", "ftp-a-1", "http-a-0", "http-A-1", "-", "http--1"] {
            try Data().write(
                to: URL(filePath: store.path(relay)).deletingLastPathComponent()
                    .appending(component: "\(name).json"))
        }
        #expect(store.relays() == [relay])
    }

    @Test func theExpiryIsReadFromTheToken() throws {
        // {"_id":"u","exp":1795250507}
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJfaWQiOiJ1IiwiZXhwIjoxNzk1MjUwNTA3fQ.x"
        #expect(try account(token: token).expires == Timestamp(seconds: 1_795_250_507))
        for other in ["t", "a.b", "a.b.c", "..", "a.e30.c"] {
            #expect(try account(token: other).expires == nil)
        }
    }
}

@Suite struct ReceivedLogTests {
    private let scratch = Scratch()
    private let relay: RelayAddress
    private let start = Timestamp(milliseconds: 1_795_250_507_000)
    private let keys = (0..<10).map { MessageKey(sender: "s", id: "m\($0)") }

    init() throws { relay = try RelayAddress(relay: "https://relay.example") }

    private func open(at now: Timestamp) throws -> ReceivedLog {
        var log = try ReceivedLog(of: account(token: "t"), at: relay, in: scratch.directory)
        try log.open(now: now)
        return log
    }

    private var file: URL {
        get throws {
            let folder = scratch.directory.subdirectory("recvmsg")
            let name = try #require(folder.fileNames().first { $0.hasSuffix(".log") })
            return URL(filePath: folder.path(of: name))
        }
    }

    private func record(_ keys: [MessageKey], at now: Timestamp) throws {
        var log = try open(at: now)
        try log.record(keys, at: now)
        try log.synchronize()
    }

    private func known(at now: Timestamp) throws -> [MessageKey] {
        let log = try open(at: now)
        return keys.filter { log.contains($0) }
    }

    @Test func whatWasRecordedIsKnownTheNextTime() throws {
        try record(Array(keys[..<3]), at: start)
        try record(Array(keys[2..<5]), at: start + .seconds(1))
        #expect(try known(at: start + .seconds(2)) == Array(keys[..<5]))
    }

    @Test func aRecordThatWasCutOffIsDroppedAndTheNextOnesHold() throws {
        try record(keys.dropLast(), at: start)
        let whole = try Data(contentsOf: file)
        for cut in 1..<24 {
            try whole.dropLast(cut).write(to: file)
            #expect(try known(at: start) == Array(keys[..<8]))
            try record([keys[9]], at: start)
            #expect(try known(at: start) == Array(keys[..<8]) + [keys[9]])
        }
    }

    @Test func oldMessagesAreForgotten() throws {
        try record([keys[0]], at: start)
        let later = start + ReceivedLog.memory + .seconds(1)
        try record([keys[1]], at: later)
        #expect(try known(at: later) == [keys[1]])
    }

    @Test func whatIsTakenBackIsNotKnownUntilItIsRecordedAgain() throws {
        try record(Array(keys[..<4]), at: start)
        var log = try open(at: start)
        try log.revoke([keys[1], keys[3]])
        _ = consume log
        #expect(try known(at: start) == [keys[0], keys[2]])
        try record([keys[3]], at: start)
        #expect(try known(at: start) == [keys[0], keys[2], keys[3]])
    }

    @Test func theLastInboxIsRemembered() throws {
        for path in ["/home/bob/In box", nil] {
            try remember(path)
            let log = try open(at: start)
            let last = try log.lastInbox()
            #expect(last == path)
        }
    }

    private func remember(_ inbox: String?) throws {
        let log = try open(at: start)
        try log.setLastInbox(inbox)
    }

    @Test func oneProcessHasItAtATime() throws {
        let log = try open(at: start)
        #expect(throws: FileError.self) { try known(at: start) }
        _ = consume log
        #expect(try known(at: start) == [])
    }

    @Test func keysSurviveBeingNames() throws {
        var names = try InboxNames(of: account(token: "t"), at: relay)
        for key in keys {
            let name = names.next(key, at: start)
            #expect(names.key(name) == key)
        }
        #expect(names.key("README") == nil)
        // Other programs and other logins may use the same directory.
        #expect(names.key("1795250507.\(keys[0].text)") == nil)
        var other = try account(token: "t")
        other.userID = "another"
        var theirs = InboxNames(of: other, at: relay)
        #expect(names.key(theirs.next(keys[0], at: start)) == nil)
        let (earlier, later) = (names.next(keys[0], at: start), names.next(keys[0], at: start))
        #expect(earlier < later)
    }
}
