import Clock
import Crypto
import HTTP
import JSON
import JWT
import Testing

@testable import Relay

private let alice = #"{"name":"Alice","email":"Alice@Example.com","password":"correct horse"}"#

@Suite struct AccountTests {
    @Test func registerLogInMe() throws {
        let relay = try TestRelay()
        let (status, made) = try relay.request(.post, "/api/auth/register", alice)
        #expect(status == 201)
        #expect(made["user"]?["email"] == "alice@example.com" && made["user"]?["name"] == "Alice")
        #expect(made["user"]?["_id"]?.string?.utf8.count == 24)
        let (loginStatus, login) = try relay.request(
            .post, "/api/auth/login", #"{"email":"ALICE@example.com","password":"correct horse"}"#)
        #expect(loginStatus == 200 && login["refresh_token"] != nil)
        for token in [made["token"], login["token"]] {
            let (status, me) = try relay.request(.get, "/api/auth/me", bearer: token?.string)
            #expect(status == 200 && me["user"] == made["user"])
        }
        let claims = try relay.key.verify(
            Array(try #require(login["token"]?.string).utf8)[...], at: relay.wall)
        #expect(claims.userID == made["user"]?["_id"]?.string)
        #expect(claims.email == "alice@example.com")
        #expect(claims.expiresAt == relay.wall + .seconds(7 * 86_400))
    }

    @Test(arguments: [
        ("", "notJSON"), ("[]", "notJSON"), (#"{"name":"A","name":"B"}"#, "badField"),
        (#"{"email":"a@b.c","password":"secret"}"#, "missingField"),
        (#"{"name":"A","password":"secret"}"#, "missingField"),
        (#"{"name":"A","email":"a@b.c"}"#, "missingField"),
        (#"{"name":null,"email":"a@b.c","password":"secret"}"#, "missingField"),
        (#"{"name":["A"],"email":"a@b.c","password":"secret"}"#, "badField"),
        (#"{"name":"A","email":"a@b.c","password":"short"}"#, "badField"),
        (#"{"name":"A","email":"a@b.c","password":123456}"#, "badField"),
        (#"{"name":"  ","email":"a@b.c","password":"secret"}"#, "badField"),
        (#"{"name":"A\u0000","email":"a@b.c","password":"secret"}"#, "badField"),
        (#"{"name":"A","email":"nobody","password":"secret"}"#, "badField"),
        (#"{"name":"A","email":"a@b@c","password":"secret"}"#, "badField"),
        (#"{"name":"A","email":"a b@c","password":"secret"}"#, "badField"),
        (#"{"name":"A","email":"a\r\n@c","password":"secret"}"#, "badField"),
    ])
    func badRegistrationsSayWhatIsWrong(body: String, code: String) throws {
        let relay = try TestRelay()
        let (status, answer) = try relay.request(.post, "/api/auth/register", body)
        #expect(status == 400)
        #expect(answer["code"]?.string == code)
        #expect(relay.store.accounts.isEmpty)
    }

    /// What is not seen makes two addresses look the same, and what reverses text two names.
    @Test(arguments: [
        "\u{200B}", "\u{FEFF}", "\u{202E}", "\u{2066}", "\u{200D}", "\u{AD}", "\u{A0}", "\u{3000}",
        "\u{2028}", "\u{85}", "\u{34F}", "\u{3164}", "\u{FE0F}", "\u{E0020}",
    ])
    func anEmailIsPlainlySeen(character: String) throws {
        let relay = try TestRelay()
        for email in [
            "\(character)a@b.c", "a\(character)@b.c", "a@b\(character).c", "a@b.c\(character)",
        ] {
            let (status, answer) = try relay.request(
                .post, "/api/auth/register",
                #"{"name":"A","email":"\#(email)","password":"secret"}"#)
            #expect(status == 400 && answer["code"] == "badField" && answer["field"] == "email")
        }
        #expect(relay.store.accounts.isEmpty)
    }

    @Test func aNameMayBeOfAnyScript() throws {
        let relay = try TestRelay()
        func register(_ name: String, _ email: String = "a@b.c") throws -> Int {
            try relay.request(
                .post, "/api/auth/register",
                #"{"name":"\#(name)","email":"\#(email)","password":"secret"}"#
            ).status
        }
        for wrong in [
            "\u{202E}ecilA", "A\u{202A}", "A\u{2066}B\u{2069}", "Al\u{200B}ice", "\u{FEFF}Alice",
            "A\u{2028}B", "A\u{2029}B", "A\u{85}B", "\u{A0}", "\u{200D}\u{200C}", "\u{3164}",
        ] {
            #expect(try register(wrong) == 400, "\(wrong.unicodeScalars.map(\.value))")
        }
        for (number, name) in [
            "Zoë O\u{2019}Neil", "\u{5D0}\u{5D1} \u{200F}A", "\u{915}\u{94D}\u{200D}\u{937}",
            "\u{645}\u{6CC}\u{200C}\u{634}", "\u{1F469}\u{200D}\u{1F680}\u{FE0F}",
            "\u{738B} \u{3000}\u{7F8E}",
        ].enumerated() {
            #expect(try register(name, "\u{e4}\(number)@b\u{fc}cher.example") == 201, "\(name)")
        }
    }

    @Test func anEmailIsTakenOnce() throws {
        let relay = try TestRelay()
        #expect(try relay.request(.post, "/api/auth/register", alice).status == 201)
        #expect(try relay.request(.post, "/api/auth/register", alice).status == 409)
        #expect(relay.store.accounts.count == 1)
    }

    @Test func wrongCredentialsAreAllAlike() throws {
        let relay = try TestRelay()
        _ = try relay.request(.post, "/api/auth/register", alice)
        let wrong = try relay.request(
            .post, "/api/auth/login", #"{"email":"alice@example.com","password":"wrong"}"#)
        let unknown = try relay.request(
            .post, "/api/auth/login", #"{"email":"eve@example.com","password":"wrong"}"#)
        #expect(wrong.status == 401 && unknown.status == 401)
        #expect(wrong.body == unknown.body)
    }

    @Test func guessingPasswordsIsSlow() throws {
        let relay = try TestRelay()
        _ = try relay.request(.post, "/api/auth/register", alice)
        let wrong = #"{"email":"alice@example.com","password":"wrong"}"#
        let right = #"{"email":"alice@example.com","password":"correct horse"}"#
        var statuses: [Int] = []
        for round in 0..<12 {
            statuses.append(
                try relay.request(.post, "/api/auth/login", wrong, from: "192.0.2.\(round)").status)
        }
        #expect(statuses == Array(repeating: 401, count: 10) + [429, 429])
        #expect(try relay.request(.post, "/api/auth/login", right).status == 429)
        relay.advance(.seconds(11))
        for _ in 0..<20 {
            #expect(try relay.request(.post, "/api/auth/login", right).status == 200)
        }
    }

    @Test func oneAddressCannotTryEveryAccount() throws {
        let relay = try TestRelay()
        let statuses = try (0..<35).map { round in
            try relay.request(
                .post, "/api/auth/login", #"{"email":"u\#(round)@example.com","password":"x"}"#
            ).status
        }
        #expect(statuses.filter { $0 == 429 }.count == 5)
    }

    @Test func aRefreshTokenWorksOnceAndItsReuseEndsTheLogin() throws {
        let relay = try TestRelay()
        _ = try relay.request(.post, "/api/auth/register", alice)
        let login = try relay.request(
            .post, "/api/auth/login", #"{"email":"alice@example.com","password":"correct horse"}"#
        ).body
        let first = try #require(login["refresh_token"]?.string)
        let fresh = try relay.request(
            .post, "/api/auth/refresh", #"{"refresh_token":"\#(first)"}"#)
        #expect(fresh.status == 200)
        let second = try #require(fresh.body["refresh_token"]?.string)
        let token = try #require(fresh.body["token"]?.string)
        relay.connect(1, auth: #"{"token":"\#(token)"}"#)
        #expect(relay.accepted == [1])
        let reused = try relay.request(
            .post, "/api/auth/refresh", #"{"refresh_token":"\#(first)"}"#)
        #expect(reused.status == 401 && reused.body["code"] == "refreshTokenReused")
        #expect(relay.closed[1] == "loggedOut")
        #expect(
            try relay.request(.post, "/api/auth/refresh", #"{"refresh_token":"\#(second)"}"#).status
                == 401)
        #expect(try relay.request(.get, "/api/auth/me", bearer: token).status == 401)
    }

    @Test func logoutKillsTheTokenForGood() throws {
        let relay = try TestRelay()
        let made = try relay.request(.post, "/api/auth/register", alice).body
        let token = try #require(made["token"]?.string)
        relay.connect(1, auth: #"{"token":"\#(token)"}"#)
        let out = try relay.request(.post, "/api/auth/logout", bearer: token)
        #expect(out.status == 200 && out.body["message"] != nil)
        #expect(relay.closed[1] == "loggedOut")
        relay.restart()
        #expect(try relay.request(.get, "/api/auth/me", bearer: token).status == 401)
        #expect(try relay.request(.post, "/api/auth/logout", bearer: token).status == 401)
        relay.connect(2, auth: #"{"token":"\#(token)"}"#)
        #expect(relay.refusals[2] == "Authentication failed revoked")
        let refresh = try #require(made["refresh_token"]?.string)
        #expect(
            try relay.request(.post, "/api/auth/refresh", #"{"refresh_token":"\#(refresh)"}"#)
                .status == 401)
    }

    /// Also one that is younger than the token that was shown to end the login.
    @Test func logoutKillsEveryTokenOfTheLogin() throws {
        let relay = try TestRelay()
        let made = try relay.request(.post, "/api/auth/register", alice).body
        let first = try #require(made["token"]?.string)
        let refresh = try #require(made["refresh_token"]?.string)
        relay.advance(.seconds(6 * 86_400))
        let fresh = try relay.request(
            .post, "/api/auth/refresh", #"{"refresh_token":"\#(refresh)"}"#)
        let second = try #require(fresh.body["token"]?.string)
        #expect(try relay.request(.post, "/api/auth/logout", bearer: first).status == 200)
        for _ in 0..<3 {
            #expect(try relay.request(.get, "/api/auth/me", bearer: second).status == 401)
            relay.advance(.seconds(2 * 86_400))
        }
    }

    @Test func unknownPathsAndMethods() throws {
        let relay = try TestRelay()
        #expect(try relay.request(.get, "/api/auth/nothing").status == 404)
        #expect(try relay.request(.get, "/api/auth/login").status == 405)
    }

    @Test func aStoreThatFailsIsNotASuccess() throws {
        let relay = try TestRelay()
        relay.store.failure = "storeFull"
        let answer = try relay.request(.post, "/api/auth/register", alice)
        #expect(answer.status == 503 && answer.body["code"] == "storeFull")
        relay.store.failure = nil
        #expect(try relay.request(.post, "/api/auth/register", alice).status == 201)
    }
}

@Suite struct ConnectTests {
    @Test(arguments: [
        ("", "noToken"), ("null", "noToken"), ("{}", "noToken"), (#"{"token":7}"#, "noToken"),
        (#"{"token":""}"#, "badToken"), (#"{"token":"a.b.c"}"#, "badToken"),
        (
            #"{"token":"eyJhbGciOiJub25lIn0.eyJfaWQiOiJib2IiLCJleHAiOjE5MDAwMDAwMDB9."}"#,
            "badToken"
        ),
    ])
    func withoutAGoodTokenNobodyComesIn(auth: String, code: String) throws {
        let relay = try TestRelay()
        relay.connect(1, auth: auth)
        #expect(relay.refusals[1] == "Authentication failed " + code)
        #expect(relay.accepted == [])
        relay.send(1, #"["typing:start",{"recipientId":"x"}]"#)
        #expect(relay.take(1) == [])
    }

    @Test func anExpiredTokenIsRefusedAndAnExpiringOneEndsItsConnection() throws {
        let relay = try TestRelay()
        let old = relay.token("bob", validFor: .seconds(-31))
        relay.connect(1, auth: #"{"token":"\#(old)"}"#)
        #expect(relay.refusals[1] == "Authentication failed expired")
        let short = relay.token("bob", validFor: .seconds(60))
        relay.connect(2, auth: #"{"token":"\#(short)"}"#)
        relay.advance(.seconds(59))
        #expect(relay.closed[2] == nil)
        relay.advance(.seconds(6))
        #expect(relay.closed[2] == "tokenExpired")
        #expect(
            relay.take(2).last
                == #"["error",{"message":"The token has expired","code":"tokenExpired"}]"#)
    }

    @Test func aUserHasSoManyConnections() throws {
        var limits = Relay.Limits()
        limits.connectionsPerUser = 2
        let relay = try TestRelay(limits: limits)
        for socket in 1...3 { relay.connect(socket, "bob") }
        #expect(relay.accepted == [1, 2])
        #expect(relay.refusals[3] == "Authentication failed tooManyConnections")
        relay.disconnect(1)
        relay.connect(1, "bob")
        #expect(relay.accepted == [1, 2, 1])
    }

    /// A token of another issuer with the same secret cannot take over somebody's address.
    @Test func anotherIssuersUserIsANewUser() throws {
        let relay = try TestRelay()
        _ = try relay.request(.post, "/api/auth/register", alice)
        relay.connect(1, auth: #"{"token":"\#(relay.token("x9", email: "alice@example.com"))"}"#)
        #expect(relay.refusals[1] != nil)
        relay.connect(2, auth: #"{"token":"\#(relay.token("x9", email: "X9@example.com"))"}"#)
        #expect(relay.accepted == [2])
        #expect(relay.store.accounts.last?.account.email == "x9@example.com")
    }
}
