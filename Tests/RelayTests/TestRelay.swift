import Clock
import Crypto
import HTTP
import JSON
import JWT

@testable import Relay
@testable import Storage

/// A relay with a store and a password thread of a few lines each, run by hand.
final class TestRelay {
    var server: RelayServer
    let key: SigningKey
    var now = Instant.origin
    var wall = Timestamp(seconds: 1_800_000_000)
    var store = ModelStore()
    /// What each connection was sent: the payloads of EVENT packets.
    var sent: [SocketNumber: [String]] = [:]
    /// The messages among it of which the relay wants to know when they could not leave.
    var messages: [SocketNumber: [EmittedMessage]] = [:]
    var acknowledgements: [SocketNumber: [UInt64: String]] = [:]
    var accepted: [SocketNumber] = []
    var socketIDs: [SocketNumber: String] = [:]
    var recoveries: [SocketNumber: RecoveryAnswer] = [:]
    var refusals: [SocketNumber: String] = [:]
    var closed: [SocketNumber: String] = [:]
    var paused: [SocketNumber: Duration] = [:]
    var responses: [RequestNumber: Response] = [:]
    var notices: [Notice] = []
    var log: [String] = []
    /// The lines that operators got, and who got the last of them.
    var replies: [ControlNumber: [String]] = [:]
    var answered: Set<ControlNumber> = []
    /// Whether rows of connections that acknowledge nothing count as written at once.
    var writes = true
    /// Rows that leave once all that was to be done in a turn is done.
    private var leaving: [(row: Int64, socket: SocketNumber)] = []
    /// Connections whose bytes do not leave for now.
    var blocked: Set<SocketNumber> = []
    /// Connections on which too much waits for another message, and whether it is to be reported
    /// that nothing does any more.
    var full: [SocketNumber: Bool] = [:]
    /// What was to be read in the store while that is busy; nil where it is not.
    var heldReads: [(Ticket, StoreOperation)]?
    /// The store that is used in place of the model.
    var realStore: RealStore?
    private var nextRequest = 0

    init(limits: Relay.Limits = Relay.Limits()) throws {
        var secret = Array("0123456789abcdef0123456789abcdef".utf8)
        key = try SigningKey(SharedSecret(SecretBytes(moving: &secret)))
        server = RelayServer(key: key, limits: limits, now: now, wall: wall)
    }

    /// The relay again, with what its store holds.
    func restart() {
        server = RelayServer(
            key: key, limits: server.limits, state: try! realStore?.state(wall) ?? store.state,
            now: now, wall: wall)
        sent = [:]
        accepted = []
    }

    func advance(_ time: Duration) {
        now = now + time
        wall = wall + time
        server.advance(to: now, wall: wall)
        run()
    }

    /// Carries out all effects, until there are no more.
    func run() {
        while true {
            server.endTurn()
            let effects = server.takeEffects()
            if effects.isEmpty && leaving.isEmpty { return }
            for effect in effects { perform(effect) }
            let left = leaving
            leaving = []
            for (row, socket) in left { server.written([row], on: socket) }
        }
    }

    private func perform(_ effect: Effect) {
        switch effect {
        case .accept(let socket, let socketID, let recovery):
            accepted.append(socket)
            socketIDs[socket] = socketID
            recoveries[socket] = recovery
        case .refuse(let socket, let message, let code):
            refusals[socket] = "\(message) \(code)"
        case .emit(let socket, let event, let delivery):
            if full[socket] != nil, holdsBack(event, delivery, socket) { return }
            let arguments = String(decoding: event.arguments, as: UTF8.self)
            sent[socket, default: []].append(#"["\#(event.name)",\#(arguments)]"#)
            if case .row(let row) = delivery, writes, !blocked.contains(socket) {
                leaving.append((row, socket))
            }
            if case .message(let serial) = delivery {
                messages[socket, default: []].append(EmittedMessage(event, serial))
            }
        case .acknowledge(let socket, let id, let arguments):
            acknowledgements[socket, default: [:]][id] = String(decoding: arguments, as: UTF8.self)
        case .reportDrained(let socket):
            if full[socket] == nil { server.drained(socket) } else { full[socket] = true }
        case .pause(let socket, let time): paused[socket] = time
        case .close(let socket, let reason): closed[socket] = reason.code
        case .respond(let request, let response): responses[request] = response
        case .store(let ticket, let operation):
            if case .read = operation, heldReads != nil {
                heldReads?.append((ticket, operation))
                return
            }
            let result = realStore?.perform(operation) ?? store.perform(operation)
            if let result { server.storeDid(ticket, result) }
        case .password(let ticket, let job): server.passwordDid(ticket, store.perform(job))
        case .notice(let notice): notices.append(notice)
        case .reply(let number, let lines, let isLast):
            replies[number, default: []] += lines.map { String(decoding: $0, as: UTF8.self) }
            if isLast { answered.insert(number) }
        case .log(_, let line): log.append(line)
        case .refuseRequest: break
        }
    }

    /// As the program does with a message for whose connection there is no room.
    private func holdsBack(
        _ event: EventText, _ delivery: Delivery, _ socket: SocketNumber
    ) -> Bool {
        switch delivery {
        case .transient: return false
        case .row(let row), .stored(let row): server.held(socket, from: row)
        case .message(let serial):
            server.undelivered([EmittedMessage(event, serial)], on: socket, wereSent: false)
            server.congested(socket)
        }
        return true
    }

    /// All that waited on a connection has left.
    func makeRoom(on socket: SocketNumber) {
        if full.removeValue(forKey: socket) == true { server.drained(socket) }
        run()
    }

    // MARK: What clients do

    func token(_ id: String, email: String? = nil, validFor time: Duration = .seconds(3600))
        -> String
    {
        key.makeToken(
            Claims(
                userID: id, email: email ?? "\(id)@example.com", session: nil, issuedAt: wall,
                expiresAt: wall + time))
    }

    func connect(_ socket: SocketNumber, _ id: String, reliable: Bool = false) {
        connect(socket, auth: #"{"token":"\#(token(id))","reliable":\#(reliable)}"#)
    }

    func connect(_ socket: SocketNumber, auth: String) {
        server.connect(
            socket, socketID: "socket-\(socket)", auth: Array(auth.utf8)[...],
            address: "192.0.2.1")
        run()
    }

    func disconnect(_ socket: SocketNumber) {
        server.disconnect(socket)
        run()
    }

    /// The last messages that were emitted on a connection could not leave; it is gone, or else
    /// reads too slowly.
    func giveBack(_ count: Int, on socket: SocketNumber, isGone: Bool = true) {
        server.undelivered(
            messages[socket, default: []].suffix(count), on: socket, wereSent: isGone)
        if isGone { server.disconnect(socket, mayReturn: true) } else { server.congested(socket) }
        run()
    }

    /// The store reads what it was to read.
    func releaseReads() {
        let reads = heldReads ?? []
        heldReads = nil
        for (ticket, operation) in reads { perform(.store(ticket, operation)) }
        run()
    }

    /// The client sends an EVENT packet with this payload.
    func send(_ socket: SocketNumber, _ event: String, acknowledgement: UInt64? = nil) {
        receive(socket, event, acknowledgement: acknowledgement)
        run()
    }

    /// A client says that it has a message of alice's safe.
    func acknowledge(_ id: String, on socket: SocketNumber) {
        send(socket, #"["message:delivered",{"messageId":"\#(id)","senderId":"alice"}]"#)
    }

    /// The same, without carrying out any effect yet.
    func receive(_ socket: SocketNumber, _ event: String, acknowledgement: UInt64? = nil) {
        var scanner = JSONScanner(Array(event.utf8))
        guard (try? scanner.expect(0x5b)) != nil, let name = try? scanner.string() else { return }
        let arguments =
            scanner.takeIf(0x2c)
            ? scanner.text[scanner.position...].dropLast() : scanner.text[..<0]
        server.receive(
            Array(name.utf8)[...], arguments, acknowledgement: acknowledgement, from: socket)
    }

    /// The events that a connection was sent since this was last asked.
    func take(_ socket: SocketNumber) -> [String] {
        defer { sent[socket] = nil }
        return sent[socket] ?? []
    }

    func request(
        _ method: Method, _ path: String, _ body: String = "", bearer: String? = nil,
        from address: String = "192.0.2.1"
    ) throws -> (status: Int, body: JSON) {
        guard let response = try response(method, path, body, bearer: bearer, from: address) else {
            return (0, .null)
        }
        return (response.status.rawValue, try JSON(parsing: response.body))
    }

    /// The body of the answer as it is sent.
    func text(_ method: Method, _ path: String, bearer: String) throws -> String {
        let response = try response(method, path, "", bearer: bearer, from: "192.0.2.1")
        return String(decoding: response?.body ?? [], as: UTF8.self)
    }

    private func response(
        _ method: Method, _ path: String, _ body: String, bearer: String?, from address: String
    ) throws -> Response? {
        var request = Request(method, try Target(path), body: Array(body.utf8))
        if let bearer { request.fields.append("Authorization", "Bearer \(bearer)") }
        nextRequest += 1
        server.receive(request, number: nextRequest, from: address)
        run()
        return responses[nextRequest]
    }
}

/// A second factor in the store below.
struct ModelFactor {
    let secret: SharedSecret
    var digests: Set<[UInt8]>
    var isOn = false
    var lastStep: Int64 = 0
}

/// A store in memory, which does what the operations say and can be told to fail.
struct ModelStore {
    var accounts: [(account: Account, hash: String?)] = []
    var tokens: [[UInt8]: (token: RefreshToken, isUsed: Bool)] = [:]
    var revoked: [String: Timestamp] = [:]
    var kept: [(receiver: Int64, message: KeptMessage)] = []
    var known: Set<MessageKey> = []
    var calls: [Int64: CallRecord] = [:]
    var audit = ""
    var factors: [Int64: ModelFactor] = [:]
    var disabled: Set<Int64> = []
    var tokensEnded: [Int64: Timestamp] = [:]
    var removed: [String] = []
    var failure: String?
    /// Operations that were given while the store was held up.
    var isHeld = false
    var reads = 0
    private var lastRow: Int64 = 0

    var state: StoredState {
        var state = StoredState()
        state.accounts = accounts.map(\.account)
        state.revoked = revoked
        state.disabled = Array(disabled)
        state.tokensEnded = tokensEnded
        state.removed = removed
        state.importedHashCount = accounts.count { $0.hash?.hasPrefix("$2") == true }
        state.kept = Set(kept.map(\.receiver)).map { receiver in
            let messages = kept.filter { $0.receiver == receiver }
            return Removal(
                receiver: receiver, count: messages.count,
                byteCount: messages.reduce(0) { $0 + $1.message.event.count })
        }
        return state
    }

    mutating func perform(_ operation: StoreOperation) -> StoreResult? {
        if let failure { return .failed(code: failure) }
        switch operation {
        case .addAccount(let account, let hash):
            guard
                !accounts.contains(where: {
                    $0.account.email == account.email && account.email != nil
                })
            else { return .accountExists }
            accounts.append((account, hash))
            return .done
        case .passwordHash(let number):
            return .passwordHash(accounts.first { $0.account.number == number }?.hash)
        case .setPasswordHash(let number, let hash):
            if let at = accounts.firstIndex(where: { $0.account.number == number }) {
                accounts[at].hash = hash
            }
            return .done
        case .addRefreshToken(let token):
            tokens[token.digest] = (token, false)
            return .done
        case .rotateRefreshToken(let digest, let next, let expiresAt, let now, _):
            guard let (token, isUsed) = tokens[digest], token.expiresAt > now else {
                return .unknownToken
            }
            if isUsed {
                tokens = tokens.filter { $0.value.token.session != token.session }
                return .reused(account: token.account, session: token.session)
            }
            tokens[digest]?.isUsed = true
            let fresh = RefreshToken(
                digest: next, session: token.session, account: token.account,
                expiresAt: expiresAt)
            tokens[next] = (fresh, false)
            return .rotated(account: token.account, session: token.session)
        case .revoke(let session, let until):
            revoked[session] = until
            tokens = tokens.filter { $0.value.token.session != session }
            return .done
        case .keep(let receiver, let key, let event, let remembers, _):
            guard !known.contains(key) else {
                return .duplicate(isDelivered: !kept.contains { $0.message.key == key })
            }
            if remembers { known.insert(key) }
            lastRow += 1
            kept.append((receiver, KeptMessage(row: lastRow, key: key, event: event)))
            return .kept(row: lastRow)
        case .read(let receiver, let after, let count, _):
            reads += 1
            let found = kept.filter { $0.receiver == receiver && $0.message.row > after }
            return .messages(
                found.prefix(count).map(\.message), isLast: found.count <= count)
        case .remove(let receiver, let rows):
            return remove { $0.receiver == receiver && rows.contains($0.message.row) }
        case .removeByKey(let receiver, let key):
            return remove { $0.receiver == receiver && $0.message.key == key }
        case .calls(.put(let call)):
            calls[call.id] = call
            return .done
        case .calls(.list(let account, let before, let count)):
            let own = calls.values.filter {
                ($0.caller == account || $0.receiver == account) && $0.id < before ?? .max
            }
            return .calls(.list(Array(own.sorted { $0.id > $1.id }.prefix(count))))
        case .audit(let lines, _, _, _):
            audit += String(decoding: lines, as: UTF8.self)
            return .done
        case .inspection(let operation): return inspect(operation)
        case .accounts(let operation): return .accounts(perform(operation))
        case .mail(let mail) where mail.entry == nil && mail.thread == nil: return keep(mail)
        case .mail, .history, .groups, .devices:
            preconditionFailure("the model knows messages only; take a real store")
        case .cleanUp: return .done
        }
    }

    private mutating func perform(_ operation: AccountOperation) -> AccountResult {
        switch operation {
        case .proposeSecondFactor(let account, let secret, let digests):
            guard factors[account]?.isOn != true else { return .changed(false) }
            factors[account] = ModelFactor(secret: secret, digests: Set(digests))
            return .changed(true)
        case .secondFactor(let account):
            return .secondFactor(
                factors[account].map { SecondFactor(secret: $0.secret, isOn: $0.isOn) })
        case .useStep(let account, let step, let switchesOn):
            guard let factor = factors[account], factor.lastStep < step,
                factor.isOn || switchesOn
            else { return .changed(false) }
            factors[account]?.lastStep = step
            factors[account]?.isOn = true
            return .changed(true)
        case .useRecoveryCode(let account, let digest):
            return .changed(factors[account]?.digests.remove(digest) != nil)
        case .removeSecondFactor(let account):
            factors[account] = nil
            return .changed(true)
        case .setDisabled(let account, true, let now):
            disabled.insert(account)
            tokensEnded[account] = Timestamp(seconds: now.seconds)
            return .ended(sessions: endSessions(of: account, now + RelayServer.tokenLifetime))
        case .setDisabled(let account, false, _):
            disabled.remove(account)
            return .ended(sessions: [])
        case .remove(let account, let until):
            removed += accounts.filter { $0.account.number == account }.map(\.account.id)
            accounts.removeAll { $0.account.number == account }
            factors[account] = nil
            return .ended(sessions: endSessions(of: account, until))
        case .list:
            return .list(
                accounts.map {
                    AccountFacts(
                        account: $0.account.number,
                        password: $0.hash == nil
                            ? .none : $0.hash?.hasPrefix("$2") == true ? .bcrypt : .argon2id,
                        hasSecondFactor: factors[$0.account.number]?.isOn == true)
                })
        }
    }

    private mutating func keep(_ mail: Mail) -> StoreResult {
        let rows = mail.items.map { item in
            lastRow += 1
            let message = KeptMessage(row: lastRow, key: item.key, event: mail.event)
            kept.append((item.mailbox, message))
            return lastRow
        }
        return .mail(.kept(rows: rows))
    }

    private mutating func endSessions(of account: Int64, _ until: Timestamp) -> [String] {
        let sessions = Set(
            tokens.values.filter { $0.token.account == account }.map(\.token.session))
        tokens = tokens.filter { !sessions.contains($0.value.token.session) }
        for session in sessions { revoked[session] = until }
        return Array(sessions)
    }

    private mutating func inspect(_ operation: InspectionOperation) -> StoreResult {
        switch operation {
        case .queues(let receivers):
            let time = Timestamp(seconds: 1_800_000_000)
            return .inspection(
                .queues(
                    state.kept.filter { receivers?.contains($0.receiver) != false }.map {
                        KeptQueue(
                            receiver: $0.receiver, count: $0.count, byteCount: $0.byteCount,
                            oldest: time, newest: time)
                    }))
        case .stored: return .inspection(.stored([]))
        case .auditPages: return .inspection(.auditPages([]))
        case .purge(let receivers, _):
            return remove { receivers?.contains($0.receiver) != false }
        }
    }

    private mutating func remove(
        _ isGone: ((receiver: Int64, message: KeptMessage)) -> Bool
    ) -> StoreResult {
        let gone = kept.filter(isGone)
        kept.removeAll(where: isGone)
        return .removed(
            gone.map {
                Removal(receiver: $0.receiver, count: 1, byteCount: $0.message.event.count)
            })
    }

    func perform(_ job: PasswordJob) -> PasswordResult {
        func digest(_ secret: SharedSecret) -> String {
            secret.bytes.withBytes { "hash of " + String(decoding: $0, as: UTF8.self) }
        }
        switch job {
        case .hash(let password): return .hash(digest(password))
        case .verify(let password, let hash, _):
            // An imported hash, of a password that is its last five letters.
            if let hash, hash.hasPrefix("$2"),
                digest(password) == "hash of " + String(hash.suffix(5))
            {
                return .isRightAnew(hash: digest(password))
            }
            return .isRight(digest(password) == hash)
        }
    }
}
