import Clock
import Crypto
import Envelopes
import Failures
import Foundation
import Identities
import JSON
import Support
import Testing
import Wire

/// The test vectors of parley-envelope(5), which stand in `Tests/Vectors/envelope` for other
/// implementations: they are made here again and compared.
///
/// `PARLEY_WRITE_VECTORS=1` writes them anew.
@Suite struct VectorTests {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Vectors/envelope")

    /// An outcome and, in what must fail, the code.
    struct Expectation {
        var outcome = "success"
        var code: String?
    }

    @Test(arguments: try cases())
    func isAsItIsWrittenDown(vector: Vector) throws {
        let file = Self.directory.appending(path: "\(vector.name).json")
        let text = vector.text
        if ProcessInfo.processInfo.environment["PARLEY_WRITE_VECTORS"] != nil {
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test(arguments: try cases())
    func opensOrIsRefusedAsItSays(vector: Vector) throws {
        let identities = try vector.keys.map { try vectorIdentity($0) }
        var opener = Opener(
            identities: identities, passphrase: vector.passphrase.map { secret($0) })
        do throws(EnvelopeError) {
            let opened = try opener.open(Envelope(parsing: Array(vector.envelope.utf8)))
            #expect(vector.expectation.outcome == "success")
            #expect(opened.message == vector.message)
        } catch {
            let outcome = error.kind == .refused ? "refused" : "malformed"
            #expect(vector.expectation.outcome == outcome)
            #expect(vector.expectation.code == error.code)
        }
    }

    @Test func areAllWrittenDown() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.directory.path)
        #expect(Set(names) == Set(try Self.cases().map { "\($0.name).json" }))
    }
}

/// One case, and the file that it is kept in.
struct Vector: CustomStringConvertible, Sendable {
    var name: String
    var comment: String
    var expectation = VectorTests.Expectation()
    /// The seeds of those who try to open it.
    var keys: [UInt8] = [2]
    var passphrase: String?
    var sender: UInt8?
    var recipients: [UInt8] = []
    var random: [UInt8]?
    var transcript: [UInt8]?
    var message = hello
    var envelope: String

    var description: String { name }

    var text: String {
        var lines = [
            line("comment", .string(comment)), line("expect", .string(expectation.outcome)),
        ]
        if let code = expectation.code { lines.append(line("code", .string(code))) }
        lines.append(line("keys", .array(keys.map { .string(Hex.encode(seed($0))) })))
        if let passphrase { lines.append(line("passphrase", .string(passphrase))) }
        if let random {
            if let sender { lines.append(line("sender", .string(Hex.encode(seed(sender))))) }
            lines.append(
                line("recipients", .array(recipients.map { .string(Hex.encode(seed($0))) })))
            lines.append(line("random", .string(Hex.encode(random))))
        }
        if expectation.outcome == "success" {
            lines.append(line("message", .string(Hex.encode(message.bytes))))
            lines.append(line("isLine", .bool(message.isLine)))
        }
        if let transcript { lines.append(line("transcript", .string(Hex.encode(transcript)))) }
        lines.append(line("envelope", .string(envelope)))
        return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
    }

    private func line(_ name: String, _ value: JSON) -> String { "  \"\(name)\": \(value.text)" }
}

/// A seed of 32 equal bytes.
private func seed(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

private func vectorIdentity(_ byte: UInt8) throws -> SecretIdentity {
    var bytes = seed(byte)
    return try SecretIdentity(seed: SecretBytes(moving: &bytes), name: "")
}

extension VectorTests {
    static func cases() throws -> [Vector] { try good() + refused() + malformed() }

    private static func good() throws -> [Vector] {
        [
            try sealed("signed", "from the identity of seed 01 to that of 02", sender: 1, to: [2]),
            try sealed("several", "for three recipients", sender: 1, to: [4, 2, 3]),
            try sealed("anonymous", "without a signature", sender: nil, to: [2]),
            try sealed("passphrase", "under a passphrase", sender: nil, passphrase: "horse"),
            try sealed(
                "passphrase-signed", "under a passphrase, and signed", sender: 1,
                passphrase: "horse"),
            try sealed(
                "empty", "no byte, and no newline after it", sender: 1, to: [2],
                message: Message([], isLine: false)),
            try sealed(
                "padded-256", "fills 256 bytes exactly", sender: 1, to: [2],
                message: Message([UInt8](repeating: 0x61, count: 251), isLine: true)),
            try sealed(
                "padded-272", "one byte more than fits into 256", sender: 1, to: [2],
                message: Message([UInt8](repeating: 0x61, count: 252), isLine: true)),
            try sealed(
                "padded-1000", "a length with Padmé's rounding", sender: 1, to: [2],
                message: Message(Array(0...255) + [UInt8](repeating: 0, count: 745), isLine: false)),
            try changed(
                "spelled-otherwise", "other order, spaces and escaped slashes; x- passed over",
                Expectation()
            ) { members in
                members.reverse()
                members.append(JSON.Member("x-hop", ["n": 1]))
            } text: {
                $0.replacing("/", with: "\\/").replacing(",", with: " , ")
            },
        ]
    }

    private static func sealed(
        _ name: String, _ comment: String, sender: UInt8?, to recipients: [UInt8] = [],
        passphrase: String? = nil, message: Message = hello
    ) throws -> Vector {
        let identity = try sender.map { try vectorIdentity($0) }
        let sealer: Sealer
        if let passphrase {
            let key = try PassphraseKey(
                passphrase: secret(passphrase).bytes, salt: Array(0..<16),
                derivation: Argon2id(passes: 2, memoryKiB: 64))
            sealer = Sealer(sender: identity, passphrase: key)
        } else {
            sealer = try Sealer(
                sender: identity,
                recipients: recipients.map { try vectorIdentity($0).publicIdentity })
        }
        var generator = SplitMix64(seed: UInt64(name.utf8.reduce(0) { $0 &* 31 &+ Int($1) }))
        let random = generator.bytes(sealer.randomByteCount)
        let envelope = try random.withUnsafeBufferPointer { random in
            try sealer.seal(message, sequence: 42, at: now, random: random)
        }
        return Vector(
            name: name, comment: comment, keys: recipients.isEmpty ? [] : [2],
            passphrase: passphrase, sender: sender, recipients: recipients, random: random,
            transcript: envelope.transcriptBytes, message: message,
            envelope: String(decoding: envelope.text, as: UTF8.self))
    }

    /// The signed case with its members changed, and then its text.
    private static func changed(
        _ name: String, _ comment: String, _ expectation: Expectation,
        members change: (inout [JSON.Member]) -> Void = { _ in },
        text changeText: (String) -> String = { $0 }
    ) throws -> Vector {
        let original = try sealed("signed", "", sender: 1, to: [2])
        var members = try JSON(parsing: original.envelope).members ?? []
        change(&members)
        let text = changeText(JSON.object(members).text)
        return Vector(
            name: name, comment: comment, expectation: expectation,
            transcript: expectation.outcome == "success" ? original.transcript : nil,
            envelope: text)
    }

    private static func refused() throws -> [Vector] {
        var all = try [
            "id", "ts", "to", "enc", "iv", "ciphertext", "tag", "signature",
            "commitment", "seq", "agreeKey", "signKey", "from",
        ].map { name in
            try changed(
                "altered-\(name)", "one bit or digit of \"\(name)\" is another",
                Expectation(outcome: "refused", code: "badSignature")
            ) { members in
                for index in members.indices where members[index].name == name {
                    members[index].value = altered(members[index].value)
                }
            }
        }
        all.append(try othersKey())
        all.append(try stripped())
        all.append(try signedAnew())
        all.append(try wrongPassphrase())
        return all
    }

    private static func altered(_ value: JSON) -> JSON {
        switch value {
        case .number: return 43
        case .array(let values): return .array(values.map(altered))
        case .string(let text):
            if text.contains(":") { return .string(text.replacing("123Z", with: "124Z")) }
            if text.utf8.count % 32 == 0, Hex.decode(text) != nil {
                return .string((text.hasPrefix("0") ? "1" : "0") + text.dropFirst())
            }
            var bytes = Base64.standard.decode(text) ?? []
            bytes[0] ^= 1
            return .string(Base64.standard.encode(bytes))
        default: return value
        }
    }

    private static func othersKey() throws -> Vector {
        var vector = try sealed(
            "wrong-key", "opened with the key of nobody it is for", sender: 1, to: [2])
        vector.expectation = Expectation(outcome: "refused", code: "wrongKey")
        (vector.keys, vector.random, vector.transcript) = ([3], nil, nil)
        return vector
    }

    private static func stripped() throws -> Vector {
        try changed(
            "stripped", "the signature taken off, to look anonymous",
            Expectation(outcome: "refused", code: "tampered")
        ) { members in
            members.removeAll { ["from", "signature", "signKey", "agreeKey"].contains($0.name) }
            for index in members.indices where members[index].name == "seq" {
                members[index].value = 0
            }
        }
    }

    /// A signature that verifies, by another, over the message of the first.
    private static func signedAnew() throws -> Vector {
        let thief = try vectorIdentity(3)
        let original = try sealed("signed", "", sender: 1, to: [2])
        var envelope = try Envelope(parsing: Array(original.envelope.utf8))
        envelope.signAnew(by: thief)
        var vector = original
        vector.name = "signed-anew"
        vector.comment = "the message of 01, signed by 03 as its own"
        vector.expectation = Expectation(outcome: "refused", code: "tampered")
        (vector.random, vector.transcript) = (nil, nil)
        vector.envelope = String(decoding: envelope.text, as: UTF8.self)
        return vector
    }

    private static func wrongPassphrase() throws -> Vector {
        var vector = try sealed(
            "wrong-passphrase", "the passphrase is another", sender: nil, passphrase: "horse")
        vector.expectation = Expectation(outcome: "refused", code: "wrongPassphrase")
        (vector.passphrase, vector.random, vector.transcript) = ("donkey", nil, nil)
        return vector
    }

    private static func malformed() throws -> [Vector] {
        let changes: [(String, String, String, String, String)] = [
            ("version", "another version", "\"v\":1", "\"v\":2", "unsupportedVersion"),
            ("mode", "a mode that is reserved", "\"box\"", "\"ratchet\"", "unsupportedMode"),
            ("twice", "a member twice", "\"seq\":42", "\"seq\":42,\"seq\":42", "badEnvelope"),
            ("unknown", "an unknown member", "\"seq\":42", "\"seq\":42,\"ttl\":1", "badEnvelope"),
            ("number", "a number with a fraction", "\"seq\":42", "\"seq\":42.0", "badEnvelope"),
            ("large", "a number of 2^53", "\"seq\":42", "\"seq\":9007199254740992", "badEnvelope"),
            ("no-padding", "Base64 without padding", "==\"", "\"", "badEnvelope"),
            ("time", "a time with an offset", "123Z", "123+00:00", "badEnvelope"),
            ("name", "a name with an escape", "\"seq\"", "\"s\\u0065q\"", "badEnvelope"),
            ("zero", "a signature, and seq 0", "\"seq\":42", "\"seq\":0", "badEnvelope"),
            ("array", "no object", "{\"type\"", "[{\"type\"", "notAnEnvelope"),
            ("other", "another type", "\"message\"", "\"receipt\"", "badEnvelope"),
        ]
        return try changes.map { name, comment, old, new, code in
            try changed(
                "malformed-\(name)", comment, Expectation(outcome: "malformed", code: code),
                text: { $0.replacing(old, with: new) })
        }
    }
}
