public import HTTPClient
internal import JSON
public import Platform
internal import Synchronization

/// The logins of this user, one private file a relay: `relays/https-relay.example-443.json` in
/// the configuration directory.
public final class AccountStore: Sendable {
    /// What a file may have.
    private static let fileLimit = 64 << 10
    /// Another process may wait for a slow relay with the lock held.
    private static let lockTimeout = Duration.seconds(30)

    private let directory: StateDirectory
    /// The logins that could not be written once they were there, for as long as the process runs.
    private let unwritten = Mutex<[RelayAddress: Unwritten]>([:])

    private struct Unwritten {
        /// The token of the pair that was given for this one.
        let spent: String
        let account: Account
    }

    public init(in configuration: StateDirectory = .configuration()) {
        directory = configuration.subdirectory("relays")
    }

    private func file(_ relay: RelayAddress) -> String { relay.fileName + ".json" }

    /// The path that messages name.
    public func path(_ relay: RelayAddress) -> String { directory.path(of: file(relay)) }

    private func lock(_ relay: RelayAddress) throws(FileError) -> FileLock {
        try directory.lock(relay.fileName + ".lock", timeout: Self.lockTimeout)
    }

    /// - Throws: `notLoggedIn` where there is no file, `brokenAccountFile`, or a `FileError`.
    public func account(at relay: RelayAddress) throws -> Account {
        let stored = try stored(at: relay)
        if let unwritten = unwritten.withLock({ $0[relay] }),
            stored == nil || stored?.token == unwritten.spent
        {
            return unwritten.account
        }
        guard let stored else { throw RelayError.notLoggedIn(relay: relay.description) }
        return stored
    }

    private func stored(at relay: RelayAddress) throws -> Account? {
        guard let text = try directory.readPrivate(file(relay), limit: Self.fileLimit) else {
            return nil
        }
        guard let json = try? JSON(parsing: text), let account = Account(json) else {
            throw RelayError.brokenAccountFile(path(relay))
        }
        return account
    }

    /// The relays that there is a login for, sorted, those included whose file is damaged.
    public func relays() -> [RelayAddress] {
        directory.fileNames().compactMap { name in
            guard name.hasSuffix(".json") else { return nil }
            let text = try? directory.read(name, limit: Self.fileLimit)
            let url = text.flatMap { try? JSON(parsing: $0) }?["relay"]?.string
            return url.flatMap { RelayAddress($0) }
                ?? RelayAddress(fileName: String(name.dropLast(".json".count)))
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

    /// Keeps the login that `logIn` gets, which is called once it is certain that there is room.
    public func save(
        at relay: RelayAddress, from logIn: () throws -> Account
    ) throws -> Account {
        let lock = try lock(relay)
        let place = try place(for: relay)
        let account = try logIn()
        try write(account, at: relay, to: place)
        _ = consume lock
        return account
    }

    /// Where the next login of this relay goes.
    private func place(for relay: RelayAddress) throws(FileError) -> OutputFile {
        try directory.replacement(of: file(relay), reserving: Self.fileLimit)
    }

    private func write(
        _ account: Account, at relay: RelayAddress, to place: consuming OutputFile
    ) throws(FileError) {
        var members = [JSON.Member("relay", .string(relay.description))]
        members += account.json.members ?? []
        try place.write(JSON.object(members).encoded + [0x0a])
        try place.commit()
        unwritten.withLock { $0[relay] = nil }
    }

    public func remove(_ relay: RelayAddress) throws {
        let lock = try lock(relay)
        try directory.remove(file(relay))
        unwritten.withLock { $0[relay] = nil }
        _ = consume lock
    }

    /// The account with another token than `spent`: the one that another process got meanwhile, or
    /// the one that `renew` gets.
    ///
    /// The lock is held throughout, so of all processes that find the same token expired one uses
    /// the refresh token, and the others take over what it got. It works once: so it is used only
    /// when there is room for what it gets. If that cannot be written all the same, this process goes
    /// on with it, and nobody else finds what was spent for it. Signals that end a program wait
    /// until what `renew` got is kept.
    ///
    /// - Parameter warn: gets what to tell of a login that this process alone has.
    /// - Throws: `notRenewed` where it could not be kept, and what `account(at:)` and `renew` throw.
    public func renewing(
        _ spent: String, at relay: RelayAddress, by renew: (Account) throws -> Account,
        warn: (String) -> Void
    ) throws -> Account {
        do {
            let lock = try lock(relay)
            let known = try account(at: relay)
            guard known.token == spent else { return known }
            let renewed = try holdingBackSignals {
                try renewal(of: known, at: relay, by: renew, warn: warn)
            }
            _ = consume lock
            return renewed
        } catch let error as FileError {
            throw RelayError.notRenewed(error)
        }
    }

    private func renewal(
        of known: Account, at relay: RelayAddress, by renew: (Account) throws -> Account,
        warn: (String) -> Void
    ) throws -> Account {
        let place = try place(for: relay)
        let renewed = try renew(known)
        do throws(FileError) { try write(renewed, at: relay, to: place) } catch {
            keep(renewed, insteadOf: known.token, at: relay)
            warn("the renewed login is good for this run alone: \(error.message)")
        }
        return renewed
    }

    private func keep(_ account: Account, insteadOf spent: String, at relay: RelayAddress) {
        unwritten.withLock { $0[relay] = Unwritten(spent: spent, account: account) }
        // Whoever sent that refresh token once more would end the login.
        try? directory.remove(file(relay))
    }
}
