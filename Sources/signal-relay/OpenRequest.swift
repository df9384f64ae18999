internal import EngineIO
internal import HTTP
internal import Relay

/// A request that waits for its answer.
struct OpenRequest {
    let token: RequestToken
    /// Where it is from, and what it is, for the log.
    let remote: String
    let route: String

    init(_ token: RequestToken, _ request: Request, from remote: String) {
        (self.token, self.remote) = (token, remote)
        route = RelayServer.routeName(of: request)
    }

    /// What it is to those who read the log.
    var name: String { "\(route) of \(remote)" }
}
