import Clock
import Crypto
import Envelopes
import Failures
import Identities
import JSON
import Support
import Testing
import Wire

func identity(_ seed: UInt64, name: String = "") throws -> SecretIdentity {
    var random = SplitMix64(seed: seed)
    var bytes = random.bytes(32)
    return try SecretIdentity(seed: SecretBytes(moving: &bytes), name: name)
}

func secret(_ text: String) -> SharedSecret {
    var bytes = Array(text.utf8)
    return SharedSecret(SecretBytes(moving: &bytes))
}

let now = Timestamp(milliseconds: 1_795_246_320_123)
let cheap = Argon2id(passes: 1, memoryKiB: 64)
let hello = Message(Array("Hello, kaise ho?".utf8), isLine: true)

@Suite struct EnvelopeTests {
    let alice: SecretIdentity
    let bob: SecretIdentity
    let carol: SecretIdentity

    init() throws { (alice, bob, carol) = (try identity(1), try identity(2), try identity(3)) }

    @Test func opensForEachRecipientAndNobodyElse() throws {
        let sealer = try Sealer(
            sender: alice, recipients: [bob.publicIdentity, carol.publicIdentity])
        let line = try sealer.seal(hello, sequence: 7, at: now).text
        for recipient in [bob, carol] {
            var opener = Opener(identities: [recipient])
            let opened = try opener.open(Envelope(parsing: line), from: [alice.fingerprint])
            #expect(opened.message == hello)
            #expect(opened.envelope.sender == alice.fingerprint)
            #expect(opened.envelope.sequence == 7 && opened.envelope.timestamp == now)
        }
        var alices = Opener(identities: [alice])
        #expect(throws: EnvelopeError.wrongKey) { try alices.open(Envelope(parsing: line)) }
        var nobodys = Opener(identities: [], passphrase: secret("p"))
        #expect(throws: EnvelopeError.needsKey) { try nobodys.open(Envelope(parsing: line)) }
    }

    @Test func namesItsMembersAsTheOthersExpect() throws {
        let line = try Sealer(sender: alice, recipients: [bob.publicIdentity])
            .seal(hello, sequence: 1, at: now).text
        let names = try JSON(parsing: line).members?.map(\.name)
        #expect(
            names == [
                "type", "v", "id", "from", "to", "enc", "iv", "ciphertext", "tag", "seq",
                "signature", "ts", "mode", "signKey", "agreeKey", "commitment",
            ])
    }

    @Test func isReadAsItWasWritten() throws {
        for sealer in try allSealers() {
            let envelope = try sealer.seal(hello, sequence: 1, at: now)
            #expect(try Envelope(parsing: envelope.text) == envelope)
        }
    }

    @Test func anonymousMessagesSayNoSender() throws {
        let sealer = try Sealer(sender: nil, recipients: [bob.publicIdentity])
        let envelope = try sealer.seal(hello, sequence: 9, at: now)
        #expect(envelope.sender == nil && envelope.sequence == 0)
        var opener = Opener(identities: [bob])
        #expect(try opener.open(envelope).message == hello)
        #expect(throws: EnvelopeError.unsigned) {
            try opener.open(envelope, from: [alice.fingerprint])
        }
    }

    @Test func passphrasesOpenWhatTheySealed() throws {
        let key = try PassphraseKey.random(passphrase: secret("horse").bytes, derivation: cheap)
        for sender in [nil, alice] {
            let sealer = Sealer(sender: sender, passphrase: key)
            let envelope = try sealer.seal(hello, sequence: 1, at: now)
            var opener = Opener(identities: [], passphrase: secret("horse"))
            #expect(try opener.open(envelope).message == hello)
            var wrong = Opener(identities: [], passphrase: secret("donkey"))
            #expect(throws: EnvelopeError.wrongPassphrase) { try wrong.open(envelope) }
            var without = Opener(identities: [bob])
            #expect(throws: EnvelopeError.needsPassphrase) { try without.open(envelope) }
        }
    }

    @Test func anotherSenderIsRefused() throws {
        let sealer = try Sealer(sender: alice, recipients: [bob.publicIdentity])
        let envelope = try sealer.seal(hello, sequence: 1, at: now)
        var opener = Opener(identities: [bob])
        #expect(throws: EnvelopeError.wrongSender(alice.fingerprint)) {
            try opener.open(envelope, from: [carol.fingerprint])
        }
    }

    /// Carol takes Alice's message and puts her own signature on it: the sender is part of what
    /// every key depends on, so it does not open as hers.
    @Test func aMessageCannotBeSignedAnew() throws {
        let envelope = try Sealer(sender: alice, recipients: [bob.publicIdentity])
            .seal(hello, sequence: 1, at: now)
        let carols = try Sealer(sender: carol, recipients: [bob.publicIdentity])
            .seal(hello, sequence: 1, at: now)
        var object = try #require(try JSON(parsing: envelope.text).members)
        let other = try JSON(parsing: carols.text)
        for index in object.indices
        where ["from", "signKey", "agreeKey", "signature"].contains(object[index].name) {
            object[index].value = try #require(other[object[index].name])
        }
        var opener = Opener(identities: [bob])
        #expect(throws: EnvelopeError.badSignature) {
            try opener.open(Envelope(parsing: JSON.object(object).encoded))
        }
        // Without any signature it would be an anonymous message, and does not open either.
        object.removeAll { ["from", "signKey", "agreeKey", "signature"].contains($0.name) }
        let stripped = JSON.object(object).text.replacing("\"seq\":1,", with: "\"seq\":0,")
        #expect(throws: EnvelopeError.tampered) {
            try opener.open(Envelope(parsing: Array(stripped.utf8)))
        }
    }

    /// Every member, changed in every way that its type allows.
    @Test func noMemberCanBeChanged() throws {
        for sealer in try allSealers() {
            let line = try sealer.seal(hello, sequence: 5, at: now).text
            let members = try #require(try JSON(parsing: line).members)
            for (index, member) in members.enumerated() {
                for changed in Self.alterations(of: member.value) {
                    var altered = members
                    altered[index].value = changed
                    expectRefusal(of: JSON.object(altered).encoded, changed: member.name)
                }
                var without = members
                without.remove(at: index)
                expectRefusal(of: JSON.object(without).encoded, changed: member.name)
            }
        }
    }

    private func expectRefusal(of line: [UInt8], changed name: String) {
        var opener = Opener(identities: [bob, carol], passphrase: secret("horse"))
        let error = #expect(throws: EnvelopeError.self, "\(name)") {
            try opener.open(Envelope(parsing: line))
        }
        #expect(error?.kind == .refused || error?.kind == .malformed, "\(name)")
    }

    private static func alterations(of value: JSON) -> [JSON] {
        switch value {
        case .string(let text):
            var changed: [JSON] = [.string(""), .string(text + "A"), 7, .null]
            if let bytes = Base64.standard.decode(text), !bytes.isEmpty {
                for at in [0, bytes.count / 2, bytes.count - 1] {
                    var other = bytes
                    other[at] ^= 1
                    changed.append(.string(Base64.standard.encode(other)))
                }
                changed.append(.string(Base64.standard.encode(bytes.dropLast())))
            }
            // Another digit somewhere: an id, a fingerprint, a time.
            if let digit = text.lastIndex(where: { "0123456789abcdef".contains($0) }) {
                var other = text
                other.replaceSubrange(digit...digit, with: text[digit] == "1" ? "2" : "1")
                changed.append(.string(other))
            }
            return changed
        case .number(let digits):
            return [.number(digits + "1"), .number("-1"), .number("1e0"), .string(digits)]
                + (digits == "0" ? [] : [0])
        case .array(let values):
            let reversed = values.reversed() == values ? [] : [JSON.array(values.reversed())]
            return reversed + [
                .array(values.dropLast() + [.string(String(repeating: "0", count: 64))]),
                .null,
            ]
                + (values.isEmpty
                    ? [] : [.array(values + values), .array([]), .array(Array(values.dropLast()))])
        default: return [7]
        }
    }

    private func allSealers() throws -> [Sealer] {
        let key = try PassphraseKey.random(passphrase: secret("horse").bytes, derivation: cheap)
        return [
            try Sealer(sender: alice, recipients: [bob.publicIdentity, carol.publicIdentity]),
            try Sealer(sender: nil, recipients: [bob.publicIdentity]),
            Sealer(sender: alice, passphrase: key), Sealer(sender: nil, passphrase: key),
        ]
    }

    @Test func sealsTwiceForNobodyAndForSomebody() throws {
        #expect(throws: EnvelopeError.noRecipients) { try Sealer(sender: nil, recipients: []) }
        let twice = try Sealer(
            sender: nil, recipients: [bob.publicIdentity, bob.publicIdentity])
        #expect(try twice.seal(hello, sequence: 0, at: now).recipients == [bob.fingerprint])
    }
}

@Suite struct StrictReadingTests {
    static let line: String = {
        let sealer = try! Sealer(
            sender: identity(1), recipients: [identity(2).publicIdentity])
        return String(decoding: try! sealer.seal(hello, sequence: 1, at: now).text, as: UTF8.self)
    }()

    @Test(arguments: [
        ("{\"type\"", "{\"type\":\"message\",\"type\""), ("\"v\":1", "\"v\":2"),
        ("\"v\":1", "\"v\":01"), ("\"v\":1", "\"v\":1.0"), ("\"v\":1", "\"v\":1,\"ttl\":5"),
        ("\"v\":1", "\"v\":1,\"x-a\":1,\"x-a\":2"), ("\"v\":1", "\"v\":1,\"\\u0076\":1"),
        ("\"seq\":1", "\"seq\":9007199254740992"), ("\"seq\":1", "\"seq\":0"),
        ("\"mode\":\"box\"", "\"mode\":\"ratchet\""), ("==\"", "\""), ("}", "}{"),
        (".123Z", ".123+00:00"), (".123Z", ".1234Z"),
    ])
    func refusesOtherSpellings(old: String, new: String) {
        let changed = Self.line.replacing(old, with: new)
        let error = #expect(throws: EnvelopeError.self) {
            try Envelope(parsing: Array(changed.utf8))
        }
        #expect(error?.kind == .malformed)
    }

    @Test func takesTheSameMembersWrittenOtherwise() throws {
        let envelope = try Envelope(parsing: Array(Self.line.utf8))
        let members = try #require(try JSON(parsing: Self.line).members)
        let reordered = JSON.object(members.reversed() + [JSON.Member("x-hop", ["a": 1])]).text
        #expect(try Envelope(parsing: Array(reordered.utf8)) == envelope)
        let escaped = Self.line.replacing("/", with: "\\/").replacing(",", with: " ,\n")
        #expect(try Envelope(parsing: Array(escaped.utf8)) == envelope)
    }

    @Test func neverTrapsOnDamage() throws {
        var random = SplitMix64(seed: 11)
        var opener = Opener(identities: [try identity(2)])
        let text = Array(Self.line.utf8)
        for _ in 0..<2000 {
            var changed = text
            let at = Int.random(in: changed.indices, using: &random)
            changed[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            guard let envelope = try? Envelope(parsing: changed) else { continue }
            if let opened = try? opener.open(envelope) { #expect(opened.message == hello) }
        }
        for count in 0..<text.count {
            #expect(throws: EnvelopeError.self) { try Envelope(parsing: Array(text[..<count])) }
        }
    }

    @Test func refusesALineThatIsTooLong() {
        let long = [UInt8](repeating: 0x20, count: Envelope.maximumTextByteCount + 1)
        #expect(throws: EnvelopeError.tooLong) { try Envelope(parsing: long) }
    }
}

@Suite struct PaddingTests {
    @Test(arguments: [0, 1, 250, 251, 252, 300, 5000, 70_000], [false, true])
    func lengthsComeBack(count: Int, isLine: Bool) throws {
        let (alice, bob) = (try identity(1), try identity(2))
        let message = Message([UInt8](repeating: 0x41, count: count), isLine: isLine)
        let envelope = try Sealer(sender: alice, recipients: [bob.publicIdentity])
            .seal(message, sequence: 1, at: now)
        var opener = Opener(identities: [bob])
        #expect(try opener.open(envelope).message == message)
        #expect(envelope.ciphertext.count >= 256)
        let overhead = envelope.ciphertext.count - max(256, count + 5)
        #expect(overhead >= 0 && overhead <= max(256, count + 5) * 12 / 100)
    }

    @Test func shortMessagesLookAlike() throws {
        let sealer = try Sealer(sender: nil, recipients: [identity(2).publicIdentity])
        let counts = try [0, 1, 17, 251].map { count in
            try sealer.seal(
                Message([UInt8](repeating: 0, count: count), isLine: false), sequence: 0, at: now
            ).text.count
        }
        #expect(Set(counts).count == 1)
    }

    @Test func refusesWhatIsTooLong() throws {
        let sealer = try Sealer(sender: nil, recipients: [identity(2).publicIdentity])
        let long = [UInt8](repeating: 0, count: Envelope.maximumMessageByteCount + 1)
        #expect(throws: EnvelopeError.messageTooLong) {
            try sealer.seal(Message(long, isLine: false), sequence: 0, at: now)
        }
    }
}
