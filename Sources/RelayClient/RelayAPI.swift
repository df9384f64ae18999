public import Crypto
internal import Failures
internal import HTTP
public import HTTPClient
internal import JSON
internal import Platform
internal import TLS

/// A relay's REST interface, family B's authentication routes. Each call waits for its answer.
public struct RelayAPI {
    /// How long one call may take.
    public static let defaultTimeout = Duration.seconds(30)
    /// How long a renewal is waited for at least: the old login is spent by it, so whoever leaves
    /// before the answer may have lost both.
    public static let renewalTime = Duration.seconds(15)

    public let relay: RelayAddress
    private let timeout: Duration

    /// - Parameter timeout: how long a call may take; a renewal has `renewalTime` at least.
    public init(_ relay: RelayAddress, timeout: Duration = Self.defaultTimeout) {
        self.relay = relay
        self.timeout = timeout
    }

    /// Makes an account and logs in to it.
    public func register(
        name: String, email: String, password: borrowing SecretBytes
    ) throws(RelayError) -> Account {
        let members: JSON = ["name": .string(name), "email": .string(email)]
        let answer = try call(
            .post, "/api/auth/register", body: Self.body(members, password: password),
            refusals: [.badRequest, .unauthorized, .conflict])
        if let account = Account(answer), account.refreshToken != nil { return account }
        // Stock servers give no refresh token here, so log in for one.
        return try logIn(email: email, password: password)
    }

    /// - Parameter code: six digits of the second factor, where the account has one.
    public func logIn(
        email: String, password: borrowing SecretBytes, code: String? = nil
    ) throws(RelayError) -> Account {
        var members = [JSON.Member("email", .string(email))]
        if let code { members.append(JSON.Member("otp", .string(code))) }
        let answer = try call(
            .post, "/api/auth/login", body: Self.body(.object(members), password: password),
            refusals: [.badRequest, .unauthorized])
        guard let account = Account(answer) else { throw .strangeAnswer("a login without token") }
        return account
    }

    /// Trades the refresh token, which works once, for a new pair.
    public func refresh(_ account: Account) throws(RelayError) -> Account {
        guard let refreshToken = account.refreshToken else {
            throw .loginExpired(relay: relay.description)
        }
        let body: JSON = ["refresh_token": .string(refreshToken)]
        let patient = RelayAPI(relay, timeout: max(timeout, Self.renewalTime))
        let answer: JSON
        do throws(RelayError) {
            answer = try patient.call(.post, "/api/auth/refresh", body: body.encoded)
        } catch {
            guard case .refused = error, error.kind == .notAllowed else { throw error }
            throw .loginExpired(relay: relay.description)
        }
        var renewed = account
        guard renewed.renew(with: answer) else { throw .strangeAnswer("a refresh without token") }
        return renewed
    }

    /// Asks whether the token is accepted.
    public func check(_ account: Account) throws(RelayError) {
        let answer = try call(.get, "/api/auth/me", token: account.token)
        guard answer["user"]?.members != nil else { throw .strangeAnswer("a login without user") }
    }

    /// Ends the login, so that the token is dead from then on.
    public func logOut(_ account: Account) throws(RelayError) {
        _ = try call(.post, "/api/auth/logout", token: account.token)
    }

    /// The object with a password added, which passes through no other memory than the body.
    private static func body(_ members: JSON, password: borrowing SecretBytes) -> [UInt8] {
        var body: [UInt8] = []
        // Never moved by growing, which would leave a copy behind.
        body.reserveCapacity(members.encoded.count + 16 + password.count * 6)
        body += members.encoded.dropLast()
        body += Array(#","password":""#.utf8)
        password.withBytes { bytes in
            for byte in bytes {
                switch byte {
                case 0x22, 0x5c: body += [0x5c, byte]
                case 0..<0x20:
                    let digits = Array("0123456789abcdef".utf8)
                    body += Array("\\u00".utf8)
                    body += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                default: body.append(byte)
                }
            }
        }
        body += [0x22, 0x7d]
        return body
    }

    private func call(
        _ method: Method, _ path: String, token: String? = nil, body: consuming [UInt8] = [],
        refusals: [Status] = [.unauthorized]
    ) throws(RelayError) -> JSON {
        var body = body
        defer { wipe(&body) }
        return try content(of: send(method, path, token, body), refusals: refusals)
    }

    /// The object that a relay answers; its refusal is thrown.
    ///
    /// - Parameter refusals: the statuses of refusals by stock relays, which give no code.
    func content(of response: Response, refusals: [Status]) throws(RelayError) -> JSON {
        let json = (try? JSON(parsing: response.body)) ?? .null
        guard response.status.isSuccess else {
            throw refusal(response.status, json, refusals)
        }
        guard json.members != nil else { throw .strangeAnswer("no JSON object") }
        return json
    }

    private func send(
        _ method: Method, _ path: String, _ token: String?, _ body: [UInt8]
    ) throws(RelayError) -> Response {
        guard let target = try? Target(path) else { throw .badAddress(path) }
        var request = Request(method, target, body: body)
        request.fields.append("Connection", "close")
        if !body.isEmpty { request.fields.append("Content-Type", "application/json") }
        if let token { request.fields.append("Authorization", "Bearer \(token)") }
        var outcome: Result<Response, ExchangeFailure>?
        do {
            let loop = try EventLoop()
            let context = relay.isSecure ? try clientContext() : nil
            let exchange = HTTPExchange(
                request, to: relay, on: loop, context: context, timeout: timeout
            ) { outcome = $0 }
            while outcome == nil { try loop.turn() }
            withExtendedLifetime(exchange) {}
        } catch let error as AuthoritiesError {
            throw .authorities(error)
        } catch {
            let reason = (error as? any Failure)?.message ?? "\(error)"
            throw .unreachable(relay: relay.description, reason: reason)
        }
        guard let outcome else { throw .strangeAnswer("nothing") }
        do throws(ExchangeFailure) { return try outcome.get() } catch {
            throw RelayError(error, at: relay)
        }
    }

    private func refusal(_ status: Status, _ body: JSON, _ stock: [Status]) -> RelayError {
        let said = body["message"]?.string ?? body["error"]?.string
        let code = body["code"]?.string
        let line = "\(status.rawValue) \(status.reason)"
        let words = said.map(relayWords) ?? line
        switch status {
        case .tooManyRequests: return .rateLimited(reason: words)
        case _ where status.isTemporary:
            return .unreachable(relay: relay.description, reason: words)
        // A relay gives a code, a stock one words alone. What gives neither, or with a status that no
        // relay has for such a request, is a web server or gateway in its place.
        case _
        where !(status.isClientError && code != nil || said != nil && stock.contains(status)):
            return .strangeAnswer(said == nil || said == status.reason ? line : "\(line): \(words)")
        case .unauthorized where code == "otpRequired": return .needsSecondFactor
        case .unauthorized where code == "wrongCredentials": return .wrongPassword
        case .conflict where code == "emailTaken": return .accountExists(reason: words)
        default: return .refused(status: status.rawValue, reason: words)
        }
    }
}
