internal import Clock
internal import Relay

extension StoreExecutor {
    /// Keeps an event in all its mailboxes, and what belongs to it.
    func perform(_ mail: Mail) throws(SQLiteError) -> MailResult {
        var rows: [Int64] = []
        for item in mail.items {
            let result = try keep(item.mailbox, item.key, mail.event, mail.remembers, mail.now)
            switch result {
            case .kept(let row): rows.append(row)
            case .duplicate(let isDelivered):
                // What was kept before this one was found goes again.
                for (row, item) in zip(rows, mail.items) {
                    _ = try remove(item.mailbox, [row])
                }
                return .duplicate(isDelivered: isDelivered)
            default: break
            }
        }
        if let thread = mail.thread { try add(thread) }
        if let entry = mail.entry { try add(entry) }
        return .kept(rows: rows)
    }

    // MARK: Threads

    private func add(_ thread: StoredThread) throws(SQLiteError) {
        for (position, account) in thread.members.enumerated() {
            try statement("INSERT INTO thread (id, position, account) VALUES (?, ?, ?)").run(
                .text(thread.id), .integer(Int64(position)), .integer(account))
        }
    }

    func loadThreads() throws(SQLiteError) -> [StoredThread] {
        var threads: [StoredThread] = []
        try database.prepare("SELECT id, account FROM thread ORDER BY id, position").run {
            let (id, account) = ($0.text(0) ?? "", $0.integer(1))
            if let last = threads.last, last.id == id {
                threads[threads.count - 1] = StoredThread(
                    id: id, members: last.members + [account])
            } else {
                threads.append(StoredThread(id: id, members: [account]))
            }
        }
        return threads
    }
}
