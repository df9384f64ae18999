internal import Clock
internal import Crypto
internal import JSON
internal import JWT
internal import Wire

// Tokens for operators: to make one for a service or a test, and to tell why one is refused.

extension RelayServer {
    /// How long a token may be good that an operator asks for: ten years.
    public static let longestTokenLifetime = Duration.seconds(3660 * 86_400)

    mutating func makeToken(_ request: ControlRequest) throws(ControlError) {
        guard let name = try request.text("user") else { throw .missingField("user") }
        let seconds = try request.integer("seconds") ?? Self.tokenLifetime.components.seconds
        guard (1...Self.longestTokenLifetime.components.seconds).contains(seconds) else {
            throw .badField("seconds")
        }
        var claims = try claims(of: name, orNew: request.flag("new"))
        let session = Hex.encode(randomBytes(16))
        if let problem = problems(of: claims.userID, session: session).first {
            throw .refused(code: problem.code, message: problem.message, hint: problem.hint)
        }
        claims.session = session
        claims.expiresAt = wall + .seconds(seconds)
        emit(.log(.notice, "an operator made a token for the user \(claims.userID)"))
        end(
            request.number,
            [
                [
                    "type": "token", "user": .string(claims.userID),
                    "token": .string(key.makeToken(claims)),
                    "expires": .string(claims.expiresAt.description),
                ]
            ])
    }

    private func claims(of name: String, orNew isNew: Bool) throws(ControlError) -> Claims {
        do throws(ControlError) {
            let user = directory[try user(named: name)]
            return Claims(
                userID: user.account.id, email: user.account.email, session: nil,
                issuedAt: user.issueTime(at: wall), expiresAt: wall)
        } catch {
            guard isNew else { throw error }
        }
        // The account is made when the token is first used.
        guard (1...Claims.maximumUserIDByteCount).contains(name.utf8.count),
            name.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .badField("user") }
        return Claims(userID: name, email: nil, session: nil, issuedAt: wall, expiresAt: wall)
    }

    mutating func explainToken(_ request: ControlRequest) throws(ControlError) {
        guard let token = try request.text("token") else { throw .missingField("token") }
        let bytes = Array(token.utf8)
        let explanation = key.explain(bytes[...], at: wall)
        var problems = explanation.problems.map {
            Problem(code: $0.code, message: $0.message, hint: $0.hint)
        }
        if !problems.isEmpty, token.lowercased().hasPrefix("bearer ") {
            problems[0].hint = "leave out \"Bearer \": the token is what comes after it"
        }
        var members = [JSON.Member("type", "token")]
        if let header = explanation.header { members.append(JSON.Member("header", header)) }
        if let payload = explanation.payload { members.append(JSON.Member("payload", payload)) }
        if let payload = explanation.payload, let id = payload["_id"]?.string {
            let session = payload["sid"]?.string ?? Hex.encode(SHA256.hash(bytes).prefix(16))
            problems += self.problems(of: id, session: session)
            if let claims = explanation.claims, revoked[session] == nil {
                problems += endProblems(of: claims)
            }
        }
        members.append(JSON.Member("valid", .bool(problems.isEmpty)))
        members.append(JSON.Member("problems", .array(problems.map(\.json))))
        end(request.number, [.object(members)])
    }

    private struct Problem {
        let code: String
        let message: String
        var hint: String?

        var json: JSON {
            var members = [
                JSON.Member("code", .string(code)), JSON.Member("message", .string(message)),
            ]
            if let hint { members.append(JSON.Member("hint", .string(hint))) }
            return .object(members)
        }
    }

    private func endProblems(of claims: Claims) -> [Problem] {
        guard let user = directory.user(id: Array(claims.userID.utf8)[...]),
            directory[user].hasEnded(tokenOf: claims.issuedAt),
            let end = directory[user].tokensEnded
        else { return [] }
        return [
            Problem(
                code: ConnectRefusal.revoked.rawValue,
                message: "the account was disabled at \(end), which ended all its tokens of before",
                hint: "log in again, or make a new token")
        ]
    }

    /// What is wrong with whom a token names, though the token itself may be good.
    private func problems(of id: String, session: String) -> [Problem] {
        var problems: [Problem] = []
        if revoked[session] != nil {
            problems.append(
                Problem(
                    code: ConnectRefusal.revoked.rawValue, message: "the token's login has ended",
                    hint: "log in again"))
        }
        if let user = directory.user(id: Array(id.utf8)[...]) {
            guard directory[user].isDisabled else { return problems }
            problems.append(
                Problem(
                    code: ConnectRefusal.accountDisabled.rawValue,
                    message: "the account is disabled",
                    hint: "enable it with signal-relay user enable"))
        } else if directory.isRemoved(id: id) {
            problems.append(
                Problem(
                    code: ConnectRefusal.accountRemoved.rawValue, message: "the account was removed"
                ))
        } else if limits.foreignTokens == 0 {
            problems.append(
                Problem(
                    code: ConnectRefusal.unknownAccount.rawValue,
                    message: "there is no account of this user"))
        }
        return problems
    }
}
