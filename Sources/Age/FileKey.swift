internal import Crypto

/// The 16 secret bytes that each stanza of a header wraps.
public struct FileKey: Sendable {
    static let byteCount = 16

    let secret: SharedSecret

    static func random() -> FileKey {
        FileKey(secret: SharedSecret(.random(count: byteCount)))
    }

    init(secret: SharedSecret) { self.secret = secret }

    /// Takes over what a stanza held; nil when that is not a file key.
    init?(moving bytes: inout [UInt8]) {
        guard bytes.count == Self.byteCount else {
            wipe(&bytes)
            return nil
        }
        secret = SharedSecret(SecretBytes(moving: &bytes))
    }

    func mac(of header: [UInt8]) -> [UInt8] {
        let key = derive(salt: [], label: "header")
        return HMACSHA256.authenticate(header, key: key)
    }

    /// - Parameter nonce: the 16 bytes after the header.
    func payloadKey(nonce: [UInt8]) -> PayloadKey {
        PayloadKey(secret: SharedSecret(derive(salt: nonce, label: "payload")))
    }

    private func derive(salt: [UInt8], label: String) -> SecretBytes {
        secret.bytes.withBytes { key in
            HKDF.derive(inputKey: key, salt: salt, info: Array(label.utf8), count: 32)
        }
    }

    /// The body of a stanza: the file key under a key that is used for nothing else.
    func wrapped(with wrapKey: borrowing SecretBytes) -> [UInt8] {
        var plaintext = secret.bytes.withBytes { Array($0) }
        defer { wipe(&plaintext) }
        return wrapKey.withBytes { key in
            AEADKey.seal(.chaCha20Poly1305, key: key, plaintext, nonce: Self.zeroNonce)
        }
    }

    /// Opens a body of `wrappedByteCount` bytes; nil where this is not its key.
    init?(unwrapping body: [UInt8], with wrapKey: borrowing SecretBytes) {
        let opened: [UInt8]? = wrapKey.withBytes { key in
            do throws(AuthenticationFailure) {
                return try AEADKey.open(
                    .chaCha20Poly1305, key: key, body, nonce: Self.zeroNonce)
            } catch { return nil }
        }
        guard var bytes = opened else { return nil }
        self.init(moving: &bytes)
    }

    /// A body of any other length must not be opened: some ciphertexts open under several keys,
    /// and only the length tells them from a file key.
    static let wrappedByteCount = byteCount + AEADKey.tagByteCount
    private static let zeroNonce = [UInt8](repeating: 0, count: AEADKey.nonceByteCount)
}
