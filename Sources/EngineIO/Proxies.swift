public import HTTP

/// Proxies in front of the server, which connect for many clients and say for whom.
public struct Proxies: Sendable {
    /// Whether an address is one of theirs: its connections are not counted.
    let contains: @Sendable (_ address: String) -> Bool
    /// The address of the client whose request has these fields and came from this address.
    let client: @Sendable (_ fields: Fields, _ remote: String) -> String

    public init(
        contains: @escaping @Sendable (_ address: String) -> Bool,
        client: @escaping @Sendable (_ fields: Fields, _ remote: String) -> String
    ) {
        self.contains = contains
        self.client = client
    }
}

extension Server {
    /// The address that a request counts for.
    func remote(of request: Request, on connection: Connection) -> String {
        configuration.proxies?.client(request.fields, connection.remote) ?? connection.remote
    }
}
