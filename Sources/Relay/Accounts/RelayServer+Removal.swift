internal import Clock
internal import JSON

// An account that is removed leaves everything that it shared with others. The store does the same
// with its rows (`StoreExecutor+Removal`), between the operations before and those after it.

extension RelayServer {
    mutating func clearAway(_ user: Int) {
        // Before the account's rows go, or the log would have these again.
        closeCalls(of: user)
        for number in devices.devices(of: user) { devices.remove(number) }
        threads.remove(user: user)
        for group in groups.groups(of: user) { depart(user, from: group.number) }
    }

    /// Takes a user out of a group, whose key has to change then. Where nobody is left who could
    /// change it, whoever has been a member for longest becomes an admin; where nobody is left at
    /// all, the group is gone.
    mutating func depart(_ user: Int, from number: Int64) {
        guard groups[number]?.isChanging != true else {
            // The store does it right after the change, and so before all that waits for that.
            groups[number]?.waiting.insert({ $0.depart(user, from: number) }, at: 0)
            return
        }
        guard groups[number]?.members[user] != nil else { return }
        groups.remove(user, from: number)
        groups[number]?.rotationIsDue = true
        guard let group = groups[number], !group.members.isEmpty else {
            return groups.remove(number)
        }
        tell(group, "memberRemoved", by: .null, from: user)
        guard group.admins.isEmpty, let heir = heir(of: group) else { return }
        groups[number]?.members[heir]?.isAdmin = true
        tell(group, "adminAdded", by: .null, from: user)
    }

    private func heir(of group: Group) -> Int? {
        group.members.min {
            ($0.value.joined, directory[$0.key].account.number)
                < ($1.value.joined, directory[$1.key].account.number)
        }?.key
    }
}
