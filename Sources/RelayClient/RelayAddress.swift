public import HTTPClient

/// Where a relay is.
public typealias RelayAddress = Origin

extension RelayAddress {
    /// - Throws: `badAddress` for what is not the URL of a server and nothing more.
    public init(relay text: String) throws(RelayError) {
        guard let origin = Origin(text) else { throw .badAddress(text) }
        self = origin
    }

    /// The name of files about this relay: `https-relay.example-443`.
    var fileName: String {
        let plainHost = String(host.map { $0 == ":" ? "_" : $0 })
        return "\(isSecure ? "https" : "http")-\(plainHost)-\(port)"
    }
}
