import Crypto
import Envelopes
import Foundation
import Support
import Testing
import Wire

/// The RFC's own vectors, of which base mode with AES-256-GCM is ours.
@Suite struct HPKETests {
    struct Vector: Decodable {
        let mode: Int
        let aead: Int
        let info, skRm, skEm, pkRm, enc: String
        let encryptions: [Encryption]
        let exports: [Export]

        struct Encryption: Decodable { let aad, ct, pt: String }
        struct Export: Decodable {
            let exporterContext: String
            let byteCount: Int
            let exportedValue: String

            enum CodingKeys: String, CodingKey {
                case exporterContext = "exporter_context"
                case byteCount = "L"
                case exportedValue = "exported_value"
            }
        }

        enum CodingKeys: String, CodingKey {
            case mode, info, skRm, skEm, pkRm, enc, encryptions, exports
            case aead = "aead_id"
        }
    }

    static func vectors() throws -> [Vector] {
        guard let directory = PublishedVectors.directory else {
            PublishedVectors.absent("HPKE")
            return []
        }
        let file = directory.appending(path: "hpke/rfc9180-x25519-hkdf-sha256.json")
        return try JSONDecoder().decode([Vector].self, from: Data(contentsOf: file))
            .filter { $0.mode == 0 && $0.aead == 2 }
    }

    @Test(arguments: try vectors())
    func sealsAndExportsAsTheRFC(vector: Vector) throws {
        let ephemeral = try bytes(vector.skEm)
        let info = HPKE.Info(try bytes(vector.info))
        let sealed = try ephemeral.withUnsafeBufferPointer { ephemeral in
            try HPKE.withSender(
                to: try bytes(vector.pkRm), ephemeralKey: ephemeral, info: info
            ) { encapsulatedKey, context in
                #expect(Hex.encode(encapsulatedKey) == vector.enc)
                expectExports(vector, context)
                return vector.encryptions.map { encryption in
                    seal(encryption, &context)
                }
            }
        }
        #expect(sealed == vector.encryptions.map(\.ct))
    }

    @Test(arguments: try vectors())
    func opensAndExportsAsTheRFC(vector: Vector) throws {
        let secretKey = try bytes(vector.skRm)
        let opened = try secretKey.withUnsafeBufferPointer { secretKey in
            try HPKE.withRecipient(
                encapsulatedKey: try bytes(vector.enc), secretKey: secretKey,
                publicKey: try bytes(vector.pkRm), info: HPKE.Info(try bytes(vector.info))
            ) { context in
                expectExports(vector, context)
                return vector.encryptions.map { encryption in open(encryption, &context) }
            }
        }
        #expect(opened == vector.encryptions.map(\.pt))
    }

    @Test func refusesAPointOfLowOrder() throws {
        let ephemeral = randomBytes(32)
        #expect(throws: LowOrderPoint.self) {
            try ephemeral.withUnsafeBufferPointer { ephemeral in
                try HPKE.withSender(
                    to: [UInt8](repeating: 0, count: 32), ephemeralKey: ephemeral,
                    info: HPKE.Info([])
                ) { _, _ in }
            }
        }
    }

    private func seal(_ vector: Vector.Encryption, _ context: inout HPKE.Context) -> String {
        let plaintext = Hex.decode(vector.pt) ?? []
        var sealed = [UInt8](repeating: 0, count: plaintext.count + 16)
        plaintext.withUnsafeBufferPointer { plaintext in
            sealed.withUnsafeMutableBufferPointer { sealed in
                context.seal(plaintext, header: Hex.decode(vector.aad) ?? [], into: sealed)
            }
        }
        return Hex.encode(sealed)
    }

    private func open(_ vector: Vector.Encryption, _ context: inout HPKE.Context) -> String {
        let sealed = Hex.decode(vector.ct) ?? []
        var plaintext = [UInt8](repeating: 0, count: sealed.count - 16)
        sealed.withUnsafeBufferPointer { sealed in
            plaintext.withUnsafeMutableBufferPointer { plaintext in
                try? context.open(
                    sealed, header: Hex.decode(vector.aad) ?? [], into: plaintext)
            }
        }
        return Hex.encode(plaintext)
    }

    private func expectExports(_ vector: Vector, _ context: HPKE.Context) {
        for export in vector.exports {
            let secret = context.export(
                Hex.decode(export.exporterContext) ?? [], count: export.byteCount)
            #expect(secret.withBytes { Hex.encode($0) } == export.exportedValue)
        }
    }

    private func bytes(_ hex: String) throws -> [UInt8] { try #require(Hex.decode(hex)) }
}
