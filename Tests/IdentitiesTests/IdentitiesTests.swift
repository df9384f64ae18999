import Clock
import Crypto
import Failures
import Identities
import JSON
import Support
import Testing
import Wire

/// An identity whose keys depend on the seed alone.
func identity(_ seed: UInt64, name: String = "alice") throws -> SecretIdentity {
    var random = SplitMix64(seed: seed)
    var bytes = random.bytes(32)
    return try SecretIdentity(
        seed: SecretBytes(moving: &bytes), name: name, created: Timestamp(seconds: 1_795_000_000))
}

private let cheap = Argon2id(passes: 1, memoryKiB: 64)

private func passphrase(_ text: String) -> SecretBytes {
    var bytes = Array(text.utf8)
    return SecretBytes(moving: &bytes)
}

@Suite struct PublicIdentityTests {
    @Test func readsWhatItWrites() throws {
        let written = try identity(1, name: "Zoë \"Z\" 😀").publicIdentity
        #expect(try PublicIdentity(parsing: written.json.encoded) == written)
        #expect(written.ageRecipient.hasPrefix("age1"))
        let names = written.json.members?.map(\.name)
        #expect(
            names == [
                "type", "v", "name", "signKey", "agreeKey", "signature", "fingerprint", "age",
            ])
    }

    @Test func derivesTheSameKeysForEver() throws {
        let known = try SecretIdentity(
            seed: SecretBytes(count: 32) { _ in }, name: "zero"
        ).publicIdentity
        #expect(
            known.fingerprint.description
                == "1f989ddeb4077070605017ff8c7bd45a0ccf5157789e9bbf08c118355e351129")
        #expect(
            known.ageRecipient == "age1df0cqc9vgr7q5dkc9vaugjyeej703ux8zrkkk6kt5y6rm593q3qq7r07nm")
    }

    /// Each member is exchanged for that of another identity, or for another value of its type.
    @Test(arguments: ["name", "signKey", "agreeKey", "signature", "fingerprint", "age"])
    func refusesAnyOtherMember(name: String) throws {
        let (alice, bob) = (try identity(1).publicIdentity.json, try identity(2, name: "bob"))
        let members = try #require(alice.members).map {
            $0.name == name ? JSON.Member(name, bob.publicIdentity.json[name]!) : $0
        }
        let error = #expect(throws: IdentityError.self) {
            try PublicIdentity(json: .object(members))
        }
        #expect(error?.kind == .refused)
    }

    @Test func refusesWhatIsNotStrict() throws {
        let text = try identity(1).publicIdentity.json.text
        for (old, new) in [
            ("\"v\":1", "\"v\":2"), ("\"v\":1", "\"v\":1.0"), ("\"type\":\"identity\"", "\"a\":1"),
            ("\"v\":1", "\"v\":1,\"expires\":1"), ("\"v\":1", "\"v\":1,\"v\":1"),
            ("=\"", "\""), ("\"name\":\"alice\"", "\"name\":7"),
        ] {
            let changed = Array(text.replacing(old, with: new).utf8)
            let error = #expect(throws: IdentityError.self) { try PublicIdentity(parsing: changed) }
            #expect(error?.kind == .malformed)
        }
        _ = try PublicIdentity(
            parsing: Array(text.replacing("\"v\":1", with: "\"v\":1,\"x-a\":[]").utf8))
    }

    @Test(arguments: ["a\nb", "a\u{1b}[1m", "\u{2028}", String(repeating: "n", count: 129)])
    func refusesNamesThatAreNotOneLine(name: String) {
        #expect(throws: IdentityError.self) { try identity(1, name: name) }
    }

    @Test func neverTrapsOnDamage() throws {
        let text = try identity(1).publicIdentity.json.encoded
        var random = SplitMix64(seed: 7)
        for _ in 0..<300 {
            var changed = text
            changed[Int.random(in: changed.indices, using: &random)] ^=
                1 << UInt8.random(in: 0..<8, using: &random)
            _ = try? PublicIdentity(parsing: changed)
        }
    }
}

@Suite struct KeyFileTests {
    @Test func readsWhatItWrites() throws {
        let secret = try identity(3)
        let entries = try KeyFileText.parse(secret.keyFileText)
        guard case .identity(let read)? = entries.first, entries.count == 1 else {
            Issue.record("not one identity")
            return
        }
        #expect(read.publicIdentity == secret.publicIdentity)
        #expect(read.created == secret.created)
        #expect(read.keyFileText == secret.keyFileText)
    }

    @Test func holdsSeveralKeys() throws {
        let (one, two) = (try identity(3), try identity(4, name: "bob"))
        let entries = try KeyFileText.parse(one.keyFileText + two.keyFileText)
        let names = entries.map { entry in
            if case .identity(let identity) = entry { identity.publicIdentity.name } else { "" }
        }
        #expect(names == ["alice", "bob"])
    }

    @Test func wantsThePassphrase() throws {
        let secret = try identity(5)
        let sealed = try ProtectedIdentity(
            secret, passphrase: passphrase("correct"), derivation: cheap)
        let entries = try KeyFileText.parse(sealed.keyFileText(of: secret.publicIdentity))
        guard case .protected(let read)? = entries.first else {
            Issue.record("not protected")
            return
        }
        #expect(try read.open(passphrase: passphrase("correct")).keyFileText == secret.keyFileText)
        #expect(throws: IdentityError.wrongPassphrase) {
            try read.open(passphrase: passphrase("wrong"))
        }
    }

    @Test func refusesACostlyDerivationBeforeItIsComputed() throws {
        let secret = try identity(5)
        for costly in [
            Argon2id(passes: 17, memoryKiB: 64), Argon2id(passes: 1, memoryKiB: 1 << 20 + 1),
            Argon2id(passes: 0, memoryKiB: 64),
        ] {
            #expect(throws: IdentityError.costlyDerivation) {
                try ProtectedIdentity(secret, passphrase: passphrase("p"), derivation: costly)
            }
        }
    }

    @Test func saysWhichLineIsDamaged() throws {
        var text = try identity(3).keyFileText
        text[text.count - 3] = text[text.count - 3] == 0x51 ? 0x50 : 0x51
        #expect(throws: IdentityError.damagedKey(line: 4)) { try KeyFileText.parse(text) }
        #expect(throws: IdentityError.noSecretKey) { try KeyFileText.parse([]) }
        #expect(throws: IdentityError.noSecretKey) { try KeyFileText.parse(Array("# x\n".utf8)) }
    }
}

@Suite struct SafetyNumberTests {
    @Test func isTheSameOnBothSides() throws {
        let (alice, bob) = (try identity(1).fingerprint, try identity(2).fingerprint)
        let number = SafetyNumber(alice, bob)
        #expect(number == SafetyNumber(bob, alice))
        #expect(number != SafetyNumber(alice, alice))
        #expect(number.groups.count == 12 && number.digits.utf8.count == 60)
        #expect(number.digits.utf8.allSatisfy { (0x30...0x39).contains($0) })
    }
}

@Suite struct ExportTests {
    /// The structure that OpenSSL 3.0 writes for a raw key of each kind, the key itself left out.
    @Test func pemIsThatOfRFC8410() throws {
        let text = try identity(1).publicIdentity.text(in: .pem)
        let blocks = text.split(separator: "-----BEGIN PUBLIC KEY-----\n")
        #expect(blocks.count == 2)
        #expect(blocks[0].hasPrefix("MCowBQYDK2VwAyEA") && blocks[1].hasPrefix("MCowBQYDK2VuAyEA"))
        let secret = String(decoding: try identity(1).text(in: .pem), as: UTF8.self)
        #expect(secret.contains("MC4CAQAwBQYDK2VwBCIEI"))
        #expect(secret.contains("MC4CAQAwBQYDK2VuBCIEI"))
    }

    @Test func jwkHoldsBothKeys() throws {
        let identity = try identity(1)
        let keys = try JSON(parsing: identity.text(in: .jwk))["keys"]?.array
        #expect(keys?.map { $0["crv"]?.string } == ["Ed25519", "X25519"])
        let seed = try #require(keys?.first?["d"]?.string.flatMap { Base64.url.decode($0) })
        let publicKey = seed.withUnsafeBufferPointer { Ed25519.keyPair(seed: $0).publicKey }
        #expect(publicKey == identity.publicIdentity.signKey)
        #expect(!identity.publicIdentity.text(in: .jwk).contains("\"d\""))
    }

    @Test func groupKeysHave256Bits() throws {
        let text = String(decoding: GroupKey.random(in: .parley).dropLast(), as: UTF8.self)
        #expect(Base64.standard.decode(text)?.count == 32)
        let jwk = try JSON(parsing: GroupKey.random(in: .jwk))
        #expect(jwk["k"]?.string.flatMap { Base64.url.decode($0) }?.count == 32)
    }
}
