internal import Clock

/// A group, without the sealed keys, which are in the store alone.
struct Group {
    struct Membership {
        var isAdmin: Bool
        let joined: Timestamp
    }

    let number: Int64
    let id: String
    let name: String
    let creator: Int64
    let created: Timestamp
    var epoch: Int64
    /// Somebody left who knows the key of the epoch.
    var rotationIsDue: Bool
    var members: [Int: Membership]
    /// Whether a change is on its way to the store. What comes meanwhile waits for it.
    var isChanging = false
    var waiting: [(inout RelayServer) -> Void] = []

    var admins: [Int] { members.filter(\.value.isAdmin).map(\.key) }
    var place: Place { .group(id) }

    /// The time from which on a user sees the messages, and who read them: it joined then. Who is
    /// no member never does.
    func sight(of user: Int) -> Timestamp {
        members[user]?.joined ?? Timestamp(milliseconds: .max)
    }
}

/// All groups, by number, by id and by member.
struct GroupBook {
    private var groups: [Int64: Group] = [:]
    private var numbers: [String: Int64] = [:]
    private var byMember: [Int: Set<Int64>] = [:]
    private var lastNumber: Int64 = 0

    func number(id: String) -> Int64? { numbers[id] }

    /// - Precondition: there is a group of this number, for setting.
    subscript(_ number: Int64) -> Group? {
        _read { yield groups[number] }
        _modify { yield &groups[number] }
    }

    func groups(of user: Int) -> [Group] {
        (byMember[user] ?? []).sorted().compactMap { groups[$0] }
    }

    /// How many groups a user is an admin of; those that others took it into do not count.
    func adminCount(of user: Int) -> Int {
        byMember[user]?.count { groups[$0]?.members[user]?.isAdmin == true } ?? 0
    }

    mutating func takeNumber() -> Int64 {
        lastNumber += 1
        return lastNumber
    }

    mutating func insert(_ group: Group) {
        groups[group.number] = group
        numbers[group.id] = group.number
        lastNumber = max(lastNumber, group.number)
        for user in group.members.keys { byMember[user, default: []].insert(group.number) }
    }

    mutating func remove(_ number: Int64) {
        guard let group = groups.removeValue(forKey: number) else { return }
        numbers[group.id] = nil
        for user in group.members.keys { byMember[user]?.remove(number) }
    }

    mutating func add(_ user: Int, to number: Int64, at time: Timestamp) {
        groups[number]?.members[user] = Group.Membership(isAdmin: false, joined: time)
        byMember[user, default: []].insert(number)
    }

    mutating func remove(_ user: Int, from number: Int64) {
        groups[number]?.members[user] = nil
        byMember[user]?.remove(number)
    }
}

extension GroupBook {
    /// - Parameter user: finds the user with an account's number.
    init(_ stored: [StoredGroup], user: (Int64) -> Int?) {
        for group in stored {
            var members: [Int: Group.Membership] = [:]
            for member in group.members {
                guard let user = user(member.account) else { continue }
                members[user] = Group.Membership(isAdmin: member.isAdmin, joined: member.joined)
            }
            insert(
                Group(
                    number: group.number, id: group.id, name: group.name, creator: group.creator,
                    created: group.created, epoch: group.epoch,
                    rotationIsDue: group.rotationIsDue, members: members))
        }
    }
}
