import Clock
import HTTP
import JSON
import JWT
import Testing

@testable import Relay

@Suite("Operators and accounts") struct UserTests {
    private let relay: TestRelay

    init() throws { relay = try TestRelay() }

    private func ask(_ line: String) throws -> [JSON] {
        relay.replies[1] = []
        relay.answered.remove(1)
        relay.server.receive(control: Array(line.utf8), number: 1)
        relay.run()
        #expect(relay.answered.contains(1))
        return try (relay.replies[1] ?? []).map { try JSON(parsing: $0) }
    }

    private func logIn(_ email: String, _ password: String) throws -> (Int, JSON) {
        let (status, body) = try relay.request(
            .post, "/api/auth/login", #"{"email":"\#(email)","password":"\#(password)"}"#)
        return (status, body)
    }

    private func add(_ email: String = "alice@example.com") throws -> String {
        let answer = try ask(
            #"{"request":"user.add","name":"A","email":"\#(email)","password":"correct horse"}"#)
        return try #require(answer.first?["user"]?.string)
    }

    @Test func anAddedUserLogsIn() throws {
        _ = try add()
        #expect(try logIn("alice@example.com", "correct horse").0 == 200)
        let again = try ask(
            #"{"request":"user.add","name":"A","email":"Alice@example.com","password":"secret"}"#)
        #expect(again[0]["error"]?["code"] == "emailTaken")
        #expect(
            again[0]["error"]?["message"] == #"there is an account of "alice@example.com" already"#)
        #expect(again[0]["error"]?["hint"]?.string?.contains("user remove") == true)
        let short = try ask(
            #"{"request":"user.add","name":"A","email":"b@example.com","password":"x"}"#)
        #expect(short[0]["error"]?["code"] == "badField")
        let none = try ask(#"{"request":"user.add","name":"B","email":"b@example.com"}"#)
        #expect(none[0]["error"]?["code"] == "missingField")
    }

    @Test func aDisabledUserIsOutAtOnce() throws {
        let id = try add()
        let (_, login) = try logIn("alice@example.com", "correct horse")
        let token = try #require(login["token"]?.string)
        let refresh = try #require(login["refresh_token"]?.string)
        relay.connect(1, auth: #"{"token":"\#(token)"}"#)
        let foreign = relay.token(id)
        relay.connect(2, auth: #"{"token":"\#(foreign)"}"#)
        #expect(relay.accepted == [1, 2])
        #expect(
            try ask(#"{"request":"user.disable","user":"alice@example.com"}"#)[0]["type"]
                == "disabled")
        #expect(relay.closed == [1: "accountDisabled", 2: "accountDisabled"])
        for round in 0..<2 {
            for token in [token, foreign] {
                #expect(try relay.request(.get, "/api/auth/me", bearer: token).status == 401)
                relay.connect(10 + round, auth: #"{"token":"\#(token)"}"#)
            }
            #expect(relay.accepted == (round == 0 ? [1, 2] : []))
            #expect(
                try relay.request(.post, "/api/auth/refresh", #"{"refresh_token":"\#(refresh)"}"#)
                    .status == 401)
            let answer = try logIn("alice@example.com", "correct horse")
            #expect(answer.0 == 403 && answer.1["code"] == "accountDisabled")
            #expect(try logIn("alice@example.com", "wrong").0 == 401)
            relay.restart()
        }
        _ = try ask(#"{"request":"user.enable","user":"\#(id)"}"#)
        #expect(try relay.request(.get, "/api/auth/me", bearer: token).status == 401)
        #expect(try logIn("alice@example.com", "correct horse").0 == 200)
    }

    private func token(_ id: String, issuedAt: Timestamp?) -> String {
        relay.key.makeToken(
            Claims(
                userID: id, email: nil, session: nil, issuedAt: issuedAt,
                expiresAt: relay.wall + .seconds(3600)))
    }

    private func made(for id: String) throws -> String {
        let answer = try ask(#"{"request":"token.make","user":"\#(id)"}"#)
        return try #require(answer.first?["token"]?.string)
    }

    private func status(_ token: String) throws -> Int {
        try relay.request(.get, "/api/auth/me", bearer: token).status
    }

    /// Whoever made them: the relay for a login or for an operator, or another issuer, which may not
    /// say when. What is given out after the disabling is good, in the very same second too.
    @Test func tokensOfBeforeADisablingStayRefused() throws {
        let id = try add()
        relay.advance(.milliseconds(300))
        let (_, login) = try logIn("alice@example.com", "correct horse")
        let old = try [
            made(for: id), token(id, issuedAt: relay.wall), token(id, issuedAt: nil),
            token(id, issuedAt: relay.wall + .seconds(-60)), #require(login["token"]?.string),
        ]
        #expect(try old.map(status) == [200, 200, 200, 200, 200])
        relay.advance(.milliseconds(300))
        _ = try ask(#"{"request":"user.disable","user":"\#(id)"}"#)
        _ = try ask(#"{"request":"user.enable","user":"\#(id)"}"#)
        let (_, again) = try logIn("alice@example.com", "correct horse")
        let new = try [made(for: id), #require(again["token"]?.string)]
        let refresh = try #require(again["refresh_token"]?.string)
        let (_, pair) = try relay.request(
            .post, "/api/auth/refresh", #"{"refresh_token":"\#(refresh)"}"#)
        #expect(try status(#require(pair["token"]?.string)) == 200)
        for round in 0..<3 {
            #expect(try old.map(status) == [401, 401, 401, 401, 401])
            #expect(try new.map(status) == [200, 200])
            relay.connect(round, auth: #"{"token":"\#(old[1])"}"#)
            #expect(relay.refusals[round] == "Authentication failed revoked")
            relay.advance(.seconds(600))
            #expect(try status(relay.token(id)) == 200)
            #expect(try status(token(id, issuedAt: nil)) == 401)
            relay.restart()
        }
        #expect(try status(relay.token("bob")) == 200)
        #expect(try status(token("bob", issuedAt: nil)) == 200)
    }

    /// The last disabling counts, and enabling twice changes nothing.
    @Test func eachDisablingEndsWhatCameSinceTheOneBefore() throws {
        let id = try add()
        for _ in 0..<2 {
            relay.advance(.seconds(2))
            let between = relay.token(id)
            #expect(try status(between) == 200)
            _ = try ask(#"{"request":"user.disable","user":"\#(id)"}"#)
            relay.advance(.seconds(2))
            let later = relay.token(id)
            for _ in 0..<2 { _ = try ask(#"{"request":"user.enable","user":"\#(id)"}"#) }
            #expect(try status(between) == 401)
            #expect(try status(later) == 200)
        }
    }

    /// Twice in one second, with a token made between.
    @Test func disablingTwiceAtOnceEndsTokensTwice() throws {
        let id = try add()
        var old: [String] = []
        for _ in 0..<3 {
            old.append(try made(for: id))
            #expect(try status(old.last ?? "") == 200)
            _ = try ask(#"{"request":"user.disable","user":"\#(id)"}"#)
            _ = try ask(#"{"request":"user.enable","user":"\#(id)"}"#)
            #expect(try old.allSatisfy { try status($0) == 401 })
        }
        relay.restart()
        #expect(try old.allSatisfy { try status($0) == 401 })
        #expect(try status(made(for: id)) == 200)
    }

    /// Who was disabled when the clock was an hour ahead logs in once that is done anew.
    @Test func aClockThatWasPutBackShutsNobodyOut() throws {
        let id = try add()
        let ahead = try made(for: id)
        _ = try ask(#"{"request":"user.disable","user":"\#(id)"}"#)
        relay.wall = relay.wall + .seconds(-3600)
        relay.advance(.seconds(1))
        let old = relay.token(id)
        _ = try ask(#"{"request":"user.disable","user":"\#(id)"}"#)
        _ = try ask(#"{"request":"user.enable","user":"\#(id)"}"#)
        #expect(try status(old) == 401)
        #expect(try status(ahead) == 401)
        #expect(try status(made(for: id)) == 200)
    }

    @Test func enablingEndsALock() throws {
        _ = try add()
        for _ in 0..<11 { _ = try logIn("alice@example.com", "wrong") }
        #expect(try logIn("alice@example.com", "correct horse").0 == 429)
        let list = try ask(#"{"request":"user.list"}"#)
        #expect(list[0]["lockedSeconds"] == 10 && list[0]["state"] == "enabled")
        _ = try ask(#"{"request":"user.enable","user":"alice@example.com"}"#)
        #expect(try logIn("alice@example.com", "correct horse").0 == 200)
    }

    @Test func aRemovedUsersIdIsNobodysForEver() throws {
        let id = try add()
        let token = relay.token(id)
        relay.connect(1, auth: #"{"token":"\#(token)"}"#)
        relay.connect(2, "bob")
        _ = try ask(#"{"request":"user.remove","user":"\#(id)"}"#)
        #expect(relay.closed[1] == "accountRemoved")
        relay.disconnect(1)
        for _ in 0..<2 {
            relay.connect(3, auth: #"{"token":"\#(token)"}"#)
            #expect(relay.refusals[3] == "Authentication failed accountRemoved")
            #expect(try logIn("alice@example.com", "correct horse").0 == 401)
            #expect(try ask(#"{"request":"user.disable","user":"\#(id)"}"#)[0]["error"] != nil)
            relay.restart()
        }
        relay.connect(2, "bob")
        relay.send(2, #"["typing:start",{"recipientId":"\#(id)"}]"#)
        #expect(relay.take(2).contains { $0.contains("unknownUser") })
        #expect(try add() != id)
    }

    @Test func importedUsersLogInAndTheirHashesAreReplaced() throws {
        let hash = "$2y$10$" + String(repeating: "a", count: 48)
        let users = [
            #"{"email":"Old@example.com","name":"Old","hash":"\#(hash)horse"}"#,
            #"{"email":"old@example.com","name":"Twin","hash":"\#(hash)horse"}"#,
            #"{"email":"x@example.com","name":"X","hash":"plain"}"#,
            #"{"email":"nobody","name":"X","hash":"\#(hash)horse"}"#,
            #"{"email":"new@example.com","hash":"\#(hash)horse"}"#, "7",
        ].joined(separator: ",")
        let answers = try ask(#"{"request":"user.import","users":[\#(users)]}"#)
        #expect(
            answers.map { $0["code"]?.string ?? $0["type"]?.string } == [
                "user", "emailTaken", "badField", "badField", "user", "notJSON", nil,
            ])
        #expect(answers[4]["name"] == "new")
        #expect(relay.server.importedHashCount == 2)
        #expect(try logIn("old@example.com", "wrong").0 == 401)
        #expect(try logIn("old@example.com", "horse").0 == 200)
        let stored = relay.store.accounts.first { $0.account.email == "old@example.com" }
        #expect(stored?.hash == "hash of horse")
        #expect(try logIn("old@example.com", "horse").0 == 200)
    }

    @Test func madeTokensLetIn() throws {
        let id = try add()
        let made = try ask(
            #"{"request":"token.make","user":"alice@example.com","seconds":60}"#)[0]
        let token = try #require(made["token"]?.string)
        #expect(made["user"]?.string == id)
        #expect(try relay.request(.get, "/api/auth/me", bearer: token).status == 200)
        relay.connect(1, auth: #"{"token":"\#(token)"}"#)
        #expect(relay.accepted == [1])
        relay.advance(.seconds(100))
        #expect(relay.closed[1] == "tokenExpired")
        let unknown = try ask(#"{"request":"token.make","user":"service"}"#)
        #expect(unknown[0]["error"]?["code"] == "unknownUser")
        let new = try ask(#"{"request":"token.make","user":"service","new":true}"#)[0]
        relay.connect(2, auth: #"{"token":"\#(new["token"]?.string ?? "")"}"#)
        #expect(relay.accepted == [1, 2])
    }

    /// What would be refused is not made, with `new` neither.
    @Test func noTokenIsMadeForWhoIsShutOut() throws {
        let id = try add()
        func refusal(_ name: String) throws -> JSON? {
            let plain = try ask(#"{"request":"token.make","user":"\#(name)"}"#)[0]["error"]
            let new = try ask(#"{"request":"token.make","user":"\#(name)","new":true}"#)[0]["error"]
            #expect(new?["code"] == plain?["code"] || plain?["code"] == "unknownUser")
            return new
        }
        _ = try ask(#"{"request":"user.disable","user":"\#(id)"}"#)
        #expect(
            try refusal("alice@example.com") == [
                "kind": "refused", "code": "accountDisabled", "message": "the account is disabled",
                "hint": "enable it with signal-relay user enable",
            ])
        _ = try ask(#"{"request":"user.enable","user":"\#(id)"}"#)
        #expect(try refusal(id) == nil)
        _ = try ask(#"{"request":"user.remove","user":"\#(id)"}"#)
        #expect(try refusal(id)?["code"] == "accountRemoved")
    }

    @Test func refusedTokensAreExplained() throws {
        let id = try add()
        func explain(_ token: String) throws -> (JSON, [String?]) {
            let answer = try ask(#"{"request":"token.explain","token":"\#(token)"}"#)[0]
            return (answer, answer["problems"]?.array?.map { $0["code"]?.string } ?? [])
        }
        let token = relay.token(id)
        let (good, none) = try explain(token)
        #expect(good["valid"] == true && none == [] && good["payload"]?["_id"]?.string == id)
        #expect(try explain("nonsense").1 == ["tokenMalformed"])
        #expect(try explain(String(token.dropLast(2)) + "AA").1 == ["badSignature"])
        #expect(try explain(relay.token(id, validFor: .seconds(-60))).1 == ["expired"])
        #expect(
            try explain("eyJhbGciOiJub25lIn0.eyJfaWQiOiJib2IiLCJleHAiOjE5MDAwMDAwMDB9.").1
                == ["wrongAlgorithm", "badSignature"])
        _ = try relay.request(.post, "/api/auth/logout", bearer: token)
        #expect(try explain(token).1 == ["revoked"])
        let other = relay.token(id, email: "other@example.com")
        _ = try ask(#"{"request":"user.disable","user":"\#(id)"}"#)
        #expect(try explain(other).1 == ["accountDisabled", "revoked"])
        _ = try ask(#"{"request":"user.enable","user":"\#(id)"}"#)
        let (ended, why) = try explain(other)
        #expect(ended["valid"] == false && why == ["revoked"])
        #expect(
            ended["problems"]?.array?.first?["message"]?.string?.contains("disabled") == true)
        #expect(try explain(made(for: id)).1 == [])
        #expect(try explain(token).1 == ["revoked"])
        _ = try ask(#"{"request":"user.remove","user":"\#(id)"}"#)
        #expect(try explain(other).1 == ["accountRemoved"])
        #expect(!relay.replies.values.joined().joined().contains("0123456789abcdef"))
    }

    @Test func otherIssuersCanBeKeptOut() throws {
        var limits = Relay.Limits()
        limits.foreignTokens = 0
        let relay = try TestRelay(limits: limits)
        relay.connect(1, "bob")
        #expect(relay.refusals[1] == "Authentication failed unknownAccount")
        #expect(relay.store.accounts.isEmpty)
    }
}
