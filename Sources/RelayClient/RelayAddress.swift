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

    /// The relay that files of this name are about; nil for other files.
    init?(fileName: String) {
        guard let first = fileName.firstIndex(of: "-"), let last = fileName.lastIndex(of: "-"),
            first < last
        else { return nil }
        let host = fileName[fileName.index(after: first)..<last]
        let colons = String(host.map { $0 == "_" ? ":" : $0 })
        // Only addresses have colons, and they have two at least.
        let isAddress = colons.count { $0 == ":" } > 1
        let port = fileName[fileName.index(after: last)...]
        let addresses = (isAddress ? ["[\(colons)]"] : []) + [String(host)]
        let origins = addresses.lazy.compactMap { Origin("\(fileName[..<first])://\($0):\(port)") }
        guard let origin = origins.first, origin.fileName == fileName else { return nil }
        self = origin
    }
}
