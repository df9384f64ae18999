import Clock
import Crypto
import HTTP
import JSON
import Testing

@testable import Relay

@Suite struct OneTimeCodeTests {
    /// RFC 6238 appendix B, SHA-1.
    @Test(arguments: [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"), (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ])
    func knowsTheCodesOfTheRFC(seconds: Int64, code: String) throws {
        var bytes = Array("12345678901234567890".utf8)
        let secret = SecretBytes(moving: &bytes)
        let time = Timestamp(seconds: seconds)
        #expect(try TOTP.code(secret, step: TOTP.step(at: time), digits: 8) == code)
        let short = String(code.suffix(6))
        for (skew, isTaken) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let other = time + .seconds(skew)
            guard other.seconds >= 0 else { continue }
            #expect(try (TOTP.step(of: short, secret, at: other) != nil) == isTaken, "\(skew)")
        }
    }

    @Test func urlsNameTheAccount() {
        var bytes = Array("12345678901234567890".utf8)
        let url = TOTP.url(SecretBytes(moving: &bytes), account: "a+b@example.com")
        #expect(
            url
                == "otpauth://totp/Parley:a%2Bb%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=Parley&algorithm=SHA1&digits=6&period=30")
    }

    @Test func recoveryCodesAreReadHoweverTheyAreWritten() throws {
        let code = RecoveryCode.random()
        #expect(code.utf8.count == 19)
        let digest = try #require(RecoveryCode.digest(code))
        #expect(RecoveryCode.digest(code.lowercased()) == digest)
        #expect(RecoveryCode.digest(code.filter { $0 != "-" }) == digest)
        #expect(RecoveryCode.digest(RecoveryCode.random()) != digest)
        for text in ["", "123456", code + "A"] { #expect(RecoveryCode.digest(text) == nil) }
    }
}

@Suite struct SecondFactorTests {
    private let relay: TestRelay
    private let token: String
    private let number: Int64

    init() throws {
        relay = try TestRelay()
        let made = try relay.request(
            .post, "/api/auth/register",
            #"{"name":"Alice","email":"alice@example.com","password":"correct horse"}"#)
        token = try #require(made.body["token"]?.string)
        number = try #require(relay.store.accounts.first?.account.number)
    }

    private func post(_ path: String, _ body: String = "{}", bearer: String? = nil) throws -> (
        status: Int, code: String?, body: JSON
    ) {
        let (status, body) = try relay.request(
            .post, "/api/auth/\(path)", body, bearer: bearer ?? token)
        return (status, body["code"]?.string, body)
    }

    private func logIn(_ otp: String? = nil, password: String = "correct horse") throws -> (
        status: Int, code: String?
    ) {
        let code = otp.map { #","otp":"\#($0)""# } ?? ""
        let (status, body) = try relay.request(
            .post, "/api/auth/login",
            #"{"email":"alice@example.com","password":"\#(password)"\#(code)}"#)
        return (status, body["code"]?.string)
    }

    /// The code of now, or of some steps from now.
    private func code(_ steps: Int64 = 0) throws -> String {
        let secret = try #require(relay.store.factors[number]?.secret)
        return try TOTP.code(secret.bytes, step: TOTP.step(at: relay.wall) + steps)
    }

    /// Switches it on.
    private func enable() throws -> [String] {
        let proposal = try post("2fa/enable").body
        #expect(try post("2fa/verify", #"{"otp":"\#(code())"}"#).status == 200)
        relay.advance(.seconds(30))
        return try #require(proposal["recovery_codes"]?.array).compactMap(\.string)
    }

    @Test func itIsOnOnceACodeWasShown() throws {
        let (status, _, proposal) = try post("2fa/enable")
        #expect(status == 200)
        #expect(proposal["uri"]?.string?.hasPrefix("otpauth://totp/") == true)
        #expect(proposal["otpauth_url"] == proposal["uri"])
        let secret = try #require(proposal["secret"]?.string)
        #expect(proposal["uri"]?.string?.contains("secret=\(secret)&") == true)
        #expect(proposal["recovery_codes"]?.array?.count == 10)
        #expect(try logIn().status == 200)
        let recovery = try #require(proposal["recovery_codes"]?.array?.first?.string)
        for wrong in ["000000", "", "abc", recovery] where wrong != (try code()) {
            #expect(try post("2fa/verify", #"{"otp":"\#(wrong)"}"#).status != 200)
        }
        #expect(try logIn().status == 200)
        #expect(try post("2fa/verify", #"{"otp":"\#(code())"}"#).status == 200)
        #expect(try logIn() == (401, "otpRequired"))
        #expect(try post("2fa/enable").code == "secondFactorOn")
    }

    @Test func loginTakesEachCodeOnce() throws {
        _ = try enable()
        #expect(try logIn("000000") == (401, "wrongOTP"))
        let code = try code()
        #expect(try logIn(code, password: "wrong") == (401, "wrongCredentials"))
        #expect(try logIn(code).status == 200)
        #expect(try logIn(code) == (401, "wrongOTP"))
        // Nor one of an earlier step.
        #expect(try logIn(try self.code(-1)) == (401, "wrongOTP"))
        #expect(try logIn(try self.code(1)).status == 200)
        relay.advance(.seconds(90))
        #expect(try logIn(try self.code(-2)) == (401, "wrongOTP"))
        #expect(try logIn(try self.code(-1)).status == 200)
    }

    @Test func theCodeOfTheConfirmationDoesNotLogIn() throws {
        _ = try post("2fa/enable")
        let code = try code()
        #expect(try post("2fa/verify", #"{"otp":"\#(code)"}"#).status == 200)
        #expect(try logIn(code) == (401, "wrongOTP"))
    }

    @Test func aRecoveryCodeWorksOnce() throws {
        let codes = try enable()
        #expect(try logIn(codes[3]).status == 200)
        #expect(try logIn(codes[3]) == (401, "wrongOTP"))
        #expect(try logIn(codes[4].lowercased()).status == 200)
        #expect(relay.store.factors[number]?.digests.count == 8)
    }

    @Test func switchingOffNeedsACodeOrThePassword() throws {
        _ = try enable()
        #expect(try post("2fa/disable") == (401, "otpRequired", post("2fa/disable").body))
        #expect(try post("2fa/disable", #"{"otp":"000000"}"#).code == "wrongOTP")
        #expect(try post("2fa/disable", #"{"password":"wrong"}"#).code == "wrongCredentials")
        #expect(try logIn() == (401, "otpRequired"))
        #expect(try post("2fa/disable", #"{"otp":"\#(code())"}"#).status == 200)
        #expect(try logIn().status == 200)
        #expect(try post("2fa/disable", #"{"otp":"123456"}"#).code == "secondFactorOff")
        _ = try enable()
        #expect(try post("2fa/disable", #"{"password":"correct horse"}"#).status == 200)
        #expect(relay.store.factors.isEmpty)
    }

    @Test func guessingCodesLocksTheAccount() throws {
        _ = try enable()
        let wrong = try code() == "000000" ? "111111" : "000000"
        let answers = try (0..<12).map { _ in try logIn(wrong).status }
        #expect(answers == Array(repeating: 401, count: 10) + [429, 429])
        #expect(try logIn(code()).status == 429)
    }

    @Test func nobodyElseComesNearIt() throws {
        for path in ["enable", "verify", "disable"] {
            let answer = try relay.request(.post, "/api/auth/2fa/\(path)", #"{"otp":"123456"}"#)
            #expect(answer.status == 401 && answer.body["code"] == "notAuthorized")
        }
    }

    @Test func theLogHasNoSecrets() throws {
        let codes = try enable()
        _ = try logIn(codes[0])
        relay.advance(.seconds(5))
        let log = relay.store.audit + relay.log.joined()
        #expect(log.contains("recoveryCode") && log.contains("secondFactorOn"))
        for code in codes { #expect(!log.contains(code)) }
    }
}
