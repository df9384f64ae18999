public import Crypto
public import Identities

/// A content key stretched from a passphrase by Argon2id (RFC 9106), and what it was made with.
///
/// One key seals any number of messages, since each derives its own with fresh salt.
public struct PassphraseKey: Sendable {
    /// A longer passphrase is a mistake, such as the wrong file.
    public static let maximumPassphraseByteCount = 4096

    public let salt: [UInt8]
    public let derivation: Argon2id
    let key: SharedSecret

    /// - Throws: `costlyDerivation` before anything is computed; `outOfMemory`.
    public init(
        passphrase: borrowing SecretBytes, salt: [UInt8], derivation: Argon2id
    ) throws(EnvelopeError) {
        guard Stretching.isAcceptable(derivation),
            passphrase.count <= Self.maximumPassphraseByteCount
        else { throw .costlyDerivation }
        let derived: SecretBytes
        do throws(OutOfMemory) {
            derived = try passphrase.withBytes { passphrase throws(OutOfMemory) in
                try derivation.derive(password: passphrase, salt: salt, count: 32)
            }
        } catch { throw .outOfMemory }
        self.salt = salt
        self.derivation = derivation
        key = SharedSecret(derived)
    }

    /// A new salt.
    public static func random(
        passphrase: borrowing SecretBytes, derivation: Argon2id = Stretching.standard
    ) throws(EnvelopeError) -> PassphraseKey {
        try PassphraseKey(
            passphrase: passphrase, salt: randomBytes(Argon2id.saltByteCount),
            derivation: derivation)
    }
}
