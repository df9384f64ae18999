/// Named rooms and the connections in them. A room is there while somebody is in it.
struct RoomBook {
    /// A name by its bytes: two that only look alike are two rooms.
    typealias Name = [UInt8]

    private var members: [Name: Set<SocketNumber>] = [:]
    private var entered: [SocketNumber: Set<Name>] = [:]

    mutating func enter(
        _ name: Name, _ socket: SocketNumber, _ limits: Limits
    ) throws(EventError) {
        guard members[name]?.contains(socket) != true else { return }
        guard entered[socket]?.count ?? 0 < limits.namedRoomsPerConnection else {
            throw .tooManyRooms
        }
        guard members[name]?.count ?? 0 < limits.membersPerRoom else { throw .roomFull }
        members[name, default: []].insert(socket)
        entered[socket, default: []].insert(name)
    }

    /// Takes a connection out of all its rooms.
    ///
    /// - Returns: those who are left in them.
    mutating func leaveAll(_ socket: SocketNumber) -> Set<SocketNumber> {
        var others: Set<SocketNumber> = []
        for name in entered.removeValue(forKey: socket) ?? [] {
            members[name]?.remove(socket)
            if let left = members[name], !left.isEmpty {
                others.formUnion(left)
            } else {
                members[name] = nil
            }
        }
        return others
    }

    /// The rooms that a connection is in, in a fixed order.
    func names(of socket: SocketNumber) -> [Name] {
        (entered[socket] ?? []).sorted { $0.lexicographicallyPrecedes($1) }
    }

    func members(of name: Name) -> Set<SocketNumber> { members[name] ?? [] }

    /// The others in a room; nil for a connection that is not in it.
    func others(in name: ArraySlice<UInt8>, than socket: SocketNumber) -> [SocketNumber]? {
        guard let sockets = members[Array(name)], sockets.contains(socket) else { return nil }
        return sockets.filter { $0 != socket }
    }

    func share(_ a: SocketNumber, _ b: SocketNumber) -> Bool {
        guard a != b, let roomsOfA = entered[a], let roomsOfB = entered[b] else { return false }
        return !roomsOfA.isDisjoint(with: roomsOfB)
    }
}
