public import Age
public import Crypto
public import Failures
public import Identities
public import Platform

/// The secret keys in the files that the user named.
public struct SecretKeys: Sendable {
    public var identities: [SecretIdentity] = []
    /// Keys of age and OpenSSH, and ours as age knows them.
    public var age: [Age.Identity] = []
}

/// Reads key files, of Parley, age and OpenSSH.
public struct KeyFiles {
    /// What opens a protected key; nil asks on the terminal.
    private let passphrase: SharedSecret?
    /// The option that the passphrase can be given by, for a hint.
    private let flag: String

    public init(
        passphrase: SharedSecret? = nil,
        flag: String = "--identity-passphrase-file"
    ) {
        self.passphrase = passphrase
        self.flag = flag
    }

    /// - Throws: `FileError`, `FileFailure` and `SecretError`.
    public func read(_ paths: [String]) throws -> SecretKeys {
        var keys = SecretKeys()
        for path in paths { try read(path, into: &keys) }
        return keys
    }

    /// The keys in these files, or where none is named in that of the default identity, if there is one.
    public func readOrDefault(_ paths: [String]) throws -> SecretKeys {
        try read(paths.isEmpty ? Self.defaultPath().map { [$0] } ?? [] : paths)
    }

    /// The file of the default identity; nil where there is none and the user has not named one.
    public static func defaultPath() throws(FileError) -> String? {
        let environment = Environment.process
        let path = environment.identityPath
        do throws(FileError) {
            _ = try InputFile(path)
            return path
        } catch {
            if environment["PARLEY_IDENTITY"] != nil { throw error }
            return nil
        }
    }

    /// The one identity in a file, to sign with or to show.
    public func identity(_ path: String) throws -> SecretIdentity {
        let entry = try Self.entry(path)
        return try open(entry, in: path)
    }

    /// The public half of the identity in a file, without a passphrase where that is possible.
    /// A file of one public identity will do too.
    public func publicIdentity(_ path: String) throws -> PublicIdentity {
        let text = try Self.contents(path)
        if Self.isPublic(text) {
            try text.withBytes { try Self.checkOwn(Array($0), in: path) }
            return try Recipients.identities(text.withBytes { Array($0) }, in: path)[0]
        }
        let entry = try Self.entry(text, in: path)
        if case .protected(let identity) = entry, let known = identity.publicIdentity {
            return known
        }
        return try open(entry, in: path).publicIdentity
    }

    private static func entry(_ path: String) throws -> KeyFileEntry {
        try entry(secret(path), in: path)
    }

    private static func entry(_ secret: borrowing SecretBytes, in path: String) throws
        -> KeyFileEntry
    {
        try withText(of: secret) { text in
            if !KeyFileText.isPlausible(text) { try checkOwn(text, in: path) }
            return try parse(text, in: path).first
                ?? { throw FileFailure(path, IdentityError.noSecretKey) }()
        }
    }

    private func read(_ path: String, into keys: inout SecretKeys) throws {
        let (ours, others) = try Self.withText(of: Self.secret(path)) { text in
            KeyFileText.isPlausible(text)
                ? (try Self.parse(text, in: path), []) : ([], try Self.parseAge(text, in: path))
        }
        keys.age += others
        for entry in ours {
            let identity = try open(entry, in: path)
            keys.identities.append(identity)
            keys.age.append(.x25519(identity.ageIdentity))
        }
    }

    private func open(_ entry: KeyFileEntry, in path: String) throws -> SecretIdentity {
        switch entry {
        case .identity(let identity): return identity
        case .protected(let protected):
            let passphrase = try self.passphrase(of: path)
            do throws(IdentityError) {
                return try protected.open(passphrase: passphrase.bytes)
            } catch { throw FileFailure(path, error) }
        }
    }

    private func passphrase(of path: String) throws -> SharedSecret {
        if let passphrase { return passphrase }
        let prompt = SecretSource.prompt(
            "passphrase of \(path)", confirming: false, otherwise: "give \(flag)")
        return SharedSecret(try prompt.read())
    }

    /// Refuses keys in the formats of other programs.
    private static func checkOwn(_ text: [UInt8], in path: String) throws {
        var text = text
        defer { wipe(&text) }
        if let format = ForeignKey.Format(of: text) {
            throw FileFailure(path, ForeignKey(format: format))
        }
    }

    /// Whether the contents of a file are JSON, as public identities are and no key file is.
    private static func isPublic(_ contents: borrowing SecretBytes) -> Bool {
        contents.withBytes { bytes in bytes.first { $0 > 0x20 } == UInt8(ascii: "{") }
    }

    /// The contents of a key file.
    private static func secret(_ path: String) throws -> SecretBytes {
        let contents = try Self.contents(path)
        // Said of a public identity before it is said that others can read it.
        if isPublic(contents) {
            try contents.withBytes { try checkOwn(Array($0), in: path) }
            throw FileFailure(path, IdentityError.noSecretKey)
        }
        return contents
    }

    /// The contents of a key file, or of a public identity, which others may read.
    private static func contents(_ path: String) throws -> SecretBytes {
        do throws(FileError) { return try KeyFile.read(path, unless: isPublic) } catch {
            guard case .notThere = error, path == Environment.process.identityPath else {
                throw error
            }
            throw NoDefaultIdentity(reason: error)
        }
    }

    private static func withText<Result>(
        of secret: borrowing SecretBytes, _ body: ([UInt8]) throws -> Result
    ) throws -> Result {
        var text = secret.withBytes { Array($0) }
        defer { wipe(&text) }
        return try body(text)
    }

    private static func parse(_ text: [UInt8], in path: String) throws -> [KeyFileEntry] {
        do throws(IdentityError) { return try KeyFileText.parse(text) } catch {
            throw FileFailure(path, error)
        }
    }

    private static func parseAge(_ text: [UInt8], in path: String) throws -> [Age.Identity] {
        do throws(AgeError) { return try Age.Identity.parseFile(text) } catch {
            throw FileFailure(path, error)
        }
    }
}

/// The user named no identity, and has none in the place of the default one.
public struct NoDefaultIdentity: Failure, Equatable {
    public let reason: FileError
    public var kind: FailureKind { reason.kind }
    public var code: String { reason.code }
    public var message: String { reason.message }
    public var hint: String? { "make an identity with keygen, or name its file" }
}
