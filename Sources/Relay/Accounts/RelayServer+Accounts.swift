internal import Clock
internal import Crypto
internal import HTTP
internal import JSON
internal import JWT
internal import Wire

/// An account being made.
struct Registration {
    let request: RequestNumber
    let name: String
    let email: String
    var account: Account?
}

/// A login under way.
struct Login {
    let request: RequestNumber
    let email: String
    let address: String
    let user: Int?
    let password: SharedSecret
}

extension RelayServer {
    /// How long an access token is good.
    public static let tokenLifetime = Duration.seconds(7 * 86_400)
    /// How long a refresh token is good, if it is not used before.
    public static let refreshTokenLifetime = Duration.seconds(30 * 86_400)
    private static let refreshTokenByteCount = 32

    mutating func describe(_ caller: Caller, to request: RESTRequest) {
        let user: JSON = ["user": json(directory[caller.user].account)]
        emit(.respond(request.number, .uncached(.ok, user)))
    }

    private func json(_ account: Account) -> JSON {
        var members = [
            JSON.Member("_id", .string(account.id)), JSON.Member("name", .string(account.name)),
        ]
        if let email = account.email { members.append(JSON.Member("email", .string(email))) }
        return .object(members)
    }
}

// MARK: Registering

extension RelayServer {
    mutating func register(_ request: RESTRequest) throws(RESTError) {
        let body = try AuthBody(request.body)
        let registration = Registration(
            request: request.number, name: try body.name(), email: try body.email())
        let password = try body.password(isNew: true)
        let wait = registrations.wait(request.address, at: now)
        guard wait == 0 else { throw .tooMany(seconds: wait) }
        guard directory.user(email: Array(registration.email.utf8)[...]) == nil,
            registering.insert(registration.email).inserted
        else { throw .emailTaken }
        registrations.take(request.address, at: now)
        ask(.hash(password)) { $0.didHash(registration, $1) }
    }

    mutating func didHash(_ registration: Registration, _ result: PasswordResult) {
        guard case .hash(let hash) = result else {
            registering.remove(registration.email)
            return refuse(registration.request, .busy)
        }
        var registration = registration
        let account = Account(
            number: directory.takeNumber(), id: newUserID(), name: registration.name,
            email: registration.email)
        registration.account = account
        ask(.addAccount(account, passwordHash: hash)) { $0.didRegister(registration, $1) }
    }

    /// Twelve bytes as the stock servers' database makes its ids: the time, then random.
    private mutating func newUserID() -> String {
        let time = UInt32(truncatingIfNeeded: wall.seconds)
        let first = (0..<4).map { UInt8(truncatingIfNeeded: time >> UInt32(24 - 8 * $0)) }
        return Hex.encode(first + randomBytes(8))
    }

    mutating func didRegister(_ registration: Registration, _ result: StoreResult) {
        registering.remove(registration.email)
        guard let account = registration.account else { return }
        switch result {
        case .done:
            guard let user = directory.insert(account, isStored: true) else {
                return refuse(registration.request, .emailTaken)
            }
            logIn(user, registration.request, status: .created)
        case .failed(let code): refuse(registration.request, .notStored(code: code))
        default: refuse(registration.request, .emailTaken)
        }
    }
}

// MARK: Logging in

extension RelayServer {
    mutating func logIn(_ request: RESTRequest) throws(RESTError) {
        let body = try AuthBody(request.body)
        let address = request.address
        let email = try body.email()
        let password = try body.password(isNew: false)
        let wait = max(
            failuresByAccount.wait(email, at: now), failuresByAddress.wait(address, at: now))
        guard wait == 0 else { throw .tooMany(seconds: wait) }
        // Taken now and not when the answer is known, or a hundred tries at once were one.
        failuresByAccount.take(email, at: now)
        failuresByAddress.take(address, at: now)
        let login = Login(
            request: request.number, email: email, address: address,
            user: directory.user(email: Array(email.utf8)[...]), password: password)
        guard let user = login.user else {
            // Takes as long as for an account that exists.
            return ask(.verify(password, hash: nil)) { $0.didVerify(login, $1) }
        }
        ask(.passwordHash(account: directory[user].account.number)) { $0.didFindHash(login, $1) }
    }

    mutating func didFindHash(_ login: Login, _ result: StoreResult) {
        switch result {
        case .passwordHash(let hash):
            ask(.verify(login.password, hash: hash)) { $0.didVerify(login, $1) }
        case .failed(let code): refuse(login.request, .notStored(code: code))
        default: refuse(login.request, .busy)
        }
    }

    mutating func didVerify(_ login: Login, _ result: PasswordResult) {
        switch result {
        case .isRight(true):
            guard let user = login.user else { break }
            failuresByAccount.giveBack(login.email)
            failuresByAddress.giveBack(login.address)
            return logIn(user, login.request, status: .ok)
        case .busy: return refuse(login.request, .busy)
        default: break
        }
        emit(.log(.detail, "wrong password or e-mail address from \(login.address)"))
        refuse(login.request, .wrongCredentials)
    }

    /// Begins a login: its tokens go out once its refresh token is in the store.
    private mutating func logIn(_ user: Int, _ request: RequestNumber, status: Status) {
        let session = Hex.encode(randomBytes(16))
        let (text, digest) = Self.newRefreshToken()
        let account = directory[user].account
        let body: JSON = [
            "user": json(account), "token": .string(makeToken(account, session)),
            "refresh_token": .string(text),
        ]
        ask(
            .addRefreshToken(
                RefreshToken(
                    digest: digest, session: session, account: account.number,
                    expiresAt: wall + Self.refreshTokenLifetime))
        ) { $0.didLogIn(request, .uncached(status, body), $1) }
    }

    mutating func didLogIn(_ request: RequestNumber, _ response: Response, _ result: StoreResult) {
        if case .failed(let code) = result { return refuse(request, .notStored(code: code)) }
        emit(.respond(request, response))
    }

    private func makeToken(_ account: Account, _ session: String) -> String {
        key.makeToken(
            Claims(
                userID: account.id, email: account.email, session: session, issuedAt: wall,
                expiresAt: wall + Self.tokenLifetime))
    }

    private static func newRefreshToken() -> (text: String, digest: [UInt8]) {
        let text = Base64.url.encode(randomBytes(refreshTokenByteCount))
        return (text, SHA256.hash(Array(text.utf8)))
    }
}

// MARK: Refreshing and logging out

extension RelayServer {
    mutating func refresh(_ request: RESTRequest) throws(RESTError) {
        let token = try AuthBody(request.body).refreshToken()
        let address = request.address
        let wait = failuresByAddress.wait(address, at: now)
        guard wait == 0 else { throw .tooMany(seconds: wait) }
        let (text, digest) = Self.newRefreshToken()
        ask(
            .rotateRefreshToken(
                digest: SHA256.hash(Array(token)), next: digest,
                expiresAt: wall + Self.refreshTokenLifetime, now: wall)
        ) { $0.didRefresh(request.number, text, address, $1) }
    }

    mutating func didRefresh(
        _ number: RequestNumber, _ next: String, _ address: String, _ result: StoreResult
    ) {
        switch result {
        case .rotated(let number_, let session):
            guard let user = directory.user(number: number_), revoked[session] == nil else {
                return refuse(number, .badRefreshToken)
            }
            let token = makeToken(directory[user].account, session)
            let body: JSON = [
                "user": json(directory[user].account), "token": .string(token),
                "refresh_token": .string(next),
            ]
            emit(.respond(number, Response.uncached(.ok, body)))
        case .reused(let account, let session):
            // Somebody else has a copy: whoever holds a token of this login loses it.
            emit(.log(.warning, "a refresh token was used twice; its login is ended"))
            revoked[session] = wall + Self.tokenLifetime
            if let user = directory.user(number: account) {
                closeConnections(of: user, session: session)
            }
            refuse(number, .refreshTokenReused)
        case .failed(let code): refuse(number, .notStored(code: code))
        default:
            failuresByAddress.take(address, at: now)
            refuse(number, .badRefreshToken)
        }
    }

    mutating func logOut(_ caller: Caller, _ request: RESTRequest) {
        revoked[caller.session] = caller.expiresAt
        closeConnections(of: caller.user, session: caller.session)
        ask(.revoke(session: caller.session, until: caller.expiresAt)) {
            $0.didLogOut(request.number, $1)
        }
    }

    mutating func didLogOut(_ number: RequestNumber, _ result: StoreResult) {
        if case .failed(let code) = result { return refuse(number, .notStored(code: code)) }
        emit(.respond(number, Response.uncached(.ok, ["message": "Logged out"])))
    }
}
