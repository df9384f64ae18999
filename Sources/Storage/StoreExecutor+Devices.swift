internal import Clock
internal import Relay

extension StoreExecutor {
    func perform(_ operation: DeviceOperation) throws(SQLiteError) -> StoreResult {
        switch operation {
        case .add(let device, let keys):
            try statement(
                "INSERT INTO device (number, id, account, name, created, keys)"
                    + " VALUES (?, ?, ?, ?, ?, ?)"
            ).run(
                .integer(device.number), .text(device.id), .integer(device.account),
                .text(device.name), .integer(device.created.milliseconds), keys.map { .text($0) })
            for (session, until) in device.sessions { try bind(session, device.number, until) }
        case .bind(let device, let session, let until): try bind(session, device, until)
        case .setKeys(let device, let keys):
            try erasing { () throws(SQLiteError) in
                try statement("UPDATE device SET keys = ? WHERE number = ?")
                    .run(.text(keys), .integer(device))
            }
        case .keys(let device):
            var keys: String?
            try statement("SELECT keys FROM device WHERE number = ?")
                .run(.integer(device)) { keys = $0.text(0) }
            return .devices(.keys(keys))
        case .remove(let device, let sessions): try remove(device, sessions)
        }
        return .done
    }

    private func bind(_ session: String, _ device: Int64, _ until: Timestamp) throws(SQLiteError) {
        try statement(
            "INSERT OR REPLACE INTO device_session (session, device, until) VALUES (?, ?, ?)"
        )
        .run(.text(session), .integer(device), .integer(until.milliseconds))
    }

    private func remove(
        _ device: Int64, _ sessions: [String: Timestamp]
    ) throws(SQLiteError) {
        for (session, until) in sessions { try revoke(session, until: until) }
        try statement("DELETE FROM message WHERE receiver = ?").run(.integer(-device))
        try statement("DELETE FROM device_session WHERE device = ?").run(.integer(device))
        try erasing { () throws(SQLiteError) in
            try statement("DELETE FROM device WHERE number = ?").run(.integer(device))
        }
    }

    func removeDevices(of account: Int64) throws(SQLiteError) {
        var devices: [Int64] = []
        try database.prepare("SELECT number FROM device WHERE account = ?")
            .run(.integer(account)) { devices.append($0.integer(0)) }
        for device in devices { try remove(device, [:]) }
    }

    func loadDevices() throws(SQLiteError) -> [StoredDevice] {
        var devices: [StoredDevice] = []
        var indexes: [Int64: Int] = [:]
        try database.prepare("SELECT number, id, account, name, created FROM device").run {
            indexes[$0.integer(0)] = devices.count
            devices.append(
                StoredDevice(
                    number: $0.integer(0), id: $0.text(1) ?? "", account: $0.integer(2),
                    name: $0.text(3) ?? "", created: Timestamp(milliseconds: $0.integer(4)),
                    sessions: [:]))
        }
        try database.prepare("SELECT session, device, until FROM device_session").run {
            guard let index = indexes[$0.integer(1)] else { return }
            devices[index].sessions[$0.text(0) ?? ""] = Timestamp(milliseconds: $0.integer(2))
        }
        return devices
    }
}
