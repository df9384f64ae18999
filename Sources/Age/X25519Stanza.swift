internal import Crypto
internal import Wire

/// The stanza `X25519 SHARE`: the file key under an X25519 agreement with a fresh key.
enum X25519Stanza {
    static let type = "X25519"
    private static let label = Array("age-encryption.org/v1/X25519".utf8)

    static func wrap(_ fileKey: FileKey, for publicKey: [UInt8]) throws(AgeError) -> Stanza {
        let ephemeral = SecretBytes.random(count: X25519.byteCount)
        let share = ephemeral.withBytes { X25519.publicKey(of: $0) }
        do throws(LowOrderPoint) {
            let wrapKey = try agree(ephemeral, publicKey, salt: share + publicKey)
            return Stanza(
                [type, Base64.unpadded.encode(share)], body: fileKey.wrapped(with: wrapKey))
        } catch { throw .recipient(.lowOrder, line: nil) }
    }

    /// Nil where the stanza is another's or of another type.
    static func unwrap(
        _ stanza: Stanza, with identity: X25519Identity
    ) throws(AgeError) -> FileKey? {
        guard stanza.type == type else { return nil }
        guard stanza.arguments.count == 2,
            let share = Base64.unpadded.decode(stanza.arguments[1]),
            share.count == X25519.byteCount, stanza.body.count == FileKey.wrappedByteCount
        else { throw .header(.badStanza(type)) }
        do throws(LowOrderPoint) {
            let wrapKey = try agree(
                identity.secretKey.bytes, share, salt: share + identity.publicKey)
            return FileKey(unwrapping: stanza.body, with: wrapKey)
        } catch { throw .header(.badStanza(type)) }
    }

    private static func agree(
        _ secretKey: borrowing SecretBytes, _ publicKey: [UInt8], salt: [UInt8]
    ) throws(LowOrderPoint) -> SecretBytes {
        let shared = try SecretBytes(count: X25519.byteCount) { shared throws(LowOrderPoint) in
            try secretKey.withBytes { key throws(LowOrderPoint) in
                try X25519.agree(secretKey: key, publicKey: publicKey, into: shared)
            }
        }
        return shared.withBytes { shared in
            HKDF.derive(inputKey: shared, salt: salt, info: label, count: AEADKey.byteCount)
        }
    }
}
