internal import EngineIO
internal import HTTP

/// A request that waits for its answer.
struct OpenRequest {
    let token: RequestToken
    /// Where it is from, and its method and path, for the log.
    let remote: String
    let path: String

    init(_ token: RequestToken, _ request: Request, from remote: String) {
        (self.token, self.remote) = (token, remote)
        path = "\(request.method.rawValue) \(request.target.path)"
    }

    /// What it is to those who read the log.
    var name: String { "\(path) of \(remote)" }
}
