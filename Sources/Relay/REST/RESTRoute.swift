internal import Clock
internal import HTTP

/// One method and path of the HTTP interface: a row of the table.
struct RESTRoute: Sendable {
    typealias Open = @Sendable (inout RelayServer, RESTRequest) throws(RESTError) -> Void
    typealias Personal =
        @Sendable (inout RelayServer, RESTRequest, Caller) throws(RESTError) -> Void

    enum Action: Sendable {
        /// For anybody.
        case open(Open)
        /// For whom a bearer token names (RFC 6750).
        case personal(Personal)
    }

    let method: Method
    /// With a parameter's name in braces.
    let path: String
    /// The path's parts between the slashes; nil stands for a parameter.
    let segments: [String?]
    let action: Action

    private init(_ method: Method, _ path: String, _ action: Action) {
        self.method = method
        self.path = path
        segments = path.split(separator: "/").map { $0.hasPrefix("{") ? nil : String($0) }
        self.action = action
    }

    /// - Parameter path: `/api/v1/groups/{id}`.
    static func open(_ method: Method, _ path: String, _ action: @escaping Open) -> RESTRoute {
        RESTRoute(method, path, .open(action))
    }

    static func personal(
        _ method: Method, _ path: String, _ action: @escaping Personal
    ) -> RESTRoute {
        RESTRoute(method, path, .personal(action))
    }

    /// The values of the parameters, in order; nil for another path.
    func parameters(in path: [String]) -> [String]? {
        guard path.count == segments.count else { return nil }
        var parameters: [String] = []
        for (segment, part) in zip(segments, path) {
            if let segment {
                guard segment == part else { return nil }
            } else {
                parameters.append(part)
            }
        }
        return parameters
    }
}

/// A request as the action of its row sees it.
struct RESTRequest {
    /// Under which it is answered.
    let number: RequestNumber
    var body: [UInt8]
    let query: Query
    /// The values of the path's parameters, in order.
    var parameters: [String]
    /// The client's network address in digits.
    let address: String
}

/// Whom the bearer token of a request names.
struct Caller {
    let user: Int
    /// The login that the token belongs to.
    let session: String
    let expiresAt: Timestamp
}
