internal import Clock

/// A device of a user. Its key material is in the store alone.
struct Device {
    let number: Int64
    let id: String
    let user: Int
    let name: String
    let created: Timestamp
    /// The logins that count as this device, each with the end of the token that bound it.
    var sessions: [String: Timestamp]
    var queue = QueueState()

    var mailbox: Int64 { -number }
}

/// All devices, by number, by id, by user and by login.
struct DeviceBook {
    private var devices: [Int64: Device] = [:]
    private var numbers: [String: Int64] = [:]
    private var byUser: [Int: [Int64]] = [:]
    private var bySession: [String: Int64] = [:]
    private var lastNumber: Int64 = 0

    var isEmpty: Bool { devices.isEmpty }

    subscript(_ number: Int64) -> Device? {
        _read { yield devices[number] }
        _modify { yield &devices[number] }
    }

    func device(id: String) -> Device? { numbers[id].flatMap { devices[$0] } }

    /// The device that a login counts as.
    func device(session: String) -> Int64? { bySession[session] }

    /// The numbers of a user's devices, the oldest first.
    func devices(of user: Int) -> [Int64] { byUser[user] ?? [] }

    mutating func takeNumber() -> Int64 {
        lastNumber += 1
        return lastNumber
    }

    mutating func insert(_ device: Device) {
        devices[device.number] = device
        numbers[device.id] = device.number
        byUser[device.user, default: []].append(device.number)
        lastNumber = max(lastNumber, device.number)
        for session in device.sessions.keys { bySession[session] = device.number }
    }

    mutating func bind(_ session: String, to number: Int64, until: Timestamp) {
        devices[number]?.sessions[session] = until
        bySession[session] = number
    }

    mutating func remove(_ number: Int64) {
        guard let device = devices.removeValue(forKey: number) else { return }
        numbers[device.id] = nil
        byUser[device.user]?.removeAll { $0 == number }
        if byUser[device.user]?.isEmpty == true { byUser[device.user] = nil }
        for session in device.sessions.keys { bySession[session] = nil }
    }
}

extension DeviceBook {
    /// - Parameter user: finds the user with an account's number.
    init(_ stored: [StoredDevice], user: (Int64) -> Int?) {
        for device in stored.sorted(by: { $0.number < $1.number }) {
            guard let user = user(device.account) else { continue }
            insert(
                Device(
                    number: device.number, id: device.id, user: user, name: device.name,
                    created: device.created, sessions: device.sessions))
        }
    }
}
