internal import Clock
internal import HTTP
internal import JSON

// Groups: the relay knows who is in them and in which epoch they are, and keeps for each member
// what the others sealed for it. The key of a group it never has.

extension RelayServer {
    /// What is to be done for a member of a group, once nothing else changes in it.
    typealias GroupAction =
        (inout RelayServer, RESTRequest, Caller, Group) throws(RESTError) -> Void

    /// Does something in the group that the path names. Of a group that the caller is not in, it
    /// is not told whether there is one.
    mutating func inGroup(
        _ request: RESTRequest, _ caller: Caller, asAdmin: Bool = false,
        _ action: @escaping GroupAction
    ) throws(RESTError) {
        guard let id = request.parameters.first, let number = groups.number(id: id),
            let group = groups[number], let membership = group.members[caller.user]
        else { throw .unknownPath }
        if group.isChanging {
            guard group.waiting.count < limits.waitingPerGroup else { throw .busy }
            groups[number]?.waiting.append { relay in
                do throws(RESTError) {
                    try relay.inGroup(request, caller, asAdmin: asAdmin, action)
                } catch {
                    relay.watchRefusal(error, of: request, by: caller)
                    relay.refuse(request.number, error)
                }
            }
            return
        }
        if asAdmin, !membership.isAdmin { throw .society(.notAdmin) }
        try action(&self, request, caller, group)
    }

    /// Has the store change a group, and answers when it did.
    ///
    /// - Parameter next: is called once it is committed and the group is as it says.
    mutating func change(
        _ group: Int64, _ operation: GroupOperation, _ request: RequestNumber,
        then next: @escaping (inout RelayServer) -> Void
    ) {
        groups[group]?.isChanging = true
        ask(.groups(operation)) { relay, result in
            let waiting = relay.groups[group]?.waiting ?? []
            relay.groups[group]?.isChanging = false
            relay.groups[group]?.waiting = []
            if case .failed(let code) = result {
                relay.refuse(request, .notStored(code: code))
            } else {
                next(&relay)
            }
            for perform in waiting { perform(&relay) }
        }
    }

    // MARK: Making and reading

    mutating func makeGroup(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        let body = try RequestBody(request.body)
        let name = try body.text("name", 1...Limits.groupNameByteCount)
        var keys = try sealedKeys(body.value("members"), "members")
        if keys[caller.user] == nil {
            keys[caller.user] = .some(
                try body.sealed(["sealedKey"], limit: limits.sealedKeyByteCount))
        }
        guard keys.count <= limits.membersPerGroup else {
            throw .society(.tooMany("members"))
        }
        guard groups.adminCount(of: caller.user) < limits.groupsPerUser else {
            throw .society(.tooMany("groups"))
        }
        for (user, key) in keys where key == nil && user != caller.user {
            throw .society(.notCovered)
        }
        watchTargets(keys.keys, of: caller.user)
        let group = newGroup(name, of: keys.keys, madeBy: caller.user)
        let sealed = keys.compactMapValues { $0 }
        ask(.groups(.add(stored(group), keys: byAccount(sealed)))) { relay, result in
            if case .failed(let code) = result {
                return relay.refuse(request.number, .notStored(code: code))
            }
            relay.groups.insert(group)
            relay.tell(group, of: caller, "created")
            for user in group.members.keys where relay.directory[user].isRemoved {
                relay.depart(user, from: group.number)
            }
            let own = sealed[caller.user].map { SealedGroupKey(epoch: 1, sealed: $0) }
            relay.emit(
                .respond(
                    request.number,
                    .uncached(.created, relay.json(group, keys: own.map { [$0] } ?? []))))
        }
    }

    private mutating func newGroup(
        _ name: String, of users: some Sequence<Int>, madeBy creator: Int
    ) -> Group {
        var members: [Int: Group.Membership] = [:]
        for user in users {
            members[user] = Group.Membership(isAdmin: user == creator, joined: wall)
        }
        return Group(
            number: groups.takeNumber(), id: newID(), name: name,
            creator: directory[creator].account.number, created: wall, epoch: 1,
            rotationIsDue: false, members: members)
    }

    func stored(_ group: Group) -> StoredGroup {
        StoredGroup(
            number: group.number, id: group.id, name: group.name, creator: group.creator,
            created: group.created, epoch: group.epoch, rotationIsDue: group.rotationIsDue,
            members: group.members.map {
                StoredGroup.Member(
                    account: directory[$0].account.number, isAdmin: $1.isAdmin, joined: $1.joined)
            })
    }

    func byAccount(_ keys: [Int: String]) -> [Int64: String] {
        var numbers: [Int64: String] = [:]
        for (user, key) in keys { numbers[directory[user].account.number] = key }
        return numbers
    }

    mutating func listGroups(_ request: RESTRequest, _ caller: Caller) {
        let list = groups.groups(of: caller.user).map { json($0, keys: nil) }
        emit(.respond(request.number, .uncached(.ok, ["groups": .array(list)])))
    }

    mutating func describeGroup(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        try inGroup(request, caller) { relay, request, caller, group in
            relay.answer(request.number, with: group, to: caller.user, .ok)
        }
    }

    /// Answers with a group and the caller's own sealed keys.
    mutating func answer(
        _ request: RequestNumber, with group: Group, to user: Int, _ status: Status
    ) {
        let account = directory[user].account.number
        ask(.groups(.keys(group: group.number, account: account))) { relay, result in
            switch result {
            case .groups(.keys(let keys)):
                relay.emit(
                    .respond(request, .uncached(status, relay.json(group, keys: keys))))
            case .failed(let code): relay.refuse(request, .notStored(code: code))
            default: relay.refuse(request, .busy)
            }
        }
    }

    /// - Parameter keys: the reader's own; nil where they are not asked for.
    private func json(_ group: Group, keys: [SealedGroupKey]?) -> JSON {
        let members = group.members.sorted { $0.key < $1.key }.map { user, membership in
            JSON.object([
                JSON.Member("userId", .string(directory[user].account.id)),
                JSON.Member("username", .string(directory[user].account.name)),
                JSON.Member("role", .string(membership.isAdmin ? "admin" : "member")),
                JSON.Member("joinedAt", .string(membership.joined.description)),
            ])
        }
        let creator = directory.user(number: group.creator).map { directory[$0].account.id }
        var object = [
            JSON.Member("id", .string(group.id)), JSON.Member("groupId", .string(group.id)),
            JSON.Member("name", .string(group.name)),
            JSON.Member("epoch", .integer(group.epoch)),
            JSON.Member("rotationDue", .bool(group.rotationIsDue)),
            JSON.Member("createdBy", creator.map { .string($0) } ?? .null),
            JSON.Member("createdAt", .string(group.created.description)),
            JSON.Member("members", .array(members)),
        ]
        if let keys {
            let current = keys.first { $0.epoch == group.epoch }
            object.append(JSON.Member("sealedKey", current.map { json($0.sealed) } ?? .null))
            let all = keys.map { key -> JSON in
                ["epoch": .integer(key.epoch), "sealedKey": json(key.sealed)]
            }
            object.append(JSON.Member("sealedKeys", .array(all)))
        }
        return .object(object)
    }

    /// JSON that was checked before it was kept.
    func json(_ text: String) -> JSON { .raw(Array(text.utf8)) }

    // MARK: Fields

    /// The sealed keys of a list `[{userId, sealedKey}]`, by user; nil where a key was left out.
    func sealedKeys(_ list: JSON?, _ name: String) throws(RESTError) -> [Int: String?] {
        guard let list else { return [:] }
        guard let list = list.array, list.count <= limits.membersPerGroup else {
            throw .badField(name, "\(name) must be a list of at most \(limits.membersPerGroup)")
        }
        var keys: [Int: String?] = [:]
        for item in list {
            guard let address = (item["userId"] ?? item["user_id"])?.string else {
                throw .badField(name, "each of \(name) needs a userId")
            }
            let user = try self.user(addressed: address)
            guard keys[user] == nil else {
                throw .badField(name, "\(name) must name each user once")
            }
            var sealed: String?
            if let key = item["sealedKey"] ?? item["sealed_key"], key != .null {
                sealed = try RequestBody.sealed(
                    key, "sealedKey", limit: limits.sealedKeyByteCount)
            }
            keys[user] = .some(sealed)
        }
        return keys
    }

    /// The user with this socket id, user id or e-mail address.
    func user(addressed address: String) throws(RESTError) -> Int {
        let value = Array(address.utf8)[...]
        guard value.count <= Limits.addressByteCount else { throw .society(.unknownUser) }
        if let user = directory.user(id: value) { return user }
        if let socket = socketIDs[value], let user = peers[socket]?.user { return user }
        guard let user = directory.user(email: value) else { throw .society(.unknownUser) }
        return user
    }
}
