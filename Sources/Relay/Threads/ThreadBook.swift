/// The threads whose members are no part of their names.
struct ThreadBook {
    private var members: [String: [Int]] = [:]
    private var begun: [Int: Int] = [:]

    func members(of id: String) -> [Int]? { members[id] }

    /// How many threads a user has begun.
    func count(of user: Int) -> Int { begun[user] ?? 0 }

    mutating func insert(_ id: String, _ users: [Int]) {
        guard let first = users.first, members.updateValue(users, forKey: id) == nil else {
            return
        }
        begun[first, default: 0] += 1
    }

    mutating func remove(_ id: String) {
        guard let first = members.removeValue(forKey: id)?.first else { return }
        begun[first, default: 1] -= 1
    }

    /// Takes a user out of all threads, of which those go that nobody is left in.
    mutating func remove(user: Int) {
        for (id, users) in members where users.contains(user) {
            remove(id)
            insert(id, users.filter { $0 != user })
        }
    }
}

extension ThreadBook {
    /// - Parameter user: finds the user with an account's number.
    init(_ stored: [StoredThread], user: (Int64) -> Int?) {
        for thread in stored { insert(thread.id, thread.members.compactMap(user)) }
    }
}

/// A thread as a request names it.
struct ChatThread {
    let id: String
    let members: [Int]
    let place: Place
    /// Whether it has members by its first message, and that is on the way now.
    var isNew = false
}
