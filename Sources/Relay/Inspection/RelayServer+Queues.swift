internal import Clock
internal import JSON

// What waits for whom, for operators: numbers and times, and nothing of what it is.

extension RelayServer {
    mutating func listQueues(_ request: ControlRequest) throws(ControlError) {
        let receivers = try receivers(of: request)
        ask(.inspection(.queues(receivers: receivers))) { relay, result in
            switch result {
            case .inspection(.queues(let queues)):
                relay.end(request.number, queues.map { relay.json($0) })
            case .failed(let code):
                relay.refuse(control: request.number, .notStored(code: code))
            default: relay.end(request.number)
            }
        }
    }

    /// The messages of a user, or with `all` of everybody, are forgotten; those who sent them are
    /// not told. With `olderThan`, those alone that wait for so many seconds.
    mutating func purgeQueues(_ request: ControlRequest) throws(ControlError) {
        let receivers = try receivers(of: request)
        guard receivers != nil || request.flag("all") else { throw .missingField("user") }
        let age = try request.integer("olderThan")
        guard age.map({ (0...1_000_000_000).contains($0) }) ?? true else {
            throw .badField("olderThan")
        }
        let before = age.map { wall + (.zero - .seconds($0)) }
        ask(.inspection(.purge(receivers: receivers, before: before))) { relay, result in
            switch result {
            case .removed(let removals):
                relay.log(.notice, purged: removals)
                relay.end(request.number, removals.map { relay.json($0) })
            case .failed(let code):
                relay.refuse(control: request.number, .notStored(code: code))
            default: relay.end(request.number)
            }
        }
    }

    /// All mailboxes of the user whom a request names: its own and those of its devices.
    private func receivers(of request: ControlRequest) throws(ControlError) -> [Int64]? {
        guard let name = try request.text("user") else { return nil }
        let user = try user(named: name)
        let boxes = devices.devices(of: user).map { Mailbox(user: user, device: $0) }
        return ([Mailbox(user: user, device: nil)] + boxes).map { number(of: $0) }
    }

    private mutating func log(_ level: LogLevel, purged removals: [Removal]) {
        let count = removals.reduce(0) { $0 + $1.count }
        emit(.log(level, "an operator purged \(count) messages"))
    }

    private func json(_ queue: KeptQueue) -> JSON {
        var members = userMembers(number: queue.receiver)
        members += [
            JSON.Member("count", .integer(queue.count)),
            JSON.Member("byteCount", .integer(queue.byteCount)),
            JSON.Member("oldest", .string(queue.oldest.description)),
            JSON.Member("newest", .string(queue.newest.description)),
        ]
        return .object([JSON.Member("type", "queue")] + members)
    }

    private func json(_ removal: Removal) -> JSON {
        var members = userMembers(number: removal.receiver)
        members += [
            JSON.Member("count", .integer(removal.count)),
            JSON.Member("byteCount", .integer(removal.byteCount)),
        ]
        return .object([JSON.Member("type", "purged")] + members)
    }

    /// Who the account with this number is; nothing where it is gone.
    private func userMembers(number: Int64) -> [JSON.Member] {
        guard let box = mailbox(number: number) else { return [] }
        let account = directory[box.user].account
        var members = [JSON.Member("user", .string(account.id))]
        if let device = box.device.flatMap({ devices[$0] }) {
            members.append(JSON.Member("device", .string(device.id)))
        }
        if let email = account.email { members.append(JSON.Member("email", .string(email))) }
        return members
    }
}
