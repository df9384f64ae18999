internal import Clock
internal import Crypto
internal import JSON
internal import Wire

/// An event that the relay makes for several users at once, and what is kept along with it.
struct Post {
    let event: EventText
    /// Whom it is for; whoever is away gets it when it comes.
    var audience: [Int]
    let sender: Int
    /// 24 hexadecimal digits.
    let id: String
    /// The login that it comes from: its own connections get the event, its mailbox does not.
    var session = ""
    var entry: HistoryEntry?
    var thread: StoredThread?
    /// Whether the hooks hear of it for whoever is away.
    var isNoticed = false
    /// Whether a user is still to get it, asked when it is sent.
    var isWelcome: (RelayServer, Int) -> Bool = { _, _ in true }
}

extension RelayServer {
    /// An id as the stock servers' database makes them: twelve bytes, the time and then random.
    func newID() -> String {
        let time = UInt32(truncatingIfNeeded: wall.seconds)
        let first = (0..<4).map { UInt8(truncatingIfNeeded: time >> UInt32(24 - 8 * $0)) }
        return Hex.encode(first + randomBytes(8))
    }

    /// Sends an event to all connections of its audience, once it is kept for those who are away.
    ///
    /// - Parameter next: gets nil once all is committed, or why nothing was kept nor sent.
    mutating func post(
        _ post: Post, then next: @escaping (inout RelayServer, String?) -> Void = { _, _ in }
    ) {
        var kept: [(box: Mailbox, item: Mail.Item)] = []
        for user in post.audience where !directory[user].isRemoved {
            for box in mailboxes(of: user) where mustKeep(in: box, post) {
                guard hasRoom(for: post.event, from: post.sender, in: box) else {
                    counters.countNotKept(post.event.name)
                    continue
                }
                let number = number(of: box)
                kept.append((box, Mail.Item(mailbox: number, key: key(of: post, for: number))))
            }
        }
        guard !kept.isEmpty || post.entry != nil || post.thread != nil else {
            send(post, except: [])
            return next(&self, nil)
        }
        let boxes = kept.map(\.box)
        keep(
            post.event, from: post.sender, kept.map(\.item), in: boxes, entry: post.entry,
            thread: post.thread
        ) { relay, result in
            guard case .mail(.kept) = result else {
                var code = "storeFailed"
                if case .failed(let word) = result { code = word }
                return next(&relay, code)
            }
            relay.send(post, except: Set(boxes))
            if post.isNoticed {
                for user in Set(boxes.map(\.user)) {
                    relay.noticeIfAway(post.event.name, for: user)
                }
            }
            next(&relay, nil)
        }
    }

    private func key(of post: Post, for mailbox: Int64) -> MessageKey {
        var text = Array("\(directory[post.sender].account.number) \(mailbox) ".utf8)
        text += Array("\(post.event.name) \(post.id)".utf8)
        return MessageKey(SHA256.hash(text).prefix(16))
    }

    /// Whether an event has to wait for a mailbox's connections.
    private func mustKeep(in box: Mailbox, _ post: Post) -> Bool {
        box != mailbox(of: post.session, post.sender) && isAway(box)
    }

    /// Who of an audience has no room for an event in any mailbox that it would wait in, as the
    /// sender is told: each with the code that a refusal has.
    func notKept(_ post: Post, idName: String) -> [JSON] {
        let users = post.audience.filter {
            $0 != post.sender && !directory[$0].isRemoved
                && isFull($0, for: post.event, from: post.sender)
        }
        return users.sorted().map {
            .object([
                JSON.Member(idName, .string(directory[$0].account.id)),
                JSON.Member("code", .string(SocietyError.queueFull.code)),
            ])
        }
    }

    /// Whether all of a user's mailboxes that a message would wait in are full.
    func isFull(_ user: Int, for event: EventText, from sender: Int) -> Bool {
        mailboxes(of: user).allSatisfy {
            isAway($0) && !hasRoom(for: event, from: sender, in: $0)
        }
    }

    /// Sends an event on all connections but those that got it from their mailboxes.
    private mutating func send(_ post: Post, except kept: Set<Mailbox>) {
        let serial = takeSerial()
        for user in post.audience where post.isWelcome(self, user) {
            for box in mailboxes(of: user) where !kept.contains(box) {
                let isOwn = box == mailbox(of: post.session, post.sender)
                emit(
                    post.event, isOwn ? .transient : .message(serial), to: sockets(of: box),
                    away: away(of: box))
            }
        }
    }
}
