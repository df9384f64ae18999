import Age
import Crypto
import Foundation
import Support
import Testing

/// The `age` program, as Debian has it.
enum AgePeer {
    static let isInstalled =
        Program.isInstalled("age") && Program.isInstalled("age-keygen")
        && Program.isInstalled("ssh-keygen")

    struct Key {
        let folder: TemporaryFolder
        let path: String
        let identities: [Identity]
        let recipient: String
    }

    static func x25519Key() throws -> Key {
        let folder = try TemporaryFolder()
        let made = try Program.run("age-keygen", [])
        let path = try folder.write(made.output, to: "key")
        let identities = try Identity.parseFile(made.output)
        guard case .x25519(let identity) = try #require(identities.first) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        // It says its own public key in a comment.
        #expect(made.text.contains("# public key: \(identity.recipientText)\n"))
        return Key(
            folder: folder, path: path, identities: identities,
            recipient: identity.recipientText)
    }

    static func sshKey(passphrase: String = "") throws -> Key {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "key").path
        let made = try Program.run(
            "ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-C", "a b", "-f", path])
        #expect(made.status == 0)
        let line = String(decoding: try folder.read("key.pub"), as: UTF8.self)
        return Key(
            folder: folder, path: path, identities: try Identity.parseFile(folder.read("key")),
            recipient: line.trimmed())
    }

    static func seal(_ plaintext: [UInt8], to key: Key, armored: Bool) throws -> [UInt8] {
        let options = armored ? ["-a"] : []
        return try Program.run("age", options + ["-r", key.recipient], input: plaintext).output
    }

    static func open(_ file: [UInt8], with key: Key) throws -> Program.Result {
        try Program.run("age", ["-d", "-i", key.path], input: file)
    }
}

/// Seals in one go.
func seal(_ plaintext: [UInt8], to recipients: [Recipient], armored: Bool = false) throws
    -> [UInt8]
{
    var encryptor = try Encryptor(recipients, armored: armored)
    var file: [UInt8] = []
    encryptor.receive(plaintext[...], into: &file)
    encryptor.finish(into: &file)
    return file
}

/// Opens in one go.
func open(_ file: [UInt8], with identities: [Identity]) throws(AgeError) -> [UInt8] {
    var decryptor = Decryptor(identities)
    var plaintext: [UInt8] = []
    try decryptor.receive(file[...], into: &plaintext)
    try decryptor.finish(into: &plaintext)
    return plaintext
}

func passphrase(_ text: String) -> SharedSecret {
    var bytes = Array(text.utf8)
    return SharedSecret(SecretBytes(moving: &bytes))
}
