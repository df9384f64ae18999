internal import CSodium

/// The public key or the point is of low order, so that the shared secret would be all zero.
public struct LowOrderPoint: Error, Equatable {}

/// X25519 (RFC 7748 section 5).
public enum X25519 {
    public static let byteCount = 32

    /// The public key of a secret one of 32 bytes.
    public static func publicKey(of secretKey: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        precondition(sodiumIsReady && secretKey.count == byteCount)
        var publicKey = [UInt8](repeating: 0, count: byteCount)
        crypto_scalarmult_base(&publicKey, secretKey.pointer)
        return publicKey
    }

    /// Writes the shared secret of 32 bytes (section 6.1, with its check for all zeros).
    public static func agree(
        secretKey: UnsafeBufferPointer<UInt8>, publicKey: [UInt8],
        into shared: UnsafeMutableBufferPointer<UInt8>
    ) throws(LowOrderPoint) {
        precondition(sodiumIsReady && secretKey.count == byteCount)
        precondition(publicKey.count == byteCount && shared.count == byteCount)
        guard crypto_scalarmult(shared.pointer, secretKey.pointer, publicKey) == 0,
            sodium_is_zero(shared.pointer, byteCount) == 0
        else { throw LowOrderPoint() }
    }
}

/// Ed25519 (RFC 8032 section 5.1).
public enum Ed25519 {
    public static let publicKeyByteCount = 32
    public static let signatureByteCount = 64
    public static let seedByteCount = 32
    /// libsodium's form: the seed, then the public key.
    public static let secretKeyByteCount = 64

    /// The expanded secret key of a seed, and the public key.
    public static func keyPair(
        seed: UnsafeBufferPointer<UInt8>
    ) -> (secretKey: SharedSecret, publicKey: [UInt8]) {
        precondition(sodiumIsReady && seed.count == seedByteCount)
        var publicKey = [UInt8](repeating: 0, count: publicKeyByteCount)
        let secretKey = SecretBytes(count: secretKeyByteCount) { secretKey in
            crypto_sign_seed_keypair(&publicKey, secretKey.pointer, seed.pointer)
        }
        return (SharedSecret(secretKey), publicKey)
    }

    public static func sign(_ message: [UInt8], secretKey: borrowing SecretBytes) -> [UInt8] {
        precondition(secretKey.count == secretKeyByteCount)
        var signature = [UInt8](repeating: 0, count: signatureByteCount)
        crypto_sign_detached(&signature, nil, message, UInt64(message.count), secretKey.start)
        return signature
    }

    /// Refuses small-order keys and signatures that are not in their one canonical form.
    public static func verify(
        _ signature: [UInt8], of message: [UInt8], publicKey: [UInt8]
    ) -> Bool {
        precondition(sodiumIsReady)
        guard signature.count == signatureByteCount, publicKey.count == publicKeyByteCount else {
            return false
        }
        return crypto_sign_verify_detached(signature, message, UInt64(message.count), publicKey)
            == 0
    }

    /// The X25519 public key of the same point (the birational map of RFC 7748 section 4.1); nil
    /// for a key that is not on the curve or of small order.
    public static func x25519PublicKey(of publicKey: [UInt8]) -> [UInt8]? {
        precondition(sodiumIsReady)
        guard publicKey.count == publicKeyByteCount else { return nil }
        var converted = [UInt8](repeating: 0, count: X25519.byteCount)
        guard crypto_sign_ed25519_pk_to_curve25519(&converted, publicKey) == 0 else { return nil }
        return converted
    }

    /// The X25519 secret key that belongs to `x25519PublicKey(of:)`.
    public static func x25519SecretKey(of secretKey: borrowing SecretBytes) -> SecretBytes {
        SecretBytes(count: X25519.byteCount) { converted in
            crypto_sign_ed25519_sk_to_curve25519(converted.pointer, secretKey.start)
        }
    }
}
