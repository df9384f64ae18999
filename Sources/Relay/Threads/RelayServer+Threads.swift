internal import Clock
internal import HTTP
internal import JSON

// Family A's chat: messages by REST, `new_message` to the thread's other members.

extension RelayServer {
    mutating func sendToThread(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        let body = try RequestBody(request.body)
        let id = try body.text("thread_id", 1...Limits.threadIDByteCount)
        let content = try body.opaqueText("content", 1...limits.bodyByteCount)
        let type = try body.optionalText("content_type", 1...Limits.contentTypeByteCount) ?? "text"
        let known = try thread(id, for: caller.user)
        let thread =
            if let known { known } else { try newThread(id, caller.user, body) }
        let audience = thread.members.filter { $0 != caller.user }
        watchTargets(audience, of: caller.user)
        let messageID = newID()
        let sender = directory[caller.user].account
        let message = message(messageID, id, sender.id, type)
        var post = Post(
            event: Self.newMessage(messageID, id, sender.id, content, type, wall),
            audience: audience, sender: caller.user, id: messageID, session: caller.session)
        post.isNoticed = true
        let notKept = notKept(post, idName: "user_id")
        guard audience.isEmpty || notKept.count < audience.count else {
            throw .society(.queueFull)
        }
        if limits.history > .zero {
            post.entry = Self.entry(
                messageID, in: thread.place, sender.number, message, content, wall)
        }
        if thread.isNew {
            threads.insert(id, thread.members)
            post.thread = StoredThread(
                id: id, members: thread.members.map { directory[$0].account.number })
        }
        for user in audience { noteContact(caller.user, wroteTo: user) }
        self.post(post) { relay, failure in
            if let failure {
                if thread.isNew { relay.threads.remove(id) }
                return relay.refuse(request.number, .notStored(code: failure))
            }
            let answer = Self.answer(messageID, id, message, notKept)
            relay.emit(.respond(request.number, .uncached(.created, answer)))
        }
    }

    private static func answer(
        _ messageID: String, _ thread: String, _ message: [JSON.Member], _ notKept: [JSON]
    ) -> JSON {
        var answer = [
            JSON.Member("success", true), JSON.Member("message_id", .string(messageID)),
            JSON.Member("thread_id", .string(thread)),
            JSON.Member("data", ["message": .object(message)]),
        ]
        if !notKept.isEmpty { answer.append(JSON.Member("not_kept", .array(notKept))) }
        return .object(answer)
    }

    /// What the history keeps: the message with its content.
    private static func entry(
        _ messageID: String, in place: Place, _ sender: Int64, _ message: [JSON.Member],
        _ content: JSON, _ time: Timestamp
    ) -> HistoryEntry {
        HistoryEntry(
            place: place, id: messageID, at: time, sender: sender,
            content: JSON.object(message + [JSON.Member("content", content)]).encoded)
    }

    /// A message as its sender and the history have it, without its content.
    private func message(
        _ messageID: String, _ thread: String, _ sender: String, _ type: String
    ) -> [JSON.Member] {
        [
            JSON.Member("id", .string(messageID)), JSON.Member("thread_id", .string(thread)),
            JSON.Member("sender_id", .string(sender)), JSON.Member("content_type", .string(type)),
            JSON.Member("is_encrypted", true), JSON.Member("created_at", .string(wall.description)),
        ]
    }

    private static func newMessage(
        _ messageID: String, _ thread: String, _ sender: String, _ content: JSON,
        _ type: String, _ time: Timestamp
    ) -> EventText {
        let object: JSON = [
            "message": content, "sender_id": .string(sender),
            "thread_id": .string(thread), "message_id": .string(messageID),
            "content_type": .string(type), "is_encrypted": true,
            "created_at": .string(time.description),
        ]
        return EventText(name: "new_message", arguments: object.encoded)
    }

    mutating func readThread(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        guard let id = request.parameters.first,
            let thread = try thread(id, for: caller.user)
        else { throw .unknownPath }
        let page = try page(request, since: Timestamp(milliseconds: 0))
        ask(.history(.read(thread.place, page))) { relay, result in
            relay.answer(request.number, result) { ["data": $0] }
        }
    }

    // MARK: Whose a thread is

    /// The thread of this name, if the caller is in it; nil where there is none.
    private func thread(_ id: String, for caller: Int) throws(RESTError) -> ChatThread? {
        var isOthers = false
        for (a, b) in pairs(id) {
            guard a == caller || b == caller else {
                isOthers = true
                continue
            }
            return ChatThread(
                id: id, members: a == b ? [a] : [a, b],
                place: .pair(directory[a].account.id, directory[b].account.id))
        }
        // Two users' own, though somebody else may have begun it before they came.
        if isOthers { throw .unknownPath }
        guard let members = threads.members(of: id) else { return nil }
        guard members.contains(caller) else { throw .unknownPath }
        return ChatThread(id: id, members: members, place: .thread(id))
    }

    /// The users whom `userId1_userId2` may be of: an id may have a `_` in it.
    private func pairs(_ id: String) -> [(Int, Int)] {
        guard id.utf8.count <= Limits.threadIDByteCount else { return [] }
        let bytes = Array(id.utf8)
        return bytes.indices.compactMap { at in
            guard bytes[at] == 0x5f, let a = directory.user(id: bytes[..<at]),
                let b = directory.user(id: bytes[(at + 1)...])
            else { return nil }
            return (a, b)
        }
    }

    /// A thread of the caller and of those whom its first message names.
    private func newThread(
        _ id: String, _ caller: Int, _ body: RequestBody
    ) throws(RESTError) -> ChatThread {
        var members = [caller]
        let addresses = try addresses(in: body)
        // Two users' own, of whom one does not exist.
        if addresses.isEmpty, seemsPair(id, of: caller) { throw .society(.unknownUser) }
        guard addresses.count < limits.membersPerGroup else {
            throw .society(.tooMany("members"))
        }
        guard threads.count(of: caller) < limits.threadsPerUser else {
            throw .society(.tooMany("threads"))
        }
        for address in addresses {
            let user = try user(addressed: address)
            if !members.contains(user) { members.append(user) }
        }
        return ChatThread(id: id, members: members, place: .thread(id), isNew: true)
    }

    /// Whom the first message of a thread names.
    private func addresses(in body: RequestBody) throws(RESTError) -> [String] {
        var addresses: [String] = []
        if let members = body.value("members") {
            guard let list = members.array, list.allSatisfy({ $0.string != nil }) else {
                throw .badField("members", "members must be a list of user ids")
            }
            addresses = list.compactMap(\.string)
        }
        if let receiver = body.value("receiver_id") {
            guard let text = receiver.string else {
                throw .badField("receiver_id", "receiver_id must be a user id")
            }
            addresses.append(text)
        }
        return addresses
    }

    /// Whether a name is that of the caller and something else, as two users' own threads have it.
    private func seemsPair(_ id: String, of caller: Int) -> Bool {
        let (id, own) = (Array(id.utf8), Array(directory[caller].account.id.utf8))
        return id.starts(with: own + [0x5f]) || id.reversed().starts(with: own.reversed() + [0x5f])
    }
}
