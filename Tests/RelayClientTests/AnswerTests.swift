import Failures
import HTTP
import HTTPClient
import JSON
import Testing

@testable import RelayClient

/// What a relay answers over HTTP, and what answers in its place.
@Suite struct AnswerTests {
    private let api: RelayAPI

    init() throws { api = RelayAPI(try RelayAddress(relay: "http://relay.example")) }

    private func error(
        _ status: Int, _ body: String, refusals: [Status] = [.badRequest, .unauthorized, .conflict]
    ) -> RelayError? {
        let response = Response(Status(rawValue: status), body: Array(body.utf8))
        do throws(RelayError) {
            _ = try api.content(of: response, refusals: refusals)
            return nil
        } catch { return error }
    }

    @Test func anObjectIsAnAnswer() throws {
        let response = Response(.ok, body: Array(#"{"token":"t"}"#.utf8))
        #expect(try api.content(of: response, refusals: [])["token"]?.string == "t")
    }

    @Test(arguments: [200, 204, 301, 302, 304, 307, 401, 403, 404, 405, 409, 426])
    func aPageIsNoRelays(status: Int) {
        for body in ["", "<html>Not here</html>", "[1]", "\"Not here\"", "{\"message\":"] {
            #expect(error(status, body)?.kind == .protocolViolation)
        }
    }

    @Test(arguments: [300, 301, 399, 401, 403, 404])
    func anObjectWithoutWordsIsNoRelays(status: Int) {
        for body in ["{}", #"{"message":1}"#, #"{"error":{}}"#] {
            #expect(error(status, body)?.kind == .protocolViolation)
        }
    }

    @Test func aRedirectionIsNoRelaysWhateverItSays() {
        #expect(error(302, #"{"message":"Found"}"#) == .strangeAnswer("302 Found"))
    }

    /// Kong, Nest and AWS answer so, and whatever else stands before a relay.
    @Test(arguments: [
        (404, #"{"message":"no Route matched with those values"}"#),
        (404, #"{"message":"Cannot POST /","error":"Not Found","statusCode":404}"#),
        (403, #"{"message":"Forbidden"}"#), (403, #"{"error":"Blocked","code":7}"#),
        (405, #"{"error":"Method Not Allowed"}"#), (422, #"{"message":"No"}"#),
    ])
    func wordsThatNoRelaySaysAreNone(status: Int, body: String) {
        #expect(error(status, body)?.kind == .protocolViolation)
    }

    @Test func itIsSaidWhatTheAnswerWas() {
        #expect(
            error(404, #"{"message":"No Route matched."}"#)
                == .strangeAnswer("404 Not Found: no Route matched"))
        #expect(error(403, "{}") == .strangeAnswer("403 Forbidden"))
    }

    @Test(arguments: [408, 425, 429, 500, 502, 503, 504, 599])
    func whatPassesIsWaitedFor(status: Int) throws {
        for body in ["", "<html>", #"{"message":"Busy"}"#] {
            let kind = try #require(error(status, body)?.kind)
            #expect(kind == (status == 429 ? .temporary : .unavailable))
        }
    }

    /// A renewal is refused with 401, and by no relay otherwise.
    @Test(arguments: [400, 403, 409]) func noRelayRefusesSo(status: Int) {
        let said = error(status, #"{"error":"Bad request"}"#, refusals: [.unauthorized])
        #expect(said?.kind == .protocolViolation)
    }

    @Test func aRelaysRefusalIsOne() {
        let refusal = #"{"message":"User not found.","code":"unknownUser"}"#
        #expect(error(404, refusal) == .refused(status: 404, reason: "user not found"))
        #expect(error(403, #"{"error":"Blocked","code":"blocked"}"#)?.kind == .notAllowed)
        #expect(error(405, #"{"code":"methodNotAllowed"}"#)?.kind == .refused)
        #expect(error(401, #"{"message":"No","code":"wrongCredentials"}"#) == .wrongPassword)
        #expect(error(401, #"{"message":"No","code":"otpRequired"}"#) == .needsSecondFactor)
        #expect(
            error(409, #"{"message":"No","code":"emailTaken"}"#) == .accountExists(reason: "no"))
    }

    /// These have no code.
    @Test(arguments: [400, 401, 409])
    func aStockRelaysRefusalIsOne(status: Int) {
        #expect(
            error(status, #"{"message":"No"}"#) == .refused(status: status, reason: "no"))
    }
}
