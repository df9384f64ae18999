internal import Clock
internal import HTTP
internal import JSON

extension RelayServer {
    /// What clients call key material that was sealed for a device.
    private static let keyNames = ["keys", "sealedKeys", "identityKeys", "encryptedKeys"]

    /// Registers a device, to which the login is bound from then on, if it is to none yet. With
    /// the id of a device of the same user, the login is bound to that one.
    mutating func addDevice(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        let body = try RequestBody(request.body)
        if let id = try body.optionalText("deviceId", 1...Limits.addressByteCount) {
            return try bind(caller, to: id, request)
        }
        let name = try body.text("name", 1...Limits.deviceNameByteCount)
        let keys = try body.sealed(Self.keyNames, limit: limits.deviceKeysByteCount)
        guard devices.devices(of: caller.user).count < limits.devicesPerUser else {
            throw .society(.tooMany("devices"))
        }
        let isBound = devices.device(session: caller.session) == nil
        let device = Device(
            number: devices.takeNumber(), id: newID(), user: caller.user, name: name,
            created: wall, sessions: isBound ? [caller.session: caller.expiresAt] : [:])
        let stored = StoredDevice(
            number: device.number, id: device.id,
            account: directory[caller.user].account.number, name: name, created: wall,
            sessions: device.sessions)
        devices.insert(device)
        ask(.devices(.add(stored, keys: keys))) { relay, result in
            if case .failed(let code) = result {
                relay.devices.remove(device.number)
                return relay.refuse(request.number, .notStored(code: code))
            }
            relay.moveConnections(of: caller, to: device.number)
            relay.emit(
                .respond(
                    request.number, .uncached(.created, relay.json(device, for: caller))))
        }
    }

    private mutating func bind(
        _ caller: Caller, to id: String, _ request: RESTRequest
    ) throws(RESTError) {
        let device = try device(id, of: caller)
        if let bound = devices.device(session: caller.session), bound != device.number {
            throw .society(.otherDevice)
        }
        ask(
            .devices(
                .bind(device: device.number, session: caller.session, until: caller.expiresAt))
        ) { relay, result in
            if case .failed(let code) = result {
                return relay.refuse(request.number, .notStored(code: code))
            }
            guard relay.devices[device.number] != nil else {
                return relay.refuse(request.number, .unknownPath)
            }
            relay.devices.bind(caller.session, to: device.number, until: caller.expiresAt)
            relay.moveConnections(of: caller, to: device.number)
            relay.emit(
                .respond(request.number, .uncached(.ok, relay.json(device, for: caller))))
        }
    }

    /// A device of the caller's own.
    private func device(_ id: String, of caller: Caller) throws(RESTError) -> Device {
        guard let device = devices.device(id: id), device.user == caller.user else {
            throw .unknownPath
        }
        return device
    }

    mutating func listDevices(_ request: RESTRequest, _ caller: Caller) {
        let list = devices.devices(of: caller.user).compactMap { devices[$0] }
        let body: JSON = ["devices": .array(list.map { json($0, for: caller) })]
        emit(.respond(request.number, .uncached(.ok, body)))
    }

    private func json(_ device: Device, for caller: Caller) -> JSON {
        [
            "deviceId": .string(device.id), "id": .string(device.id),
            "name": .string(device.name), "createdAt": .string(device.created.description),
            "current": .bool(devices.device(session: caller.session) == device.number),
        ]
    }

    /// Removes a device: whoever is logged in as it is logged out, and what waits for it is gone.
    mutating func removeDevice(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        let device = try device(request.parameters[0], of: caller)
        var ended: [String: Timestamp] = [:]
        for (session, until) in device.sessions {
            ended[session] = max(until, wall + Self.tokenLifetime)
            revoked[session] = ended[session]
            closeConnections(of: device.user, session: session)
        }
        devices.remove(device.number)
        ask(.devices(.remove(device: device.number, sessions: ended))) { relay, result in
            if case .failed(let code) = result {
                return relay.refuse(request.number, .notStored(code: code))
            }
            relay.emit(.respond(request.number, .uncached(.ok, ["success": true])))
        }
    }

    mutating func setDeviceKeys(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        let device = try device(request.parameters[0], of: caller)
        let body = try RequestBody(request.body)
        guard let keys = try body.sealed(Self.keyNames, limit: limits.deviceKeysByteCount) else {
            throw .missingField("keys")
        }
        ask(.devices(.setKeys(device: device.number, keys))) { relay, result in
            if case .failed(let code) = result {
                return relay.refuse(request.number, .notStored(code: code))
            }
            relay.emit(.respond(request.number, .uncached(.ok, ["success": true])))
        }
    }

    mutating func readDeviceKeys(_ request: RESTRequest, _ caller: Caller) throws(RESTError) {
        let device = try device(request.parameters[0], of: caller)
        ask(.devices(.keys(device: device.number))) { relay, result in
            switch result {
            case .devices(.keys(let keys)):
                let body: JSON = [
                    "deviceId": .string(device.id), "keys": keys.map { relay.json($0) } ?? .null,
                ]
                relay.emit(.respond(request.number, .uncached(.ok, body)))
            case .failed(let code): relay.refuse(request.number, .notStored(code: code))
            default: relay.refuse(request.number, .busy)
            }
        }
    }
}
