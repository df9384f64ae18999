import SDP

/// How far an address reaches; nil for a name, mDNS names among them.
func scope(of address: String) -> IPAddress.Scope? { IPAddress(address)?.scope }

extension IPAddress.Scope {
    /// What only hosts of the same network can reach.
    var isLocal: Bool {
        switch self {
        case .loopback, .linkLocal, .privateUse, .shared: true
        case .unspecified, .multicast, .documentation, .global: false
        }
    }
}
