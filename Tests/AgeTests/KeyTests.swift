import Crypto
import Foundation
import Support
import Testing
import Wire

@testable import Age

@Suite struct KeyTests {
    /// The key pair of the age test kit.
    static let secretText =
        "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"

    @Test func bech32IsItsOwnInverse() throws {
        var random = SplitMix64(seed: 1)
        for count in [0, 1, 5, 20, 32, 33, 64, 1216] {
            let bytes = random.bytes(count)
            for upperCase in [false, true] {
                let text = Bech32.encode(prefix: "age-plugin-", bytes, upperCase: upperCase)
                let decoded = try Bech32.decode(text)
                #expect(decoded.bytes == bytes)
                #expect(decoded.prefix == "age-plugin-")
                #expect(decoded.isUpperCase == upperCase)
            }
        }
    }

    /// BIP 173, the test vectors of the section of that name, as far as they are within its length.
    @Test(arguments: [
        "A12UEL5L", "a12uel5l",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio"
            + "1tt5tgs",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    ])
    func decodesBIP173(text: String) throws {
        // The middle two decode to groups that are no whole bytes, so only the checksum is ours.
        do throws(Bech32.Fault) { _ = try Bech32.decode(Array(text.utf8)) } catch {
            #expect(error == .notBech32)
        }
    }

    @Test(arguments: [
        ("A1G7SGD8", Bech32.Fault.badChecksum), ("10a06t8", .notBech32), ("1qzzfhee", .notBech32),
        ("pzry9x0s0muk", .notBech32), ("x1b4n0q5v", .notBech32), ("li1dgmt3", .notBech32),
        ("A12uEL5L", .mixedCase), ("a12uel5m", .badChecksum), ("", .notBech32),
    ])
    func refusesBadBech32(text: String, fault: Bech32.Fault) {
        #expect(throws: fault) { try Bech32.decode(Array(text.utf8)) }
    }

    /// What parses is written back the same, whatever single character was changed.
    @Test func keysHaveOneText() throws {
        let identities = try Identity.parseFile(Array(Self.secretText.utf8))
        guard case .x25519(let identity) = identities[0] else { return }
        #expect(String(decoding: identity.secretText, as: UTF8.self) == Self.secretText)
        let recipient = identity.recipientText
        #expect(try Recipient(recipient).isSame(as: .x25519(identity.publicKey)))
        var random = SplitMix64(seed: 2)
        for _ in 0..<2000 {
            var text = Array(recipient.utf8)
            let at = Int(random.next() % UInt64(text.count))
            text[at] = UInt8(random.next() % 128)
            if case .x25519(let key)? = try? Recipient(String(decoding: text, as: UTF8.self)) {
                #expect(Array(Recipient.text(x25519: key).utf8) == text)
            }
        }
    }

    @Test(arguments: [
        ("age1", KeyFault.notAKey), ("", .notAKey), ("hello", .notAKey),
        ("age1hvk8zaw9l5tzxgd5txwj2l0fp0prgwmzp58myhfgvvaty0klgd7qc7786q", .badChecksum),
        ("AGE1HVK8ZAW9L5TZXGD5TXWJ2L0FP0PRGWMZP58MYHFGVVATY0KLGD7QC77865", .wrongCase),
        ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB", .unsupported("ssh-rsa")),
        ("ecdsa-sha2-nistp256 AAAA", .unsupported("ecdsa-sha2-nistp256")),
        ("ssh-ed25519 AAAA", .notAKey), ("ssh-ed25519", .notAKey),
    ])
    func refusesOtherRecipients(text: String, fault: KeyFault) {
        #expect(throws: AgeError.recipient(fault, line: nil)) { try Recipient(text) }
    }

    @Test func namesKindsThatAreNotSupported() throws {
        let bytes = [UInt8](repeating: 1, count: 32)
        for (prefix, kind) in [
            ("age1pq", "post-quantum hybrid"), ("age1yubikey", "plugin"), ("age1tag", "tag"),
        ] {
            let text = String(decoding: Bech32.encode(prefix: prefix, bytes), as: UTF8.self)
            #expect(throws: AgeError.recipient(.unsupported(kind), line: nil)) {
                try Recipient(text)
            }
        }
        let plugin = Bech32.encode(prefix: "age-plugin-yubikey-", bytes, upperCase: true)
        #expect(throws: AgeError.identity(.unsupported("plugin"), line: 1)) {
            try Identity.parseFile(plugin)
        }
    }

    @Test func readsFilesLineByLine() throws {
        let text = "# created: today\r\n\n\(Self.secretText)\r\n# end\n\(Self.secretText)\n"
        #expect(try Identity.parseFile(Array(text.utf8)).count == 2)
        let bad = "# comment\n\n\(Self.secretText.lowercased())\n"
        #expect(throws: AgeError.identity(.wrongCase, line: 3)) {
            try Identity.parseFile(Array(bad.utf8))
        }
        #expect(throws: AgeError.identity(.empty, line: nil)) {
            try Identity.parseFile(Array("# nothing\n".utf8))
        }
        #expect(throws: AgeError.identity(.encryptedIdentityFile, line: nil)) {
            try Identity.parseFile(Array("age-encryption.org/v1\n".utf8))
        }
    }

    /// Any change of a key file is refused or keeps the key, and none crashes.
    @Test(.enabled(if: AgePeer.isInstalled))
    func survivesDamagedSSHKeyFiles() throws {
        let key = try AgePeer.sshKey()
        let file = try key.folder.read("key")
        guard case .sshEd25519(let whole) = key.identities[0] else { return }
        var random = SplitMix64(seed: 3)
        for _ in 0..<3000 {
            var damaged = file
            damaged[Int(random.next() % UInt64(file.count))] = UInt8(
                truncatingIfNeeded: random.next())
            if case .sshEd25519(let identity)? = try? Identity.parseFile(damaged).first {
                #expect(identity.publicKey == whole.publicKey)
            }
        }
        for count in stride(from: 0, to: file.count - 1, by: 7) {
            #expect(throws: AgeError.self) { try Identity.parseFile(Array(file[..<count])) }
        }
    }

    @Test func refusesPassphraseBesideOthers() throws {
        let recipients: [Recipient] = [
            .passphrase(passphrase("a"), workFactor: 2),
            .x25519([UInt8](repeating: 9, count: 32)),
        ]
        #expect(throws: AgeError.passphraseNotAlone) { try seal([], to: recipients) }
        #expect(throws: AgeError.noRecipients) { try seal([], to: []) }
        let lowOrder = Recipient.x25519([UInt8](repeating: 0, count: 32))
        #expect(throws: AgeError.recipient(.lowOrder, line: nil)) { try seal([], to: [lowOrder]) }
    }

    @Test func tellsPassphrasesFromKeys() throws {
        let identity = try Identity.parseFile(Array(Self.secretText.utf8))[0]
        let word = Identity.passphrase(passphrase("a"))
        let locked = try seal([1], to: [.passphrase(passphrase("a"), workFactor: 3)])
        #expect(try open(locked, with: [word]) == [1])
        #expect(throws: AgeError.needsPassphrase) { try open(locked, with: [identity]) }
        #expect(throws: AgeError.wrongPassphrase) {
            try open(locked, with: [.passphrase(passphrase("b"))])
        }
        let limited = Identity.passphrase(passphrase("a"), maximumWorkFactor: 2)
        #expect(throws: AgeError.header(.workFactor(3, maximum: 2))) {
            try open(locked, with: [limited])
        }
        let sealed = try seal([1], to: [try #require(identity.recipient)])
        #expect(throws: AgeError.needsIdentity) { try open(sealed, with: [word]) }
    }
}
