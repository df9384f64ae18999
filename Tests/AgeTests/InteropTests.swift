import Age
import Crypto
import Foundation
import Support
import Testing

/// Both ways with the `age` program, at the edges of a chunk.
@Suite(.enabled(if: AgePeer.isInstalled, "age and ssh-keygen are not installed"))
struct InteropTests {
    static let sizes = [0, 1, 65_535, 65_536, 65_537, 200_000]

    @Test(arguments: sizes, [false, true])
    func x25519(size: Int, armored: Bool) throws {
        try goesBothWays(AgePeer.x25519Key(), size: size, armored: armored)
    }

    @Test(arguments: [1, 65_536], [false, true])
    func sshEd25519(size: Int, armored: Bool) throws {
        try goesBothWays(AgePeer.sshKey(), size: size, armored: armored)
    }

    private func goesBothWays(_ key: AgePeer.Key, size: Int, armored: Bool) throws {
        let plaintext = randomBytes(size)
        let theirs = try AgePeer.seal(plaintext, to: key, armored: armored)
        #expect(try open(theirs, with: key.identities) == plaintext)
        let ours = try seal(plaintext, to: [Recipient(key.recipient)], armored: armored)
        #expect(try AgePeer.open(ours, with: key).output == plaintext)
        #expect(ours.count == theirs.count)
    }

    /// The program asks for passphrases on a terminal, which Python's `pty` gives it.
    @Test(.enabled(if: Program.isInstalled("python3")), arguments: [false, true])
    func scrypt(armored: Bool) throws {
        let folder = try TemporaryFolder()
        let plaintext = randomBytes(1000)
        let word = "correct horse"
        let identity = Identity.passphrase(passphrase(word))
        _ = try folder.write(plaintext, to: "plain")
        try askAge(in: folder, "age -p \(armored ? "-a" : "") -o theirs plain", word)
        #expect(try open(folder.read("theirs"), with: [identity]) == plaintext)
        // Few rounds, to be quick.
        let recipient = Recipient.passphrase(passphrase(word), workFactor: 12)
        _ = try folder.write(seal(plaintext, to: [recipient], armored: armored), to: "ours")
        try askAge(in: folder, "age -d -o opened ours", word)
        #expect(try folder.read("opened") == plaintext)
    }

    private func askAge(in folder: TemporaryFolder, _ command: String, _ answer: String) throws {
        let script = """
            import os, pty, sys, time
            os.chdir(sys.argv[1])
            child, terminal = pty.fork()
            if child == 0:
                os.execvp('age', sys.argv[2].split())
            seen = b''
            while True:
                try:
                    part = os.read(terminal, 1000)
                except OSError:
                    break
                if not part:
                    break
                seen += part
                if b'passphrase' in seen.lower() and seen.rstrip().endswith(b':'):
                    os.write(terminal, sys.argv[3].encode() + b'\\n')
                    seen = b''
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """
        let result = try Program.run("python3", ["-c", script, folder.url.path, command, answer])
        #expect(result.status == 0, "\(result.text) \(result.errors)")
    }

    @Test func manyRecipientsAndTheirPeers() throws {
        let (a, b, ssh) = (
            try AgePeer.x25519Key(), try AgePeer.x25519Key(), try AgePeer.sshKey()
        )
        let file = try seal(
            [7], to: [a, b, ssh, a].map { try Recipient($0.recipient) })
        for key in [a, b, ssh] {
            #expect(try AgePeer.open(file, with: key).output == [7])
            #expect(try open(file, with: key.identities) == [7])
        }
        var decryptor = Decryptor(b.identities)
        var plaintext: [UInt8] = []
        try decryptor.receive(file[...], into: &plaintext)
        // The one that was named twice has one stanza.
        #expect(decryptor.header?.stanzas.map(\.type) == ["X25519", "X25519", "ssh-ed25519"])
    }

    @Test func rewrapsForOthers() throws {
        let (a, b) = (try AgePeer.x25519Key(), try AgePeer.sshKey())
        let plaintext = randomBytes(70_000)
        let file = try AgePeer.seal(plaintext, to: a, armored: false)
        var reader = PreambleReader()
        let payload = try reader.receive(file[...])
        let header = try reader.finish()
        let rewrapped = try header.rewrapped(
            by: a.identities, for: [Recipient(b.recipient)])
        let changed = rewrapped.encoded + reader.nonce + payload
        #expect(try AgePeer.open(changed, with: b).output == plaintext)
        #expect(try AgePeer.open(changed, with: a).status != 0)
        #expect(throws: AgeError.noMatch(unsupported: [])) {
            try open(changed, with: a.identities)
        }
        let inspection = Inspection(rewrapped, form: .binary, sealedByteCount: payload.count)
        #expect(inspection.layout?.plaintextByteCount == plaintext.count)
        #expect(inspection.layout?.chunkCount == 2)
        #expect(inspection.stanzas.map(\.type) == ["ssh-ed25519"])
    }

    @Test func refusesEncryptedSSHKeys() throws {
        #expect(throws: AgeError.identity(.encryptedKeyFile, line: nil)) {
            try AgePeer.sshKey(passphrase: "secret")
        }
    }
}
