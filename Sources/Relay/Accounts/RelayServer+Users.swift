internal import Clock
internal import Crypto
internal import JSON

// What operators do with accounts.

extension RelayServer {
    mutating func addUser(_ request: ControlRequest) throws(ControlError) {
        let (name, email, password): (String, String, SharedSecret)
        do throws(RESTError) {
            let body = try AuthBody(request.body)
            (name, email, password) = (
                try body.name(), try body.email(isNew: true), try body.password(isNew: true)
            )
        } catch { throw ControlError(error) }
        guard directory.user(email: Array(email.utf8)[...]) == nil,
            registering.insert(email).inserted
        else { throw .emailTaken(email) }
        ask(.hash(password)) { relay, result in
            guard case .hash(let hash) = result else {
                relay.registering.remove(email)
                return relay.refuse(control: request.number, ControlError(.busy))
            }
            let account = relay.newAccount(name: name, email: email)
            relay.store(account, hash: hash) { relay, error in
                relay.registering.remove(email)
                if let error { return relay.refuse(control: request.number, error) }
                relay.emit(.log(.notice, "an operator added the user \(account.id)"))
                relay.end(request.number, [relay.json(account, type: "user")])
            }
        }
    }

    /// Puts a new account into the store and the directory.
    private mutating func store(
        _ account: Account, hash: String,
        then next: @escaping (inout RelayServer, ControlError?) -> Void
    ) {
        ask(.addAccount(account, passwordHash: hash)) { relay, result in
            switch result {
            case .done where relay.directory.insert(account, isStored: true) != nil:
                next(&relay, nil)
            case .failed(let code): next(&relay, .notStored(code: code))
            default: next(&relay, .emailTaken(account.email ?? ""))
            }
        }
    }

    mutating func listUsers(_ request: ControlRequest) throws(ControlError) {
        let wanted = try request.text("user").map { name throws(ControlError) in
            directory[try user(named: name)].account.number
        }
        ask(.accounts(.list)) { relay, result in
            switch result {
            case .accounts(.list(let facts)):
                relay.end(
                    request.number,
                    facts.filter { wanted == nil || $0.account == wanted }
                        .compactMap { relay.json($0) })
            case .failed(let code): relay.refuse(control: request.number, .notStored(code: code))
            default: relay.end(request.number)
            }
        }
    }

    private func json(_ facts: AccountFacts) -> JSON? {
        guard let number = directory.user(number: facts.account) else { return nil }
        let user = directory[number]
        let lock = user.account.email.map { failuresByAccount.wait($0, at: now) } ?? 0
        guard case .object(let members) = json(user.account, type: "user") else { return nil }
        return .object(
            members + [
                JSON.Member("state", .string(user.isDisabled ? "disabled" : "enabled")),
                JSON.Member("password", .string(facts.password.rawValue)),
                JSON.Member("secondFactor", .bool(facts.hasSecondFactor)),
                JSON.Member("connections", .integer(user.sockets.count)),
                JSON.Member("lockedSeconds", .integer(Int(lock.rounded(.up)))),
            ])
    }

    private func json(_ account: Account, type: String) -> JSON {
        .object([
            JSON.Member("type", .string(type)), JSON.Member("user", .string(account.id)),
            JSON.Member("email", account.email.map { .string($0) } ?? .null),
            JSON.Member("name", .string(account.name)),
        ])
    }

    /// A user who is disabled is out at once; one who is enabled is no longer locked out either.
    mutating func setDisabled(
        _ isDisabled: Bool, _ request: ControlRequest
    ) throws(ControlError) {
        let user = try named(request)
        let account = directory[user].account
        if !isDisabled, let email = account.email { failuresByAccount.forget(email) }
        directory[user].isDisabled = isDisabled
        if isDisabled {
            directory[user].endTokens(at: wall)
            closeConnections(of: user, .accountDisabled)
        }
        let operation = AccountOperation.setDisabled(
            account: account.number, isDisabled, at: directory[user].tokensEnded ?? wall)
        ask(.accounts(operation)) { relay, result in
            relay.didEndSessions(result, request) {
                let word = isDisabled ? "disabled" : "enabled"
                $0.emit(.log(.notice, "an operator \(word) the user \(account.id)"))
                $0.end(request.number, [$0.json(account, type: word)])
            }
        }
    }

    mutating func removeUser(_ request: ControlRequest) throws(ControlError) {
        let user = try named(request)
        let account = directory[user].account
        clearAway(user)
        directory.remove(user)
        senderShares.forget(Mailbox(user: user, device: nil))
        closeConnections(of: user, .accountRemoved)
        let operation = AccountOperation.remove(
            account: account.number, until: wall + Self.tokenLifetime)
        ask(.accounts(operation)) { relay, result in
            relay.didEndSessions(result, request) {
                $0.emit(.log(.notice, "an operator removed the user \(account.id)"))
                $0.end(request.number, [$0.json(account, type: "removed")])
            }
        }
    }

    private func named(_ request: ControlRequest) throws(ControlError) -> Int {
        guard let name = try request.text("user") else { throw .missingField("user") }
        return try user(named: name)
    }

    /// Ends all connections of a user, and forgets those that it lost.
    private mutating func closeConnections(of user: Int, _ reason: CloseReason) {
        recoveries.forget(user)
        for socket in directory[user].sockets { close(socket, reason) }
    }

    private mutating func didEndSessions(
        _ result: StoreResult, _ request: ControlRequest, then next: (inout RelayServer) -> Void
    ) {
        switch result {
        case .accounts(.ended(let sessions)):
            for session in sessions { revoked[session] = wall + Self.tokenLifetime }
            next(&self)
        case .failed(let code): refuse(control: request.number, .notStored(code: code))
        default: next(&self)
        }
    }
}

// MARK: Importing

extension RelayServer {
    /// Users whom one request may bring.
    static let importCount = 200

    /// An account from another system, with its password's hash.
    private struct Import {
        let email: String
        let name: String
        let hash: String
    }

    /// Answers with an object for each of `users`, in order: what became of it.
    mutating func importUsers(_ request: ControlRequest) throws(ControlError) {
        guard Bcrypt.isAvailable else { throw ControlError(.hashUnsupported) }
        guard let users = request.members["users"]?.array, users.count <= Self.importCount else {
            throw .badField("users")
        }
        importNext(of: users, at: 0, request)
    }

    private mutating func importNext(of users: [JSON], at index: Int, _ request: ControlRequest) {
        guard index < users.count else { return end(request.number) }
        let user: Import
        do throws(RESTError) { user = try self.user(from: users[index]) } catch {
            refuse(users[index], error, request)
            return importNext(of: users, at: index + 1, request)
        }
        registering.insert(user.email)
        let account = newAccount(name: user.name, email: user.email)
        store(account, hash: user.hash) { relay, error in
            relay.registering.remove(user.email)
            relay.importedHashCount += error == nil ? 1 : 0
            if let error {
                relay.reply(request.number, [Self.refusal(of: user.email, error)])
            } else {
                relay.reply(request.number, [relay.json(account, type: "user")])
            }
            relay.importNext(of: users, at: index + 1, request)
        }
    }

    private func user(from object: JSON) throws(RESTError) -> Import {
        let body = try AuthBody(object.encoded)
        let email = try body.email(isNew: true)
        guard let hash = object["hash"]?.string, Bcrypt.isHash(hash) else {
            throw .badField("hash", "hash is not one of bcrypt with a cost of 4 to 14")
        }
        let name = object["name"] == nil ? email.prefix { $0 != "@" } + "" : try body.name()
        guard directory.user(email: Array(email.utf8)[...]) == nil, !registering.contains(email)
        else { throw .emailTaken }
        return Import(email: email, name: String(name), hash: hash)
    }

    private mutating func refuse(_ object: JSON, _ error: RESTError, _ request: ControlRequest) {
        let email = object["email"]?.string ?? ""
        reply(
            request.number,
            [
                Self.refusal(
                    of: email, error == .emailTaken ? .emailTaken(email) : ControlError(error))
            ])
    }

    private static func refusal(of email: String, _ error: ControlError) -> JSON {
        [
            "type": "refused", "email": .string(email), "code": .string(error.code),
            "message": .string(error.message),
        ]
    }
}
