internal import Age
internal import Clock
internal import Crypto
internal import JSON
internal import Wire

/// What one line of a key file holds.
public enum KeyFileEntry: Sendable {
    case identity(SecretIdentity)
    /// An identity that wants its passphrase first.
    case protected(ProtectedIdentity)
}

extension SecretIdentity {
    static let prefix = "parley-secret-key-"

    /// The key file: comments that say whose key it is, and the seed in Bech32. Wipe it after use.
    public var keyFileText: [UInt8] {
        var seed = [UInt8]()
        unsafe self.seed.bytes.withBytes { bytes in seed = unsafe Array(bytes) }
        defer { wipe(&seed) }
        return keyFileComments(of: publicIdentity, created: created)
            + Bech32.encode(prefix: Self.prefix, seed, upperCase: true) + [0x0a]
    }
}

extension ProtectedIdentity {
    /// The key file of `identity`, whose protected form this is.
    public func keyFileText(of identity: PublicIdentity) -> [UInt8] {
        keyFileComments(of: identity, created: created)
            + Bech32.encode(prefix: Self.prefix, encoded, upperCase: true) + [0x0a]
    }
}

private func keyFileComments(of identity: PublicIdentity, created: Timestamp?) -> [UInt8] {
    var text = ""
    if let created { text += "# created: \(created)\n" }
    text += "# name: \(identity.name)\n# public identity: \(identity.json.text)\n"
    return Array(text.utf8)
}

/// Reads key files: a key a line, between comments of which those that `keygen` writes
/// belong to the key that follows.
public enum KeyFileText {
    /// What the comments before a key say.
    struct Comments {
        var name = ""
        var created: Timestamp?
        /// Verified only where it is asked for.
        var publicIdentity: [UInt8] = []

        mutating func read(_ line: ArraySlice<UInt8>) {
            let text = String(decoding: line.dropFirst(2), as: UTF8.self)
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[1].first == " " else { return }
            let value = parts[1].dropFirst()
            switch parts[0] {
            case "name": name = String(value)
            case "created": created = Timestamp(value)
            case "public identity": publicIdentity = Array(value.utf8)
            default: break
            }
        }
    }

    /// - Throws: `noSecretKey`, `damagedKey` and `badName`.
    public static func parse(_ text: [UInt8]) throws(IdentityError) -> [KeyFileEntry] {
        var entries: [KeyFileEntry] = []
        var comments = Comments()
        let lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)
        for (index, whole) in lines.enumerated() {
            let line = whole.last == 0x0d ? whole.dropLast() : whole
            if line.isEmpty { continue }
            if line.first == 0x23 {
                comments.read(line)
                continue
            }
            entries.append(try entry(line, number: index + 1, comments))
            comments = Comments()
        }
        guard !entries.isEmpty else { throw .noSecretKey }
        return entries
    }

    /// Whether a text can be a key file of ours, and not one of another program's.
    public static func isPlausible(_ text: [UInt8]) -> Bool {
        text.split(separator: 0x0a).contains { $0.starts(with: "PARLEY-".utf8) }
    }

    private static func entry(
        _ line: ArraySlice<UInt8>, number: Int, _ comments: Comments
    ) throws(IdentityError) -> KeyFileEntry {
        var decoded: Bech32.Decoded
        do throws(Bech32.Fault) { decoded = try Bech32.decode(line) } catch {
            throw line.starts(with: "PARLEY-".utf8) ? .damagedKey(line: number) : .noSecretKey
        }
        defer { wipe(&decoded.bytes) }
        guard decoded.isUpperCase else { throw .noSecretKey }
        switch decoded.prefix {
        case SecretIdentity.prefix:
            guard decoded.bytes.count == SecretIdentity.seedByteCount else {
                throw .damagedKey(line: number)
            }
            let seed = SecretBytes(moving: &decoded.bytes)
            return .identity(
                try SecretIdentity(
                    seed: seed, name: comments.name, created: comments.created))
        case ProtectedIdentity.prefix:
            guard
                let identity = ProtectedIdentity(decoding: decoded.bytes, comments: comments)
            else { throw .damagedKey(line: number) }
            return .protected(identity)
        default: throw .noSecretKey
        }
    }
}
