internal import Crypto
internal import Wire

/// The stanza `ssh-ed25519 TAG SHARE`: the file key for an Ed25519 key of OpenSSH, used as an
/// X25519 key and tweaked by a hash of itself so that it is another key than the one that signs.
enum SSHEd25519Stanza {
    static let type = "ssh-ed25519"
    private static let label = Array("age-encryption.org/v1/ssh-ed25519".utf8)
    private static let tagByteCount = 4

    static func wrap(
        _ fileKey: FileKey, for publicKey: SSHPublicKey
    ) throws(AgeError) -> Stanza {
        let ephemeral = SecretBytes.random(count: X25519.byteCount)
        let share = ephemeral.withBytes { X25519.publicKey(of: $0) }
        do throws(LowOrderPoint) {
            let wrapKey = try agree(
                ephemeral, publicKey.x25519, key: publicKey, salt: share + publicKey.x25519)
            let tag = Base64.unpadded.encode(publicKey.hash.prefix(tagByteCount))
            return Stanza(
                [type, tag, Base64.unpadded.encode(share)],
                body: fileKey.wrapped(with: wrapKey))
        } catch { throw .recipient(.lowOrder, line: nil) }
    }

    /// Nil where the stanza is another's or of another type.
    static func unwrap(
        _ stanza: Stanza, with identity: SSHEd25519Identity
    ) throws(AgeError) -> FileKey? {
        guard stanza.type == type else { return nil }
        guard stanza.arguments.count == 3,
            let tag = Base64.unpadded.decode(stanza.arguments[1]), tag.count == tagByteCount,
            let share = Base64.unpadded.decode(stanza.arguments[2]),
            share.count == X25519.byteCount, stanza.body.count == FileKey.wrappedByteCount
        else { throw .header(.badStanza(type)) }
        let publicKey = identity.publicKey
        guard publicKey.hash.prefix(tagByteCount).elementsEqual(tag) else { return nil }
        do throws(LowOrderPoint) {
            let wrapKey = try agree(
                identity.x25519.bytes, share, key: publicKey, salt: share + publicKey.x25519)
            return FileKey(unwrapping: stanza.body, with: wrapKey)
        } catch { throw .header(.badStanza(type)) }
    }

    private static func agree(
        _ secretKey: borrowing SecretBytes, _ share: [UInt8], key: SSHPublicKey, salt: [UInt8]
    ) throws(LowOrderPoint) -> SecretBytes {
        let tweak = HKDF.derive(
            inputKey: UnsafeBufferPointer(start: nil, count: 0), salt: key.encoded, info: label,
            count: X25519.byteCount)
        // The untweaked agreement is a point, so it goes in as a public key would.
        var point = [UInt8](repeating: 0, count: X25519.byteCount)
        defer { wipe(&point) }
        try multiply(secretKey, share, into: &point)
        let shared = try SecretBytes(count: X25519.byteCount) { shared throws(LowOrderPoint) in
            try tweak.withBytes { tweak throws(LowOrderPoint) in
                try X25519.agree(secretKey: tweak, publicKey: point, into: shared)
            }
        }
        return shared.withBytes { shared in
            HKDF.derive(inputKey: shared, salt: salt, info: label, count: AEADKey.byteCount)
        }
    }

    private static func multiply(
        _ secretKey: borrowing SecretBytes, _ share: [UInt8], into point: inout [UInt8]
    ) throws(LowOrderPoint) {
        let product = try SecretBytes(count: X25519.byteCount) { product throws(LowOrderPoint) in
            try secretKey.withBytes { key throws(LowOrderPoint) in
                try X25519.agree(secretKey: key, publicKey: share, into: product)
            }
        }
        product.withBytes { bytes in for at in point.indices { point[at] = bytes[at] } }
    }
}
