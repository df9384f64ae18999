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
private struct Login {
    let attempt: Attempt
    let user: Int?
    let password: SharedSecret
    /// The code of the second factor, or one for recovery.
    let code: String?
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

    func json(_ account: Account) -> JSON {
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
            request: request.number, name: try body.name(),
            email: try body.email(isNew: true))
        let password = try body.password(isNew: true)
        let network = networkName(of: request.address)
        let wait = registrations.wait(network, at: now)
        guard wait == 0 else {
            counters.countRefusal(by: .registrationsPerAddress)
            throw .tooMany(seconds: wait)
        }
        guard directory.user(email: Array(registration.email.utf8)[...]) == nil,
            registering.insert(registration.email).inserted
        else { throw .emailTaken }
        registrations.take(network, at: now)
        ask(.hash(password)) { $0.didHash(registration, $1) }
    }

    mutating func didHash(_ registration: Registration, _ result: PasswordResult) {
        guard case .hash(let hash) = result else {
            registering.remove(registration.email)
            return refuse(registration.request, .busy)
        }
        var registration = registration
        let account = newAccount(name: registration.name, email: registration.email)
        registration.account = account
        ask(.addAccount(account, passwordHash: hash)) { $0.didRegister(registration, $1) }
    }

    mutating func newAccount(name: String, email: String) -> Account {
        Account(number: directory.takeNumber(), id: newUserID(), name: name, email: email)
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
        let email = try body.email(isNew: false)
        let password = try body.password(isNew: false)
        let code = try body.code()
        let attempt = Attempt(request: request.number, email: email, address: request.address)
        try begin(attempt)
        let login = Login(
            attempt: attempt, user: directory.user(email: Array(email.utf8)[...]),
            password: password, code: code)
        // The same steps for an account that does not exist, so that they take as long.
        let number = login.user.map { directory[$0].account.number } ?? 0
        ask(.passwordHash(account: number)) { $0.didFindHash(login, $1) }
    }

    private mutating func didFindHash(_ login: Login, _ result: StoreResult) {
        switch result {
        case .passwordHash(let hash):
            let job = PasswordJob.verify(
                login.password, hash: hash, amongImported: importedHashCount > 0)
            ask(job) { $0.didVerify(login, $1) }
        case .failed(let code): refuse(login.attempt.request, .notStored(code: code))
        default: refuse(login.attempt.request, .busy)
        }
    }

    private mutating func didVerify(_ login: Login, _ result: PasswordResult) {
        switch result {
        case .isRight(true): break
        case .isRightAnew(let hash):
            guard let user = login.user else { return fail(login.attempt, .wrongCredentials) }
            ask(.setPasswordHash(account: directory[user].account.number, hash))
        case .busy: return refuse(login.attempt.request, .busy)
        case .unsupported:
            emit(.log(.warning, "an imported password cannot be checked: libcrypt.so.1 is missing"))
            return refuse(login.attempt.request, .hashUnsupported)
        default: return fail(login.attempt, .wrongCredentials)
        }
        guard let user = login.user else { return fail(login.attempt, .wrongCredentials) }
        guard !directory[user].isDisabled else {
            return refuse(login.attempt.request, .accountDisabled)
        }
        ask(.accounts(.secondFactor(account: directory[user].account.number))) {
            $0.didFindFactor(login, user, $1)
        }
    }

    private mutating func didFindFactor(_ login: Login, _ user: Int, _ result: StoreResult) {
        switch result {
        case .accounts(.secondFactor(let factor)):
            guard let factor, factor.isOn else { return finish(login, user) }
            guard let code = login.code else {
                giveBack(login.attempt)
                return refuse(login.attempt.request, .otpRequired)
            }
            spend(code, of: factor, user, login.attempt) { $0.finish(login, user) }
        case .failed(let code): refuse(login.attempt.request, .notStored(code: code))
        default: refuse(login.attempt.request, .busy)
        }
    }

    private mutating func finish(_ login: Login, _ user: Int) {
        succeed(login.attempt)
        logIn(user, login.attempt.request, status: .ok)
    }

    /// Begins a login: its tokens go out once its refresh token is in the store.
    private mutating func logIn(_ user: Int, _ request: RequestNumber, status: Status) {
        guard !directory[user].isDisabled else { return refuse(request, .accountDisabled) }
        let session = Hex.encode(randomBytes(16))
        let (text, digest) = Self.newRefreshToken()
        let account = directory[user].account
        let body: JSON = [
            "user": json(account), "token": .string(makeToken(user, session)),
            "refresh_token": .string(text),
        ]
        ask(
            .addRefreshToken(
                RefreshToken(
                    digest: digest, session: session, account: account.number,
                    expiresAt: wall + Self.refreshTokenLifetime))
        ) { relay, result in
            // It may have been shut out meanwhile, which its new login was not spared.
            guard relay.revoked[session] == nil else {
                return relay.refuse(request, .accountDisabled)
            }
            relay.didLogIn(request, .uncached(status, body), result)
        }
    }

    mutating func didLogIn(_ request: RequestNumber, _ response: Response, _ result: StoreResult) {
        if case .failed(let code) = result { return refuse(request, .notStored(code: code)) }
        emit(.respond(request, response))
    }

    private func makeToken(_ user: Int, _ session: String) -> String {
        let account = directory[user].account
        return key.makeToken(
            Claims(
                userID: account.id, email: account.email, session: session,
                issuedAt: directory[user].issueTime(at: wall),
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
        let attempt = Attempt(request: request.number, email: nil, address: request.address)
        try begin(attempt)
        let (text, digest) = Self.newRefreshToken()
        ask(
            .rotateRefreshToken(
                digest: SHA256.hash(Array(token)), next: digest,
                expiresAt: wall + Self.refreshTokenLifetime, now: wall,
                grace: limits.refreshGrace)
        ) { $0.didRefresh(attempt, text, $1) }
    }

    private mutating func didRefresh(
        _ attempt: Attempt, _ next: String, _ result: StoreResult
    ) {
        switch result {
        case .rotated(let account, let session):
            succeed(attempt)
            guard let user = directory.user(number: account), revoked[session] == nil else {
                return refuse(attempt.request, .badRefreshToken)
            }
            let token = makeToken(user, session)
            let body: JSON = [
                "user": json(directory[user].account), "token": .string(token),
                "refresh_token": .string(next),
            ]
            emit(.respond(attempt.request, Response.uncached(.ok, body)))
        case .reused(let account, let session):
            // Somebody else has a copy: whoever holds a token of this login loses it.
            emit(.log(.warning, "a refresh token was used twice; its login is ended"))
            revoked[session] = wall + Self.tokenLifetime
            if let user = directory.user(number: account) {
                closeConnections(of: user, session: session)
                watch(.tokenReuse, .user(user))
            }
            giveBack(attempt)
            refuse(attempt.request, .refreshTokenReused)
        case .failed(let code):
            giveBack(attempt)
            refuse(attempt.request, .notStored(code: code))
        default: fail(attempt, .badRefreshToken)
        }
    }

    mutating func logOut(_ caller: Caller, _ request: RESTRequest) {
        // The login may have got a younger token since this one.
        let until = max(caller.expiresAt, wall + Self.tokenLifetime)
        revoked[caller.session] = until
        closeConnections(of: caller.user, session: caller.session)
        ask(.revoke(session: caller.session, until: until)) {
            $0.didLogOut(request.number, $1)
        }
    }

    mutating func didLogOut(_ number: RequestNumber, _ result: StoreResult) {
        if case .failed(let code) = result { return refuse(number, .notStored(code: code)) }
        emit(.respond(number, Response.uncached(.ok, ["message": "Logged out"])))
    }
}
