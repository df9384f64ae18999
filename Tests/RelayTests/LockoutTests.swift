import Clock
import HTTP
import JSON
import Testing

@testable import Relay

@Suite struct LockoutTests {
    private func book() -> Lockouts {
        Lockouts(
            capacity: 3, secondsPerToken: 10, firstLock: 10, longestLock: 60, maximumCount: 4)
    }

    private func fail(_ book: inout Lockouts, _ name: String, at now: Instant) -> Bool {
        book.begin(name, at: now)
        return book.fail(name, at: now)
    }

    @Test func whoGoesOnFailingWaitsTwiceAsLongEachTime() {
        var book = book()
        var now = Instant.origin
        #expect((0..<3).map { _ in fail(&book, "a", at: now) } == [false, false, true])
        for seconds in [10, 20, 40, 60, 60] {
            #expect(book.wait("a", at: now) == Double(seconds))
            now = now + .seconds(seconds)
            #expect(book.wait("a", at: now) == 0)
            #expect(fail(&book, "a", at: now))
        }
        #expect(book.wait("b", at: now) == 0)
        book.forget("a")
        #expect(book.wait("a", at: now) == 0)
    }

    @Test func triesAtOnceLockOnce() {
        var book = book()
        for _ in 0..<3 { book.begin("a", at: .origin) }
        #expect(book.wait("a", at: .origin) > 0)
        #expect((0..<3).map { _ in book.fail("a", at: .origin) } == [true, false, false])
        #expect(book.wait("a", at: .origin) == 10)
    }

    @Test func aRightTryCostsNothing() {
        var book = book()
        for _ in 0..<100 {
            book.begin("a", at: .origin)
            book.giveBack("a")
        }
        #expect(book.wait("a", at: .origin) == 0)
    }

    @Test func aFloodOfNamesLocksNobodyElse() {
        var book = book()
        for name in 0..<100 { for _ in 0..<3 { _ = fail(&book, "n\(name)", at: .origin) } }
        // New names share what is left, which nobody locks.
        #expect(book.wait("new", at: .origin) == 0)
        book.forgetFull(at: .origin + .seconds(1000))
        #expect(!fail(&book, "new", at: .origin + .seconds(1000)))
    }

    @Test func aNetworkOfIPv6IsLockedAsOne() throws {
        let relay = try TestRelay()
        let statuses = try (0..<35).map { round in
            try relay.request(
                .post, "/api/auth/login", #"{"email":"u\#(round)@example.com","password":"x"}"#,
                from: "2001:db8:1:2::\(round)"
            ).status
        }
        #expect(statuses.filter { $0 == 429 }.count == 5)
        let other = try relay.request(
            .post, "/api/auth/login", #"{"email":"u@example.com","password":"x"}"#,
            from: "2001:db8:1:3::1")
        #expect(other.status == 401)
    }

    /// Behind a proxy on the same machine everybody has its address, which one guesser must not
    /// spend: only accounts are locked there.
    @Test(arguments: ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
    func failuresFromThisMachineLockAccountsAlone(address: String) throws {
        let relay = try TestRelay()
        let good = #"{"name":"C","email":"c@example.com","password":"long enough 1"}"#
        #expect(try relay.request(.post, "/api/auth/register", good, from: address).status == 201)
        for round in 0..<100 {
            let status = try relay.request(
                .post, "/api/auth/login", #"{"email":"u\#(round)@example.com","password":"x"}"#,
                from: address
            ).status
            #expect(status == 401)
        }
        #expect(try relay.request(.post, "/api/auth/login", good, from: address).status == 200)
        let wrong = #"{"email":"c@example.com","password":"x"}"#
        for _ in 0..<10 { _ = try relay.request(.post, "/api/auth/login", wrong, from: address) }
        #expect(try relay.request(.post, "/api/auth/login", good, from: address).status == 429)
        #expect(relay.server.counters.lockedAccounts == 1)
        #expect(relay.server.counters.lockedAddresses == 0)
    }

    @Test func theLogNamesWhoIsLockedByIdOrAddress() throws {
        let relay = try TestRelay()
        let good = #"{"name":"C","email":"c@example.com","password":"long enough 1"}"#
        let id = try relay.request(.post, "/api/auth/register", good).body["user"]?["_id"]?.string
        for _ in 0..<10 {
            _ = try relay.request(
                .post, "/api/auth/login", #"{"email":"c@example.com","password":"x"}"#)
        }
        func lockLines() -> [String] { relay.log.filter { $0.contains("locked out") } }
        #expect(lockLines() == ["too many failures of the user \(id!): locked out for a while"])
        for round in 0..<20 {
            _ = try relay.request(
                .post, "/api/auth/login", #"{"email":"u\#(round)@example.com","password":"x"}"#)
        }
        #expect(
            lockLines().dropFirst()
                == ["too many failures from 192.0.2.1: locked out for a while"])
        #expect(relay.log.allSatisfy { !$0.contains("@") })
        #expect(relay.server.counters.lockedAccounts == 1)
        #expect(relay.server.counters.lockedAddresses == 1)
    }

    @Test func refusalsAreCountedByLimit() throws {
        var limits = Relay.Limits()
        (limits.failuresPerAccount, limits.failuresPerAddress) = (2, 4)
        (limits.registrationsPerAddress, limits.authRequests) = (1, 1000)
        let relay = try TestRelay(limits: limits)
        func counts() -> [String: UInt64] {
            Dictionary(
                uniqueKeysWithValues: relay.server.refusalsByLimit.map { ($0.name, $0.count) })
        }
        for name in ["a", "a", "a", "b", "c", "d"] {
            _ = try relay.request(
                .post, "/api/auth/login", #"{"email":"\#(name)@example.com","password":"x"}"#)
        }
        #expect(counts()["failuresPerAccount"] == 1 && counts()["failuresPerAddress"] == 1)
        for name in ["e", "f", "g"] {
            _ = try relay.request(
                .post, "/api/auth/register",
                #"{"name":"E","email":"\#(name)@example.com","password":"long enough 1"}"#)
        }
        #expect(counts()["registrationsPerAddress"] == 2 && counts()["authRequests"] == 0)
    }

    @Test func everyAuthenticationRouteIsCounted() throws {
        var limits = Relay.Limits()
        limits.authRequests = 5
        limits.secondsPerAuthRequest = 10
        for path in ["register", "login", "refresh"] {
            let relay = try TestRelay(limits: limits)
            let statuses = try (0..<7).map { _ in
                try relay.request(.post, "/api/auth/\(path)", "{}").status
            }
            #expect(statuses == Array(repeating: 400, count: 5) + [429, 429], "\(path)")
        }
        let relay = try TestRelay(limits: limits)
        let token = relay.token("bob")
        let statuses = try (0..<7).map { round in
            try relay.request(.get, "/api/auth/me", bearer: token, from: "192.0.2.\(round)").status
        }
        #expect(statuses == Array(repeating: 200, count: 5) + [429, 429])
    }

    @Test func retryAfterSaysHowLong() throws {
        let relay = try TestRelay()
        let wrong = #"{"email":"a@example.com","password":"x"}"#
        for _ in 0..<10 { _ = try relay.request(.post, "/api/auth/login", wrong) }
        _ = try relay.request(.post, "/api/auth/login", wrong)
        let last = try #require(relay.responses.max { $0.key < $1.key }?.value)
        #expect(last.status == .tooManyRequests && last.fields["Retry-After"] == "10")
    }
}
