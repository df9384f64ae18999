public import Age
internal import Failures
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

    /// Takes a file of public identities, one JSON object a line, or of age's recipients.
    public mutating func addFile(_ path: String) throws {
        let text = try InputFile(path).readAll(limit: Self.fileSizeLimit)
        if text.first(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }) == 0x7b {
            for identity in try Self.identities(text, in: path) {
                identities.append(identity)
                age.append(.x25519(identity.agreeKey))
            }
        } else {
            do throws(AgeError) { age += try Recipient.parseFile(text) } catch {
                throw FileFailure(path, error)
            }
            firstWithoutIdentity = firstWithoutIdentity ?? path
        }
    }

    /// The public identities in a file: one object, or one a line.
    public static func identities(inFile path: String) throws -> [PublicIdentity] {
        try identities(InputFile(path).readAll(limit: fileSizeLimit), in: path)
    }

    private static func identities(
        _ text: [UInt8], in path: String
    ) throws -> [PublicIdentity] {
        do throws(IdentityError) {
            if let one = try? JSON(parsing: text) { return [try PublicIdentity(json: one)] }
            var all: [PublicIdentity] = []
            for line in text.split(separator: 0x0a) where line.contains(where: { $0 > 0x20 }) {
                all.append(try PublicIdentity(parsing: Array(line)))
            }
            guard !all.isEmpty else { throw .notAPublicIdentity("the file is empty") }
            return all
        } catch { throw FileFailure(path, error) }
    }
}
