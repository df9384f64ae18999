internal import Clock
internal import Crypto
internal import JSON
internal import JWT
internal import Wire

extension RelayServer {
    /// What every client that is turned away is told, whatever the reason.
    private static let refusal = "Authentication failed"
    /// Bytes of the payload of a CONNECT packet.
    private static let authByteCount = 16 << 10

    /// A client asks to be let in.
    ///
    /// - Parameters:
    ///   - socketID: the Socket.IO id that the client will be known by.
    ///   - auth: the JSON of its CONNECT packet; UTF-8.
    ///   - address: its network address in digits, for the audit log.
    public mutating func connect(
        _ socket: SocketNumber, socketID: String, auth: ArraySlice<UInt8>, address: String
    ) {
        let user: Int
        let login: Login
        do throws(ConnectRefusal) {
            login = try authenticate(auth)
            user = try self.user(for: login.claims)
            guard directory[user].sockets.count < limits.connectionsPerUser else {
                throw .tooManyConnections
            }
            let comer = RecoveryBook.Return(
                socket: socket, socketID: socketID, auth: Array(auth), address: address)
            if replaces(login.recovery, user, comer) { return }
        } catch {
            counters.countRefusedConnection(error.rawValue)
            emit(.log(.detail, "refused a client at \(address): \(error.rawValue)"))
            emit(.refuse(socket, message: Self.refusal, code: error.rawValue))
            if error.isForgery { watchFailure(from: address) }
            return
        }
        let recovery = recover(
            login.recovery, user, login: login.session, isReliable: login.isReliable, socket,
            socketID: socketID)
        let socketID = recovery?.session.socketID ?? socketID
        let peer = Peer(
            user: user, socketID: socketID, serial: takeSerial(),
            isReliable: login.isReliable, session: login.session,
            expiresAt: login.claims.expiresAt,
            auditText: Self.auditText(directory[user], socketID, address),
            events: TokenBucket(full: limits.eventBurst, at: now), pausedUntil: now)
        peer.recovery = recovery?.session
        peer.lastRow = recovery?.session.readRow ?? 0
        add(peer, socket, recovery?.answer, from: address)
    }

    /// What a client that is let in said of itself.
    private struct Login {
        let claims: Claims
        let session: String
        let isReliable: Bool
        let recovery: RecoveryWish
    }

    mutating func takeSerial() -> Serial {
        lastSerial += 1
        return lastSerial
    }

    private static func auditText(_ user: User, _ socketID: String, _ address: String) -> [UInt8] {
        Array(#","user":"#.utf8) + user.idText + Array(#","session":"#.utf8) + quoted(socketID)
            + Array(#","address":"#.utf8) + quoted(address)
    }

    private func authenticate(
        _ auth: ArraySlice<UInt8>
    ) throws(ConnectRefusal) -> Login {
        guard auth.count <= Self.authByteCount else { throw .badToken }
        guard let object = try? JSON(parsing: auth), let token = object["token"]?.string else {
            throw .noToken
        }
        let (claims, session) = try verify(token)
        return Login(
            claims: claims, session: session, isReliable: object["reliable"]?.bool ?? false,
            recovery: RecoveryWish(object, byDefault: limits.recoversByDefault))
    }

    /// The claims of a token that is valid and whose login has not ended, and the name of that
    /// login; a token of another issuer is a login of its own.
    func verify(_ token: String) throws(ConnectRefusal) -> (claims: Claims, session: String) {
        let bytes = Array(token.utf8)
        let claims: Claims
        do throws(JWTError) { claims = try key.verify(bytes[...], at: wall) } catch {
            if case .expired = error { throw .expired }
            throw .badToken
        }
        let session = claims.session ?? Hex.encode(SHA256.hash(bytes).prefix(16))
        guard revoked[session] == nil else { throw .revoked }
        return (claims, session)
    }

    /// The user whom a token names. One whom the relay does not know comes from another issuer
    /// with the same secret, and gets an account without a password.
    mutating func user(for claims: Claims) throws(ConnectRefusal) -> Int {
        if let user = directory.user(id: Array(claims.userID.utf8)[...]) {
            guard !directory[user].isDisabled else { throw .accountDisabled }
            guard !directory[user].hasEnded(tokenOf: claims.issuedAt) else { throw .revoked }
            return user
        }
        guard !directory.isRemoved(id: claims.userID) else { throw .accountRemoved }
        guard limits.foreignTokens != 0 else { throw .unknownAccount }
        let email = claims.email.map {
            String(decoding: lowercased(Array($0.utf8)[...]), as: UTF8.self)
        }
        let account = Account(
            number: directory.takeNumber(), id: claims.userID, name: claims.email ?? claims.userID,
            email: email)
        guard let user = directory.insert(account, isStored: true) else { throw .badToken }
        ask(.addAccount(account, passwordHash: nil), then: .account(user))
        return user
    }

    private mutating func add(
        _ peer: Peer, _ socket: SocketNumber, _ recovery: RecoveryAnswer?, from address: String
    ) {
        while peers.count <= socket { peers.append(nil) }
        precondition(peers[socket] == nil, "the number of a live connection")
        peer.device = mailbox(of: peer.session, peer.user).device
        peers[socket] = peer
        socketIDs.insert(Array(peer.socketID.utf8), socket)
        directory[peer.user].sockets.append(socket)
        emit(.accept(socket, socketID: peer.socketID, recovery))
        counters.connections += 1
        log("connect", by: peer)
        if directory[peer.user].sockets.count == 1 { tellPresence(of: peer.user, isOnline: true) }
        if let session = peer.recovery, let recovery { resume(session, recovery) }
        startFeed(of: socket)
        watchConnection(of: peer.user, from: address)
    }

    /// The connection is gone.
    ///
    /// - Parameter mayReturn: whether its client did not mean it, and so may want to go on.
    public mutating func disconnect(_ socket: SocketNumber, mayReturn: Bool = false) {
        guard let peer = peer(at: socket) else { return }
        let comer = recoveries.returns.removeValue(forKey: socket)
        defer {
            if let comer {
                connect(
                    comer.socket, socketID: comer.socketID, auth: comer.auth[...],
                    address: comer.address)
            }
        }
        if let session = peer.recovery {
            let mayReturn = (mayReturn || comer != nil) && !isShutOut(peer)
            leave(session, of: peer, socket, mayReturn: mayReturn)
        }
        peers[socket] = nil
        socketIDs.remove(Array(peer.socketID.utf8)[...])
        directory[peer.user].sockets.removeAll { $0 == socket }
        for roommate in peer.rooms { leaveRoom(peer.user, with: roommate) }
        leaveNamedRooms(socket, peer)
        log("disconnect", by: peer)
        guard directory[peer.user].sockets.isEmpty else { return }
        directory[peer.user].targets = nil
        tellPresence(of: peer.user, isOnline: false)
        closeCalls(of: peer.user)
    }

    /// Whether the login of a connection has ended, or its user may not come in at all.
    private func isShutOut(_ peer: Peer) -> Bool {
        revoked[peer.session] != nil || directory[peer.user].isDisabled
    }

    func peer(at socket: SocketNumber) -> Peer? {
        peers.indices.contains(socket) ? peers[socket] : nil
    }

    /// What a connection is to those who read the log: its address, and the session by which the
    /// audit log has it.
    public func name(of socket: SocketNumber) -> String {
        guard let peer = peer(at: socket),
            let who = try? JSON(parsing: [0x7b] + peer.auditText.dropFirst() + [0x7d])
        else { return "a client that was not let in" }
        return "the client \(who["session"]?.string ?? "") at \(who["address"]?.string ?? "")"
    }

    mutating func reference(to socket: SocketNumber) -> PeerReference {
        let peer = peers[socket]
        return PeerReference(
            socket: socket, serial: peer?.serial ?? 0, recovery: peer?.recovery)
    }

    func peer(_ reference: PeerReference) -> Peer? {
        guard let peer = peer(at: reference.socket), peer.serial == reference.serial else {
            return nil
        }
        return peer
    }

    /// Ends all connections of a login, and forgets those that it lost.
    mutating func closeConnections(of user: Int, session: String) {
        recoveries.forget(user, login: session)
        for socket in directory[user].sockets where peers[socket]?.session == session {
            close(socket, .loggedOut)
        }
    }

    mutating func log(_ event: String, by peer: Peer, numbers: [UInt8] = []) {
        audit.add(event, at: wall, timestampText, who: peer.auditText, numbers: numbers)
    }
}

/// Why a client is turned away: what the log and the error's `data.code` say.
enum ConnectRefusal: String, Error {
    case noToken
    case badToken
    /// The client needs a new token.
    case expired
    /// The token's login was ended.
    case revoked
    case tooManyConnections
    /// An operator has shut the account out.
    case accountDisabled
    case accountRemoved
    /// The token is of another issuer, whose users are not let in.
    case unknownAccount

    /// Whether it looks like somebody who tries tokens.
    var isForgery: Bool {
        switch self {
        case .badToken, .revoked, .accountDisabled, .accountRemoved, .unknownAccount: true
        case .noToken, .expired, .tooManyConnections: false
        }
    }
}

extension RelayServer {
    /// Tells those who care about a user that it came or went.
    private mutating func tellPresence(of user: Int, isOnline: Bool) {
        // Who lost a connection that was in a room with the user is told as if it were there still.
        var audience = Set(recoveries.away(.roomWith(user)).map(\.user))
        if let social = directory[user].social {
            audience.formUnion(social.writers)
            audience.formUnion(social.roommates.keys)
        }
        guard !audience.isEmpty else { return }
        var text = Array(#"{"userId":"#.utf8)
        text += directory[user].idText
        text += Array(#","username":"#.utf8)
        text += directory[user].nameText
        if !isOnline {
            text += Array(#","lastSeen":"#.utf8)
            text += timestampText
        }
        text += [0x7d]
        let event = EventText(name: isOnline ? "user:online" : "user:offline", arguments: text)
        for other in audience where other != user { emit(event, toAllOf: other) }
    }

    mutating func joinRoom(_ event: borrowing OutgoingEvent) throws(EventError) {
        guard let rooms = peers[event.socket]?.rooms, !rooms.contains(event.target) else { return }
        guard rooms.count < limits.roomsPerConnection else { throw .tooManyRooms }
        peers[event.socket]?.rooms.insert(event.target)
        enterRoom(event.sender, with: event.target)
    }

    mutating func leaveRoom(_ event: borrowing OutgoingEvent) {
        guard peers[event.socket]?.rooms.remove(event.target) != nil else { return }
        leaveRoom(event.sender, with: event.target)
    }

    mutating func enterRoom(_ user: Int, with peer: Int) {
        directory[peer].social = directory[peer].social ?? Social()
        directory[peer].social?.roommates[user, default: 0] += 1
    }

    mutating func leaveRoom(_ user: Int, with peer: Int) {
        guard let count = directory[peer].social?.roommates[user] else { return }
        directory[peer].social?.roommates[user] = count > 1 ? count - 1 : nil
    }

    /// Notes that `user` wrote to `peer`, and so wants to know when that one is there.
    mutating func noteContact(_ user: Int, wroteTo peer: Int) {
        if let writers = directory[peer].social?.writers {
            guard writers.count < limits.contactsPerUser, !writers.contains(user) else { return }
        } else {
            directory[peer].social = Social()
        }
        directory[peer].social?.writers.insert(user)
    }
}
