public import Identities
public import Platform

/// The people whose public identities the user has put into `peers/` of the configuration.
public struct KnownPeers {
    private var identities: [Fingerprint: PublicIdentity] = [:]

    /// - Parameter unreadable: told of a file that holds no public identity; it is passed over.
    public init(
        in configuration: StateDirectory = .configuration(),
        unreadable: (_ path: String, _ reason: any Error) -> Void
    ) {
        let directory = configuration.subdirectory("peers")
        for name in directory.fileNames() where name.hasSuffix(".pub") {
            let path = directory.path(of: name)
            do {
                for identity in try Recipients.identities(inFile: path) {
                    identities[identity.fingerprint] = identity
                }
            } catch { unreadable(path, error) }
        }
    }

    public subscript(_ fingerprint: Fingerprint) -> PublicIdentity? { identities[fingerprint] }
}
