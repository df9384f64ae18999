internal import Clock
internal import Metrics
internal import Wire

extension RelayServer {
    /// Counts for a rule, and raises the alert where that is too much.
    mutating func watch(_ rule: AlertRule, _ subject: AlertSubject, _ thing: Int? = nil) {
        let threshold = rule.threshold(limits)
        if alerts.count(rule, subject, thing, threshold: threshold, at: now) {
            raise(rule, subject)
        }
    }

    /// Somebody failed to prove who he is.
    mutating func watchFailure(from address: String, email: String? = nil) {
        watch(.authFailures, .address(networkName(of: address)))
        if let email { watch(.authFailures, .email(email)) }
    }

    /// A client was let in.
    mutating func watchConnection(of user: Int, from address: String) {
        watch(.connectFlood, .address(networkName(of: address)))
        watch(.manyAddresses, .user(user), networkName(of: address).hashValue)
    }

    /// A user's event has a target: this is on the way of every message.
    mutating func watchTarget(_ target: Int, of user: Int, route index: Int) {
        watchTarget(target, of: user)
        if routes[index].isCall {
            watch(.callFlood, .user(target))
            watch(.callFlood, .user(user))
        }
    }

    /// A user writes to others, or takes them into a group, by REST.
    mutating func watchTargets(_ targets: some Sequence<Int>, of user: Int) {
        for target in targets where target != user { watchTarget(target, of: user) }
    }

    /// A user writes to a group, which is one target however many are in it: whoever took them in
    /// was watched for that.
    mutating func watchGroup(_ group: Int64, of user: Int) { watchTarget(~Int(group), of: user) }

    private mutating func watchTarget(_ target: Int, of user: Int) {
        guard limits.alertManyTargets > 0 else { return }
        let window = directory[user].targets ?? TargetWindow(at: now)
        if directory[user].targets == nil { directory[user].targets = window }
        if window.note(target, threshold: limits.alertManyTargets, at: now) {
            raise(.manyTargets, .user(user))
        }
    }

    mutating func watchRefusal(_ code: String, of socket: SocketNumber) {
        guard let peer = peer(at: socket) else { return }
        watch(.refusedEvents, .connection(peer.serial))
        if AlertRule.scanCodes.contains(code) { watch(.roomScan, .user(peer.user)) }
    }

    /// A user asked by REST for what is not there or is not his. To ask again for the same, as a
    /// client does that waits for it, is no scan.
    mutating func watchRefusal(_ error: RESTError, of request: RESTRequest, by caller: Caller) {
        guard error.isOfUnknown else { return }
        var hasher = Hasher()
        hasher.combine(request.parameters)
        hasher.combine(request.body)
        watch(.roomScan, .user(caller.user), hasher.finalize())
    }

    private mutating func raise(_ rule: AlertRule, _ subject: AlertSubject) {
        counters.alerts.count(rule.rawValue)
        let (user, who) = name(subject)
        let text = user.map { "user \(directory[$0].account.id)" } ?? "a client"
        emit(.log(.warning, "alert \(rule.rawValue): \(text)"))
        audit.add(
            "alert", at: wall, timestampText, who: who,
            numbers: Array(#","rule":"\#(rule.rawValue)""#.utf8))
        let id = user.map { directory[$0].account.id } ?? ""
        emit(.notice(Notice(userID: id, event: "alert", time: wall, rule: rule.rawValue)))
    }

    /// The user whom an alert is about, if it is about one, and how the audit log names it.
    private func name(_ subject: AlertSubject) -> (user: Int?, who: [UInt8]) {
        var user: Int?
        switch subject {
        case .user(let number): user = number
        case .connection(let serial): user = peers.first { $0?.serial == serial }??.user
        case .email(let email): user = directory.user(email: Array(email.utf8)[...])
        case .address(let address):
            return (nil, Array(#","address":"#.utf8) + quoted(address))
        }
        guard let user else { return (nil, []) }
        return (user, Array(#","user":"#.utf8) + directory[user].idText)
    }
}
