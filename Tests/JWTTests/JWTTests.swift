import Clock
import Crypto
import JSON
import JWT
import Support
import Testing
import Wire

private let now = Timestamp(seconds: 1_800_000_000)

private func key(_ secret: [UInt8] = Array("0123456789abcdef0123456789abcdef".utf8)) throws
    -> SigningKey
{
    var secret = secret
    return try SigningKey(SharedSecret(SecretBytes(moving: &secret)))
}

private let claims = Claims(
    userID: "65f0c0ffee65f0c0ffee0001", email: "alice@example.com", session: "a1",
    issuedAt: now, expiresAt: now + .seconds(7 * 86_400))

/// A token with this header and payload and a signature that is right for them.
private func token(
    header: String = #"{"alg":"HS256"}"#, payload: String, key secret: String? = nil
) -> String {
    let input = Base64.url.encode(header.utf8) + "." + Base64.url.encode(payload.utf8)
    var key = Array((secret ?? "0123456789abcdef0123456789abcdef").utf8)
    let signature = HMACSHA256.authenticate(Array(input.utf8), key: SecretBytes(moving: &key))
    return input + "." + Base64.url.encode(signature)
}

private func refusal(_ token: String, at time: Timestamp = now) throws -> JWTError? {
    let key = try key()
    let explained = key.explain(Array(token.utf8)[...], at: time).problems
    do throws(JWTError) {
        _ = try key.verify(Array(token.utf8)[...], at: time)
        #expect(explained == [])
        return nil
    } catch {
        #expect(explained.contains(error))
        return error
    }
}

@Suite struct JWTTests {
    @Test func whatIsMadeVerifies() throws {
        let key = try key()
        let token = key.makeToken(claims)
        #expect(try key.verify(Array(token.utf8)[...], at: now) == claims)
    }

    /// The example of RFC 7515 appendix A.1, which lacks our `_id` and expired in 2011.
    @Test func knowsTheSignatureOfTheRFC() throws {
        let secret = try #require(
            Base64.url.decode(
                "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
            ))
        let token = """
            eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQ\
            ogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWF\
            OEjXk
            """
        let explained = try key(secret).explain(Array(token.utf8)[...], at: now)
        #expect(explained.problems == [.missingClaim("_id")])
        #expect(explained.payload?["iss"] == "joe")
        #expect(throws: JWTError.missingClaim("_id")) {
            try key(secret).verify(Array(token.utf8)[...], at: now)
        }
    }

    /// Every other spelling of every byte is refused, the slack bits of Base64 included.
    @Test func aChangedByteIsRefused() throws {
        let token = Array(try key().makeToken(claims).utf8)
        var random = SplitMix64(seed: 1)
        for at in token.indices {
            var changed = token
            changed[at] ^= UInt8.random(in: 1...127, using: &random)
            #expect(try refusal(String(decoding: changed, as: UTF8.self)) != nil)
        }
        let spelled = token.dropLast() + [token[token.count - 1] + 1]
        #expect(try refusal(String(decoding: spelled, as: UTF8.self)) != nil)
    }

    @Test(arguments: [
        "none", "None", "NONE", " none", "nOnE", "HS384", "RS256", "hs256", "HS256 ", "",
    ])
    func theTokenDoesNotChooseTheAlgorithm(name: String) throws {
        let payload = #"{"_id":"u1","exp":1800000100}"#
        let header = #"{"alg":"\#(name)"}"#
        #expect(try refusal(token(header: header, payload: payload)) == .wrongAlgorithm(name))
        let unsigned =
            Base64.url.encode(header.utf8) + "." + Base64.url.encode(payload.utf8) + "."
        #expect(try refusal(unsigned) == .wrongAlgorithm(name))
    }

    @Test(arguments: ["crit", "jku", "x5u", "jwk", "x5c", "zip", "b64", "cty"])
    func headersThatAskForMoreAreRefused(name: String) throws {
        let header = #"{"alg":"HS256","\#(name)":["exp"]}"#
        let token = token(header: header, payload: #"{"_id":"u1","exp":1800000100}"#)
        #expect(try refusal(token) == .forbiddenHeader(name))
    }

    @Test(arguments: [
        (#"{"exp":1800000100}"#, JWTError.missingClaim("_id")),
        (#"{"_id":"u1"}"#, .missingClaim("exp")),
        (#"{"_id":"","exp":1800000100}"#, .badClaim("_id")),
        (#"{"_id":7,"exp":1800000100}"#, .badClaim("_id")),
        (#"{"_id":"a b","exp":1800000100}"#, .badClaim("_id")),
        (#"{"_id":"a\u0000","exp":1800000100}"#, .badClaim("_id")),
        (#"{"_id":"u1","exp":"1800000100"}"#, .badClaim("exp")),
        (#"{"_id":"u1","exp":1e400}"#, .badClaim("exp")),
        (#"{"_id":"u1","exp":99999999999999999999}"#, .badClaim("exp")),
        (#"{"_id":"u1","exp":-1}"#, .badClaim("exp")),
        (#"{"_id":"u1","exp":1800000100,"exp":1900000000}"#, .notJSON(part: "payload")),
        (#"["_id"]"#, .notJSON(part: "payload")),
        (#"{"_id":"u1","exp":1799999969}"#, .expired(by: .seconds(31))),
        (#"{"_id":"u1","exp":1800000000}"#, .expired(by: .zero)),
        (
            #"{"_id":"u1","exp":1800000100,"nbf":1800000031}"#,
            .notYetValid(claim: "nbf", by: .seconds(31))
        ),
        (
            #"{"_id":"u1","exp":1800000100,"iat":1800000031}"#,
            .notYetValid(claim: "iat", by: .seconds(31))
        ),
        (#"{"_id":"u1","exp":1800000100,"nbf":"soon"}"#, .badClaim("nbf")),
    ])
    func badClaimsAreRefused(payload: String, expected: JWTError) throws {
        #expect(try refusal(token(payload: payload)) == expected)
    }

    @Test(arguments: [
        #"{"_id":"u1","exp":1800000001}"#, #"{"_id":"u1","exp":1800000000.5,"iat":1800000029.9}"#,
        #"{"_id":"u1","exp":1.8000001e9,"nbf":1800000030}"#,
    ])
    func clocksMayBeALittleApart(payload: String) throws {
        #expect(try refusal(token(payload: payload)) == nil)
    }

    @Test func formsThatAreNoTokenAreRefused() throws {
        let good = try key().makeToken(claims)
        #expect(try refusal("") == .notThreeParts)
        #expect(try refusal("a.b") == .notThreeParts)
        #expect(try refusal(good + ".x") == .notThreeParts)
        #expect(try refusal(good + "=") == .notBase64URL(part: "signature"))
        #expect(try refusal(good + "\n") == .notBase64URL(part: "signature"))
        #expect(try refusal(String(repeating: "a", count: 8193)) == .tooLong(8193))
        #expect(
            try refusal(token(payload: #"{"_id":"u1","exp":1800000100}"#, key: "another secret!!"))
                == .badSignature)
    }

    /// What published attacks on other libraries did: names twice or spelt otherwise, numbers that
    /// overflow, headers that are no object, and white space.
    @Test(arguments: [
        (#"{"alg":"none","alg":"HS256"}"#, JWTError.notJSON(part: "header")),
        (#"{"alg":"HS256","alg":"none"}"#, .notJSON(part: "header")),
        (#"{"alg":"HS256","\u0061lg":"none"}"#, .notJSON(part: "header")),
        (#"{"ALG":"HS256"}"#, .wrongAlgorithm(nil)),
        (#"{"alg":["HS256"]}"#, .wrongAlgorithm(nil)),
        (#"{"alg":null}"#, .wrongAlgorithm(nil)),
        (#"{"alg":"HS256\u0000"}"#, .wrongAlgorithm("HS256\u{0}")),
        (#"{"alg":"\tHS256"}"#, .wrongAlgorithm("\tHS256")),
        (#"["HS256"]"#, .notJSON(part: "header")), (#""HS256""#, .notJSON(part: "header")),
        ("", .notJSON(part: "header")), ("\u{FEFF}{}", .notJSON(part: "header")),
        (#"{"alg":"HS256"} x"#, .notJSON(part: "header")),
        (#"{"alg":"HS256","crit":[]}"#, .forbiddenHeader("crit")),
        (#"{"alg":"HS256","crit":null}"#, .forbiddenHeader("crit")),
        (#"{"alg":"HS256","crit":["x-unknown"],"x-unknown":1}"#, .forbiddenHeader("crit")),
        (#"{"alg":"HS256","\u0063rit":["exp"]}"#, .forbiddenHeader("crit")),
        (#"{"alg":"HS256","typ":"JWE"}"#, .forbiddenHeader("typ")),
        (#"{"alg":"HS256","typ":1}"#, .forbiddenHeader("typ")),
    ])
    func strangeHeadersAreRefused(header: String, expected: JWTError) throws {
        let payload = #"{"_id":"u1","exp":1800000100}"#
        #expect(try refusal(token(header: header, payload: payload)) == expected)
    }

    @Test(arguments: [
        #"{"alg":"HS256","typ":"jwt"}"#, #"{"typ":"JWT","alg":"HS256","kid":"../../etc/passwd"}"#,
        #" { "alg" : "HS256" } "#,
    ])
    func plainHeadersAreTaken(header: String) throws {
        #expect(
            try refusal(token(header: header, payload: #"{"_id":"u1","exp":1800000100}"#)) == nil)
    }

    @Test(arguments: [
        (#"{"_id":"u1","_id":"u2","exp":1800000100}"#, JWTError.notJSON(part: "payload")),
        (#"{"_id":"u1","\u005fid":"u2","exp":1800000100}"#, .notJSON(part: "payload")),
        (#"{"_id":"\ud800","exp":1800000100}"#, .notJSON(part: "payload")),
        (#"{"_id":"u1","exp":1800000100}{}"#, .notJSON(part: "payload")),
        (#"{"_id":"u1","exp":NaN}"#, .notJSON(part: "payload")),
        (#"{"_id":"u1","exp":0x7fffffff}"#, .notJSON(part: "payload")),
        (#"{"_id":"u1","exp":null}"#, .badClaim("exp")),
        (#"{"_id":"u1","exp":true}"#, .badClaim("exp")),
        (#"{"_id":"u1","exp":[1800000100]}"#, .badClaim("exp")),
        (#"{"_id":"u1","exp":253402300800}"#, .badClaim("exp")),
        (#"{"_id":"u1","exp":1e308}"#, .badClaim("exp")),
        (#"{"_id":"u1","exp":-0.5}"#, .badClaim("exp")),
        (#"{"_id":"u1","exp":9223372036854775808}"#, .badClaim("exp")),
        (#"{"_id":"u1","exp":1800000100,"iat":-1}"#, .badClaim("iat")),
        (#"{"_id":"u1","exp":1800000100,"iat":1e400}"#, .badClaim("iat")),
        (#"{"_id":"u1","exp":1800000100,"nbf":null}"#, .badClaim("nbf")),
        (#"{"_id":"u1","exp":1800000100,"email":7}"#, .badClaim("email")),
        (#"{"_id":"u1","exp":1800000100,"email":"a\nb@c"}"#, .badClaim("email")),
        (#"{"_id":"u1","exp":1800000100,"sid":""}"#, .badClaim("sid")),
        (#"{"_id":{"$ne":""},"exp":1800000100}"#, .badClaim("_id")),
        (#"{"_id":"\u2028","exp":1800000100}"#, .badClaim("_id")),
        (#"{"exp":1800000100,"__proto__":{"_id":"u1"}}"#, .missingClaim("_id")),
    ])
    func strangePayloadsAreRefused(payload: String, expected: JWTError) throws {
        #expect(try refusal(token(payload: payload)) == expected)
    }

    @Test(arguments: [
        #"{"_id":"u1","exp":253402300799}"#, #"{"_id":"u1","exp":2.5e11,"iat":0,"nbf":0.0}"#,
        #"{"_id":"u1","exp":1800000100,"aud":["x"],"iss":7,"x":{"y":[null,1e999]}}"#,
    ])
    func theFarthestDatesAreTaken(payload: String) throws {
        #expect(try refusal(token(payload: payload)) == nil)
    }

    @Test func anIdHas128Characters() throws {
        for (count, expected) in [(128, nil), (129, JWTError.badClaim("_id"))] {
            let id = String(repeating: "a", count: count)
            #expect(
                try refusal(token(payload: #"{"_id":"\#(id)","exp":1800000100}"#)) == expected)
        }
    }

    /// A signature that is cut short, is longer, or is of nothing.
    @Test func signaturesAreWhole() throws {
        let good = try key().makeToken(claims)
        let parts = good.split(separator: ".").map(String.init)
        let signature = try #require(Base64.url.decode(parts[2]))
        for other in [[], Array(signature.prefix(16)), signature + [0], signature + signature] {
            let token = "\(parts[0]).\(parts[1]).\(Base64.url.encode(other))"
            #expect(try refusal(token) == .badSignature)
        }
        for spelled in [
            " \(good)", "\(good) ", "\(parts[0]) .\(parts[1]).\(parts[2])", "\n\(good)",
            "\(parts[0]).\(parts[1]).\(parts[2])%00", "Bearer \(good)", "\(good)\u{0}",
        ] { #expect(try refusal(spelled) != nil) }
        #expect(try refusal("\(parts[0])..\(parts[2])") != nil)
        #expect(try refusal("..") != nil)
    }

    @Test func weakSecretsAreRefused() {
        #expect(throws: JWTError.shortSecret(31)) { try key([UInt8](repeating: 7, count: 31)) }
        let pem = "\u{FEFF} \n-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"
        #expect(throws: JWTError.secretIsPEM) { try key(Array(pem.utf8)) }
    }
}
