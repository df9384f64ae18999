internal import Clock
internal import HTTP
internal import JSON

// Who is in a group. Whoever comes or goes, the key changes: the request brings the next epoch and
// a sealed key for everybody who is in the group then.

extension RelayServer {
    mutating func addMembers(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        try inGroup(request, caller, asAdmin: true) {
            relay, request, caller, group throws(RESTError) in
            let body = try RequestBody(request.body)
            var keys = try relay.sealedKeys(body.value("keys"), "keys")
            var added = try relay.sealedKeys(body.value("members"), "members")
            if let address = body.value("userId")?.string {
                let key = try body.sealed(["sealedKey"], limit: relay.limits.sealedKeyByteCount)
                added[try relay.user(addressed: address)] = .some(key)
            }
            guard !added.isEmpty else {
                guard body.value("userId") == nil else {
                    throw .badField("userId", "userId must be a user's id or e-mail address")
                }
                throw .missingField("userId")
            }
            for (user, key) in added {
                guard group.members[user] == nil else { throw .society(.alreadyMember) }
                if let key { keys[user] = .some(key) }
            }
            guard group.members.count + added.count <= relay.limits.membersPerGroup else {
                throw .society(.tooMany("members"))
            }
            let members = Set(group.members.keys).union(added.keys)
            var change = try relay.rotation(of: group, body, keys, for: members)
            relay.watchTargets(added.keys, of: caller.user)
            change.added = relay.numbers(of: added.keys)
            relay.carryOut(change, request, caller, "memberAdded", .created)
        }
    }

    /// Removes a member, or the caller itself. Who leaves cannot make a key that it does not know
    /// itself, so it may go without one: the group says then that a rotation is due.
    mutating func removeMember(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        try inGroup(request, caller) { relay, request, caller, group throws(RESTError) in
            let isAdmin = group.members[caller.user]?.isAdmin == true
            // Who is no admin learns of nobody whether it is known to the relay.
            guard isAdmin || request.parameters[1] == relay.directory[caller.user].account.id else {
                throw .society(.notAdmin)
            }
            let user = try relay.user(addressed: request.parameters[1])
            guard group.members[user] != nil else { throw .society(.unknownUser) }
            let body = try RequestBody(request.body, isOptional: user == caller.user)
            if group.members.count == 1 { return relay.removeGroup(group, request) }
            guard group.admins != [user] else { throw .society(.lastAdmin) }
            var change: GroupChange
            // Keys of a member that leaves are nobody's: it would know what follows.
            if user == caller.user, !isAdmin || body.value("keys") == nil {
                change = GroupChange(
                    group: group.number, epoch: group.epoch, rotationIsDue: true, at: relay.wall)
            } else {
                let keys = try relay.sealedKeys(body.value("keys"), "keys")
                let members = Set(group.members.keys).subtracting([user])
                change = try relay.rotation(of: group, body, keys, for: members)
                // An admin that leaves knows the key that it made, too.
                if user == caller.user { change.rotationIsDue = true }
            }
            change.removed = relay.numbers(of: [user])
            relay.carryOut(change, request, caller, "memberRemoved", .ok)
        }
    }

    mutating func rotate(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        try inGroup(request, caller, asAdmin: true) {
            relay, request, caller, group throws(RESTError) in
            let body = try RequestBody(request.body)
            let keys = try relay.sealedKeys(body.value("keys"), "keys")
            let change = try relay.rotation(
                of: group, body, keys, for: Set(group.members.keys))
            relay.carryOut(change, request, caller, "rotated", .ok)
        }
    }

    mutating func addAdmin(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        try inGroup(request, caller, asAdmin: true) {
            relay, request, caller, group throws(RESTError) in
            let body = try RequestBody(request.body)
            let address = try body.text("userId", 1...Limits.addressByteCount)
            try relay.setAdmin(address, true, request, caller, group)
        }
    }

    mutating func removeAdmin(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        try inGroup(request, caller, asAdmin: true) {
            relay, request, caller, group throws(RESTError) in
            try relay.setAdmin(request.parameters[1], false, request, caller, group)
        }
    }

    private mutating func setAdmin(
        _ address: String, _ isAdmin: Bool, _ request: RESTRequest, _ caller: Caller,
        _ group: Group
    ) throws(RESTError) {
        let user = try user(addressed: address)
        guard group.members[user] != nil else { throw .society(.unknownUser) }
        guard isAdmin || group.admins != [user] else { throw .society(.lastAdmin) }
        var change = GroupChange(
            group: group.number, epoch: group.epoch, rotationIsDue: group.rotationIsDue, at: wall)
        change.admins[directory[user].account.number] = isAdmin
        carryOut(
            change, request, caller, isAdmin ? "adminAdded" : "adminRemoved",
            isAdmin ? .created : .ok)
    }

    private func numbers(of users: some Sequence<Int>) -> [Int64] {
        users.map { directory[$0].account.number }.sorted()
    }

    /// The change to the next epoch, where the request's is that one and its keys are for exactly
    /// these members.
    private func rotation(
        of group: Group, _ body: RequestBody, _ keys: [Int: String?], for members: Set<Int>
    ) throws(RESTError) -> GroupChange {
        guard try body.count("epoch") == group.epoch + 1 else {
            throw .society(.wrongEpoch(current: group.epoch))
        }
        let sealed = keys.compactMapValues { $0 }
        guard sealed.count == keys.count, Set(sealed.keys) == members else {
            throw .society(.notCovered)
        }
        var change = GroupChange(
            group: group.number, epoch: group.epoch + 1, rotationIsDue: false, at: wall)
        change.keys = byAccount(sealed)
        return change
    }

    /// Has a change stored, then tells everybody whom it concerns, and the caller.
    private mutating func carryOut(
        _ change: GroupChange, _ request: RESTRequest, _ caller: Caller, _ what: String,
        _ status: Status
    ) {
        self.change(change.group, .change(change), request.number) { relay in
            relay.apply(change)
            guard let group = relay.groups[change.group] else { return }
            relay.tell(group, of: caller, what)
            relay.tellRemoved(change.removed, group, caller)
            guard group.members[caller.user] != nil else {
                return relay.emit(
                    .respond(
                        request.number, .uncached(status, ["success": true, "left": true])))
            }
            relay.answer(request.number, with: group, to: caller.user, status)
        }
    }

    private mutating func apply(_ change: GroupChange) {
        groups[change.group]?.epoch = change.epoch
        groups[change.group]?.rotationIsDue = change.rotationIsDue
        for number in change.removed {
            if let user = directory.user(number: number) { groups.remove(user, from: change.group) }
        }
        for number in change.added {
            guard let user = directory.user(number: number) else {
                // Its account was removed meanwhile.
                groups[change.group]?.rotationIsDue = true
                continue
            }
            groups.add(user, to: change.group, at: change.at)
        }
        for (number, isAdmin) in change.admins {
            guard let user = directory.user(number: number) else { continue }
            groups[change.group]?.members[user]?.isAdmin = isAdmin
        }
    }

    /// The last member goes, and the group with it.
    private mutating func removeGroup(_ group: Group, _ request: RESTRequest) {
        change(group.number, .remove(group: group.number, group.place), request.number) { relay in
            relay.groups.remove(group.number)
            relay.emit(
                .respond(
                    request.number, .uncached(.ok, ["success": true, "left": true])))
        }
    }

    // MARK: Telling

    /// Tells all members that the group is not what it was.
    mutating func tell(_ group: Group, of caller: Caller, _ what: String) {
        tell(
            group, what, by: .string(directory[caller.user].account.id), from: caller.user,
            session: caller.session)
    }

    /// - Parameter by: the id of the user who did it; null for an operator.
    mutating func tell(
        _ group: Group, _ what: String, by: JSON, from sender: Int, session: String = ""
    ) {
        let object: JSON = [
            "groupId": .string(group.id), "epoch": .integer(group.epoch),
            "change": .string(what), "rotationDue": .bool(group.rotationIsDue), "by": by,
            "timestamp": .string(wall.description),
        ]
        post(
            Post(
                event: EventText(name: "group_updated", arguments: object.encoded),
                audience: Array(group.members.keys), sender: sender, id: newID(),
                session: session))
    }

    private mutating func tellRemoved(_ accounts: [Int64], _ group: Group, _ caller: Caller) {
        let object: JSON = [
            "groupId": .string(group.id), "by": .string(directory[caller.user].account.id),
            "timestamp": .string(wall.description),
        ]
        post(
            Post(
                event: EventText(name: "group_removed", arguments: object.encoded),
                audience: accounts.compactMap { directory.user(number: $0) }, sender: caller.user,
                id: newID(), session: caller.session))
    }
}
