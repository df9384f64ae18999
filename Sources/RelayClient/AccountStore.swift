public import HTTPClient
internal import JSON
public import Platform

/// The logins of this user, one private file a relay: `relays/https-relay.example-443.json` in
/// the configuration directory.
public struct AccountStore: Sendable {
    private let directory: StateDirectory

    public init(in configuration: StateDirectory = .configuration()) {
        directory = configuration.subdirectory("relays")
    }

    private func file(_ relay: RelayAddress) -> String { relay.fileName + ".json" }

    /// The path that messages name.
    public func path(_ relay: RelayAddress) -> String { directory.path(of: file(relay)) }

    /// - Throws: `notLoggedIn` where there is no file, `brokenAccountFile`, or a `FileError`.
    public func account(at relay: RelayAddress) throws -> Account {
        guard let text = try directory.readPrivate(file(relay), limit: 64 << 10) else {
            throw RelayError.notLoggedIn(relay: relay.description)
        }
        guard let json = try? JSON(parsing: text), let account = Account(json) else {
            throw RelayError.brokenAccountFile(path(relay))
        }
        return account
    }

    /// The relays that there is a login for, sorted.
    public func relays() -> [RelayAddress] {
        directory.fileNames().compactMap { name in
            guard name.hasSuffix(".json"),
                let text = try? directory.read(name, limit: 64 << 10),
                let url = (try? JSON(parsing: text))?["relay"]?.string
            else { return nil }
            return RelayAddress(url)
        }
    }

    /// The relay to use: the one that was named, else `$PARLEY_RELAY`, else the only one that there
    /// is a login for.
    public func relay(
        named text: String?, in environment: Environment = .process
    ) throws(RelayError) -> RelayAddress {
        if let text = text ?? environment["PARLEY_RELAY"] { return try RelayAddress(relay: text) }
        let known = relays()
        guard let only = known.first, known.count == 1 else { throw .noRelay }
        return only
    }

    public func save(_ account: Account, at relay: RelayAddress) throws {
        let lock = try directory.lock(relay.fileName + ".lock")
        try write(account, at: relay)
        _ = consume lock
    }

    private func write(_ account: Account, at relay: RelayAddress) throws(FileError) {
        var members = [JSON.Member("relay", .string(relay.description))]
        members += account.json.members ?? []
        try directory.replace(file(relay), with: JSON.object(members).encoded + [0x0a])
    }

    public func remove(_ relay: RelayAddress) throws {
        let lock = try directory.lock(relay.fileName + ".lock")
        try directory.remove(file(relay))
        _ = consume lock
    }

    /// The account with another token than `spent`: the one that another process got meanwhile, or
    /// the one that `renew` gets.
    ///
    /// The lock is held throughout, so of all processes that find the same token expired one uses
    /// the refresh token, and the others take over what it got.
    public func renewing(
        _ spent: String, at relay: RelayAddress, by renew: (Account) throws -> Account
    ) throws -> Account {
        let lock = try directory.lock(relay.fileName + ".lock", timeout: .seconds(30))
        let stored = try account(at: relay)
        guard stored.token == spent else { return stored }
        let renewed = try renew(stored)
        try write(renewed, at: relay)
        _ = consume lock
        return renewed
    }
}
