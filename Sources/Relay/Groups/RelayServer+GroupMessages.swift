internal import Clock
internal import HTTP
internal import JSON

extension RelayServer {
    /// Names that the relay alone may write into a message.
    private static let reservedNames = [
        "groupId", "messageId", "senderId", "senderUsername", "timestamp", "epoch", "from",
    ]

    mutating func sendToGroup(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        try inGroup(request, caller) { relay, request, caller, group throws(RESTError) in
            let body = try RequestBody(request.body)
            _ = try body.opaqueText("ciphertext", 1...relay.limits.bodyByteCount)
            guard try body.count("epoch") == group.epoch else {
                throw .society(.wrongEpoch(current: group.epoch))
            }
            relay.watchGroup(group.number, of: caller.user)
            let id = relay.newID()
            let content = relay.groupMessage(group, id, from: caller.user, body)
            let sender = relay.directory[caller.user].account.number
            let time = relay.wall
            var post = Post(
                event: EventText(name: "group_message", arguments: content),
                audience: Array(group.members.keys), sender: caller.user, id: id,
                session: caller.session)
            post.entry = HistoryEntry(
                place: group.place, id: id, at: time, sender: sender, content: content)
            let number = group.number
            post.isNoticed = true
            post.isWelcome = { relay, user in relay.groups[number]?.members[user] != nil }
            let notKept = relay.notKept(post, idName: "userId")
            relay.post(post) { relay, failure in
                if let failure {
                    return relay.refuse(request.number, .notStored(code: failure))
                }
                var answer = [
                    JSON.Member("success", true), JSON.Member("messageId", .string(id)),
                    JSON.Member("groupId", .string(group.id)),
                    JSON.Member("epoch", .integer(group.epoch)),
                    JSON.Member("timestamp", .string(time.description)),
                ]
                if !notKept.isEmpty { answer.append(JSON.Member("notKept", .array(notKept))) }
                relay.emit(.respond(request.number, .uncached(.created, .object(answer))))
            }
        }
    }

    private func groupMessage(
        _ group: Group, _ id: String, from user: Int, _ body: RequestBody
    ) -> [UInt8] {
        let own = [
            JSON.Member("groupId", .string(group.id)), JSON.Member("messageId", .string(id)),
            JSON.Member("senderId", .string(directory[user].account.id)),
            JSON.Member("senderUsername", .string(directory[user].account.name)),
            JSON.Member("epoch", .integer(group.epoch)),
            JSON.Member("timestamp", .string(wall.description)),
        ]
        return JSON.object(own + body.rest(without: Self.reservedNames)).encoded
    }

    mutating func readGroup(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        try inGroup(request, caller) { relay, request, caller, group throws(RESTError) in
            let page = try relay.page(request, since: group.sight(of: caller.user))
            relay.ask(.history(.read(group.place, page))) { relay, result in
                relay.answer(request.number, result) { $0 }
            }
        }
    }

    func page(_ request: RESTRequest, since: Timestamp) throws(RESTError) -> HistoryPage {
        HistoryPage(
            start: try request.pageStart(), since: since,
            count: try request.pageCount(
                of: 1...limits.entriesPerPage, default: limits.entriesPerPage),
            byteCount: limits.bytesPerPage)
    }

    /// Answers with a page of a history.
    ///
    /// - Parameter body: puts the page, its `messages` and the id after which the `next` one begins,
    ///   where the clients expect it.
    mutating func answer(
        _ request: RequestNumber, _ result: StoreResult, _ body: (JSON) -> JSON
    ) {
        switch result {
        case .history(.entries(let entries, let isLast)):
            let next = isLast ? nil : entries.last?.id
            let page: JSON = [
                "messages": .array(entries.map { .raw($0.content) }),
                "next": next.map { .string($0) } ?? .null,
            ]
            emit(.respond(request, .uncached(.ok, body(page))))
        case .failed(let code): refuse(request, .notStored(code: code))
        default: refuse(request, .busy)
        }
    }

    // MARK: Receipts

    mutating func markRead(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        try inGroup(request, caller) { relay, request, caller, group in
            let id = request.parameters[1]
            let account = relay.directory[caller.user].account.number
            let since = group.sight(of: caller.user)
            let receipt = Receipt(message: id, account: account, at: relay.wall)
            relay.ask(.groups(.markRead(group.place, receipt, since: since))) { relay, result in
                switch result {
                case .groups(.marked(let sender, let sent, let at, let isNew)):
                    if isNew { relay.tellRead(id, at, group.number, caller, sender, sent) }
                    let answer: JSON = [
                        "success": true, "messageId": .string(id),
                        "readAt": .string(at.description),
                    ]
                    relay.emit(.respond(request.number, .uncached(.ok, answer)))
                case .groups(.unknownMessage): relay.refuse(request.number, .unknownPath)
                case .failed(let code): relay.refuse(request.number, .notStored(code: code))
                default: relay.refuse(request.number, .busy)
                }
            }
        }
    }

    /// Tells the members who are there and see the message, and keeps it for whoever wrote it: for
    /// all others it would be a queue of everybody's receipts for everything.
    private mutating func tellRead(
        _ id: String, _ at: Timestamp, _ number: Int64, _ caller: Caller, _ sender: Int64,
        _ sent: Timestamp
    ) {
        guard let group = groups[number] else { return }
        let object: JSON = [
            "groupId": .string(group.id), "messageId": .string(id),
            "userId": .string(directory[caller.user].account.id),
            "readAt": .string(at.description),
        ]
        let event = EventText(name: "group_read", arguments: object.encoded)
        let author = directory.user(number: sender)
        for user in group.members.keys where user != author && sent >= group.sight(of: user) {
            emit(event, toAllOf: user)
        }
        guard let author, sent >= group.sight(of: author) else { return }
        post(
            Post(
                event: event, audience: [author], sender: caller.user, id: id,
                session: caller.session))
    }

    mutating func listReceipts(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        try inGroup(request, caller) { relay, request, caller, group throws(RESTError) in
            let message = request.parameters.count > 1 ? request.parameters[1] : nil
            let count = try request.pageCount(
                of: 1...relay.limits.entriesPerPage, default: relay.limits.entriesPerPage)
            let after = try request.pageNumber()
            let operation = GroupOperation.receipts(
                group.place, message: message, since: group.sight(of: caller.user), after: after,
                count: count)
            relay.ask(.groups(operation)) { relay, result in
                switch result {
                case .groups(.receipts(let receipts, let next)):
                    let body: JSON = [
                        "receipts": .array(receipts.compactMap(relay.json)),
                        "next": next.map { .string(String($0)) } ?? .null,
                    ]
                    relay.emit(.respond(request.number, .uncached(.ok, body)))
                case .failed(let code): relay.refuse(request.number, .notStored(code: code))
                default: relay.refuse(request.number, .busy)
                }
            }
        }
    }

    private func json(_ receipt: Receipt) -> JSON? {
        guard let user = directory.user(number: receipt.account) else { return nil }
        return [
            "messageId": .string(receipt.message),
            "userId": .string(directory[user].account.id),
            "readAt": .string(receipt.at.description),
        ]
    }
}
