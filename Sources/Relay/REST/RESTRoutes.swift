internal import HTTP

extension RESTRoute {
    /// Every path that the relay knows. Adding one is adding a row.
    static let all: [RESTRoute] = accounts + calls + threads + groups + devices
}
