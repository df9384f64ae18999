public import Clock
public import JSON
internal import Wire

/// Who somebody is at a relay, and the tokens that prove it.
public struct Account: Equatable, Sendable {
    public var userID: String
    public var name: String
    public var email: String
    /// The JWT for everything but getting the next one.
    public var token: String
    /// What the next pair is got with. It works once: used twice it ends the login.
    public var refreshToken: String?

    /// Reads `{"user": {"_id", "name", "email"}, "token", "refresh_token"}`, as a relay answers
    /// login and as account files hold it.
    public init?(_ json: JSON) {
        guard let user = json["user"], let userID = user["_id"]?.string,
            let token = json["token"]?.string, Self.isToken(token)
        else { return nil }
        self.userID = userID
        self.token = token
        name = user["name"]?.string ?? ""
        email = user["email"]?.string ?? ""
        refreshToken = json["refresh_token"]?.string
    }

    /// The form that `init` reads.
    public var json: JSON {
        var members = [
            JSON.Member(
                "user", ["_id": .string(userID), "name": .string(name), "email": .string(email)]),
            JSON.Member("token", .string(token)),
        ]
        if let refreshToken { members.append(JSON.Member("refresh_token", .string(refreshToken))) }
        return .object(members)
    }

    /// When the token runs out, as its `exp` says (RFC 7519 section 4.1.4). The client cannot
    /// verify a token and only reads it, to ask for a new one in time.
    public var expires: Timestamp? {
        let parts = token.split(omittingEmptySubsequences: false) { $0 == "." }
        guard parts.count == 3, let payload = Base64.url.decode(String(parts[1])),
            let seconds = (try? JSON(parsing: payload))?["exp"]?.integer,
            (0...253_402_300_799).contains(seconds)
        else { return nil }
        return Timestamp(seconds: seconds)
    }

    private static func isToken(_ text: String) -> Bool {
        (1...8192).contains(text.utf8.count) && text.utf8.allSatisfy { 0x21...0x7e ~= $0 }
    }

    /// Takes over the new pair that a relay answers to a refresh.
    mutating func renew(with answer: JSON) -> Bool {
        guard let token = answer["token"]?.string, Self.isToken(token) else { return false }
        self.token = token
        refreshToken = answer["refresh_token"]?.string ?? refreshToken
        return true
    }
}
