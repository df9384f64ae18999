internal import HTTP

extension RESTRoute {
    /// Family D's devices.
    static let devices: [RESTRoute] = [
        .personal(.post, "/api/v1/devices") { relay, request, caller throws(RESTError) in
            try relay.addDevice(request, caller)
        },
        .personal(.get, "/api/v1/devices") { relay, request, caller in
            relay.listDevices(request, caller)
        },
        .personal(.delete, "/api/v1/devices/{deviceId}") {
            relay, request, caller throws(RESTError) in try relay.removeDevice(request, caller)
        },
        .personal(.put, "/api/v1/devices/{deviceId}/keys") {
            relay, request, caller throws(RESTError) in try relay.setDeviceKeys(request, caller)
        },
        .personal(.get, "/api/v1/devices/{deviceId}/keys") {
            relay, request, caller throws(RESTError) in try relay.readDeviceKeys(request, caller)
        },
    ]
}
