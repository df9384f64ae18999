internal import Clock
internal import Crypto
internal import HTTP
internal import JSON
internal import Wire

extension RelayServer {
    /// Makes a second factor for the caller, which `confirmSecondFactor` switches on.
    mutating func proposeSecondFactor(_ caller: Caller, _ request: RESTRequest) {
        let secret = SharedSecret(SecretBytes.random(count: TOTP.secretByteCount))
        let codes = (0..<RecoveryCode.count).map { _ in RecoveryCode.random() }
        let account = directory[caller.user].account
        ask(
            .accounts(
                .proposeSecondFactor(
                    account: account.number, secret: secret,
                    recoveryDigests: codes.compactMap(RecoveryCode.digest)))
        ) { relay, result in
            switch result {
            case .accounts(.changed(true)):
                relay.emit(
                    .respond(
                        request.number,
                        .uncached(.ok, Self.proposal(secret, codes, for: account))))
            case .failed(let code): relay.refuse(request.number, .notStored(code: code))
            default: relay.refuse(request.number, .secondFactorOn)
            }
        }
    }

    private static func proposal(
        _ secret: SharedSecret, _ codes: [String], for account: Account
    ) -> JSON {
        let url = TOTP.url(secret.bytes, account: account.email ?? account.id)
        let text = unsafe secret.bytes.withBytes { unsafe Base32.encode(Array($0)) }
        return [
            "otpauth_url": .string(url), "uri": .string(url), "secret": .string(text),
            "recovery_codes": .array(codes.map { .string($0) }),
        ]
    }

    /// Switches the caller's second factor on, with the first code.
    mutating func confirmSecondFactor(
        _ caller: Caller, _ request: RESTRequest
    ) throws(RESTError) {
        guard let code = try AuthBody(request.body).code() else {
            throw .missingField("otp")
        }
        let attempt = try begin(request, of: caller)
        findFactor(of: caller.user, attempt) { relay, factor in
            guard let factor else { return relay.refuse(attempt, .secondFactorOff) }
            // What is not on yet can be switched on by a code of the app alone.
            relay.spend(code, of: factor, caller.user, attempt, switchesOn: !factor.isOn) {
                $0.succeed(attempt)
                $0.log("secondFactorOn", by: caller.user)
                $0.emit(
                    .respond(
                        attempt.request,
                        .uncached(.ok, ["message": "Second factor on", "enabled": true])))
            }
        }
    }

    /// Switches the caller's second factor off, with a code or the password.
    mutating func removeSecondFactor(
        _ caller: Caller, _ request: RESTRequest
    ) throws(RESTError) {
        let body = try AuthBody(request.body)
        let code = try body.code()
        let password = code == nil && body.hasPassword ? try body.password(isNew: false) : nil
        guard code != nil || password != nil else { throw .otpRequired }
        let attempt = try begin(request, of: caller)
        findFactor(of: caller.user, attempt) { relay, factor in
            guard let factor else { return relay.refuse(attempt, .secondFactorOff) }
            if let code {
                relay.spend(code, of: factor, caller.user, attempt) {
                    $0.dropFactor(of: caller.user, attempt)
                }
            } else if let password {
                relay.check(password, of: caller.user, attempt) {
                    $0.dropFactor(of: caller.user, attempt)
                }
            }
        }
    }

    private mutating func begin(
        _ request: RESTRequest, of caller: Caller
    ) throws(RESTError) -> Attempt {
        let account = directory[caller.user].account
        let attempt = Attempt(
            request: request.number, email: account.email ?? account.id, address: request.address)
        try begin(attempt)
        return attempt
    }

    /// Refuses what was no guess.
    private mutating func refuse(_ attempt: Attempt, _ error: RESTError) {
        giveBack(attempt)
        refuse(attempt.request, error)
    }

    private mutating func findFactor(
        of user: Int, _ attempt: Attempt,
        then next: @escaping (inout RelayServer, SecondFactor?) -> Void
    ) {
        ask(.accounts(.secondFactor(account: directory[user].account.number))) { relay, result in
            switch result {
            case .accounts(.secondFactor(let factor)): next(&relay, factor)
            case .failed(let code): relay.refuse(attempt, .notStored(code: code))
            default: relay.refuse(attempt, .busy)
            }
        }
    }

    /// Uses up a code, or a recovery code, and goes on if it was good. The attempt fails if not.
    mutating func spend(
        _ code: String, of factor: SecondFactor, _ user: Int, _ attempt: Attempt,
        switchesOn: Bool = false, then next: @escaping (inout RelayServer) -> Void
    ) {
        guard let operation = use(of: code, factor, user, switchesOn) else {
            return fail(attempt, .wrongOTP)
        }
        ask(.accounts(operation)) { relay, result in
            switch result {
            case .accounts(.changed(true)):
                if case .useRecoveryCode = operation { relay.log("recoveryCode", by: user) }
                next(&relay)
            case .failed(let code): relay.refuse(attempt, .notStored(code: code))
            default: relay.fail(attempt, .wrongOTP)
            }
        }
    }

    /// What the store must do for a code to be used; nil where it is wrong whatever the store says.
    private mutating func use(
        of code: String, _ factor: SecondFactor, _ user: Int, _ switchesOn: Bool
    ) -> AccountOperation? {
        let account = directory[user].account.number
        if !switchesOn, let digest = RecoveryCode.digest(code) {
            return .useRecoveryCode(account: account, digest: digest)
        }
        guard let secret = factor.secret else {
            emit(.log(.warning, "a second factor cannot be read: its key file was lost"))
            return nil
        }
        do throws(LibcryptoMissing) {
            guard let step = try TOTP.step(of: code, secret.bytes, at: wall) else { return nil }
            return .useStep(account: account, step: step, switchesOn: switchesOn)
        } catch {
            emit(.log(.warning, "one-time codes cannot be checked: libcrypto is missing"))
            return nil
        }
    }

    private mutating func check(
        _ password: SharedSecret, of user: Int, _ attempt: Attempt,
        then next: @escaping (inout RelayServer) -> Void
    ) {
        ask(.passwordHash(account: directory[user].account.number)) { relay, result in
            guard case .passwordHash(let hash) = result else {
                return relay.refuse(attempt, .busy)
            }
            relay.ask(.verify(password, hash: hash)) { relay, result in
                switch result {
                case .isRight(true), .isRightAnew: next(&relay)
                case .busy: relay.refuse(attempt, .busy)
                case .unsupported: relay.refuse(attempt, .hashUnsupported)
                default: relay.fail(attempt, .wrongCredentials)
                }
            }
        }
    }

    private mutating func dropFactor(of user: Int, _ attempt: Attempt) {
        succeed(attempt)
        let number = directory[user].account.number
        ask(.accounts(.removeSecondFactor(account: number))) { relay, result in
            if case .failed(let code) = result {
                return relay.refuse(attempt.request, .notStored(code: code))
            }
            relay.log("secondFactorOff", by: user)
            relay.emit(
                .respond(
                    attempt.request,
                    .uncached(.ok, ["message": "Second factor off", "enabled": false])))
        }
    }

    /// A line of the audit log about an account, which no connection of it brought about.
    mutating func log(_ event: String, by user: Int) {
        audit.add(
            event, at: wall, timestampText,
            who: Array(#","user":"#.utf8) + directory[user].idText, numbers: [])
    }
}
