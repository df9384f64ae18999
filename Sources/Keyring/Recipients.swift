public import Age
public import Failures
public import Identities
internal import JSON
internal import Platform

/// Whom the user named as recipients: texts, files of one, files of many.
public struct Recipients: Sendable {
    /// Those that have a public identity of ours.
    public private(set) var identities: [PublicIdentity] = []
    /// Everybody, as age knows them.
    public private(set) var age: [Age.Recipient] = []
    /// The first that has no public identity, and so no envelope.
    public private(set) var firstWithoutIdentity: String?

    public static let fileSizeLimit = 4 << 20

    public init() {}

    /// Takes `age1…`, a line of an OpenSSH public key, or the path of a file.
    public mutating func add(_ text: String) throws {
        let isKey = ["age1", "ssh-", "ecdsa-", "sk-"].contains { text.hasPrefix($0) }
        guard isKey else { return try addFile(text) }
        do throws(AgeError) { age.append(try Recipient(text)) } catch {
            throw FileFailure(text, error)
        }
        firstWithoutIdentity = firstWithoutIdentity ?? text
    }

    /// Takes a file of recipients of any kind, one a line, with empty lines and `#` comments
    /// between: public identities, age's recipients and OpenSSH public keys.
    public mutating func addFile(_ path: String) throws {
        let text = try InputFile(path).readAll(limit: Self.fileSizeLimit)
        if let identity = try Self.onlyIdentity(text, in: path) { return add(identity) }
        let lines = try Self.lines(text, in: path)
        guard !lines.isEmpty else {
            throw FileFailure(path, AgeError.recipient(.empty, line: nil))
        }
        for line in lines {
            if line.text.first == Self.brace {
                add(try Self.identity(line, in: path))
            } else {
                do throws(AgeError) {
                    age.append(try Recipient(line.text, line: line.number))
                } catch { throw FileFailure(path, error) }
                firstWithoutIdentity = firstWithoutIdentity ?? "\(path):\(line.number)"
            }
        }
    }

    private mutating func add(_ identity: PublicIdentity) {
        identities.append(identity)
        age.append(.x25519(identity.agreeKey))
    }
}

// Public identities alone.
extension Recipients {
    /// The public identities in a file: one object, or one a line.
    public static func identities(inFile path: String) throws -> [PublicIdentity] {
        try identities(InputFile(path).readAll(limit: fileSizeLimit), in: path)
    }

    static func identities(_ text: [UInt8], in path: String) throws -> [PublicIdentity] {
        if let identity = try onlyIdentity(text, in: path) { return [identity] }
        let all = try lines(text, in: path).map { try identity($0, in: path) }
        guard !all.isEmpty else {
            throw FileFailure(path, IdentityError.notAPublicIdentity("the file is empty"))
        }
        return all
    }

    /// The identity of a file that is one JSON text, which may be of many lines.
    private static func onlyIdentity(_ text: [UInt8], in path: String) throws -> PublicIdentity? {
        guard let json = try? JSON(parsing: text) else { return nil }
        do throws(IdentityError) { return try PublicIdentity(json: json) } catch {
            throw FileFailure(path, error)
        }
    }

    private static func identity(_ line: Line, in path: String) throws -> PublicIdentity {
        do throws(IdentityError) { return try PublicIdentity(parsing: Array(line.text)) } catch {
            throw FileFailure("\(path):\(line.number)", error)
        }
    }

    private typealias Line = (number: Int, text: ArraySlice<UInt8>)

    /// The lines that name somebody, with their numbers from 1.
    private static func lines(_ text: [UInt8], in path: String) throws -> [Line] {
        let lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)
        return try lines.enumerated().compactMap { offset, whole in
            let isSpace = { (byte: UInt8) in [0x20, 0x09, 0x0d].contains(byte) }
            var line = whole.drop(while: isSpace)
            while let last = line.last, isSpace(last) { line.removeLast() }
            if line.isEmpty || line.first == 0x23 { return nil }
            guard !secretBeginnings.contains(where: { line.starts(with: $0.utf8) }) else {
                throw FileFailure(path, SecretKeyGiven())
            }
            return (offset + 1, line)
        }
    }

    private static let brace: UInt8 = 0x7b
    /// What the secret keys of Parley, of age and of OpenSSH begin with.
    private static let secretBeginnings = ["PARLEY-", "AGE-SECRET-KEY-", "-----BEGIN "]
}

/// A secret key is in the place of a public one.
public struct SecretKeyGiven: Failure, Equatable {
    public var kind: FailureKind { .malformed }
    public var code: String { "badRecipient" }
    public var message: String { "this is a secret key" }
    public var hint: String? { "give its public half, which `keygen --public` prints" }
}
