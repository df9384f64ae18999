public import Age
public import Clock
public import Crypto

/// The secret half of an identity: one seed of 32 bytes, from which both key pairs come.
///
/// The seed alone is what is kept and backed up. Each key is derived under a name of its own, so
/// that giving away one of them, to age for example, gives away nothing of the other.
public struct SecretIdentity: Sendable {
    public static let seedByteCount = 32

    public let created: Timestamp?
    /// The public half.
    public let publicIdentity: PublicIdentity
    let seed: SharedSecret
    /// libsodium's form of 64 bytes.
    let signingKey: SharedSecret
    let agreementKey: SharedSecret

    /// - Throws: `badName`.
    public init(
        seed: consuming SecretBytes, name: String, created: Timestamp? = nil
    ) throws(IdentityError) {
        precondition(seed.count == Self.seedByteCount)
        try PublicIdentity.check(name: name)
        let (signing, signKey) = unsafe Self.derive("ed25519", from: seed).withBytes { seed in
            unsafe Ed25519.keyPair(seed: seed)
        }
        let agreement = Self.derive("x25519", from: seed)
        let agreeKey = unsafe agreement.withBytes { secret in unsafe X25519.publicKey(of: secret) }
        let statement = PublicIdentity.statement(
            name: name, signKey: signKey, agreeKey: agreeKey)
        publicIdentity = PublicIdentity(
            verified: name, signKey: signKey, agreeKey: agreeKey,
            signature: Ed25519.sign(statement, secretKey: signing.bytes))
        self.created = created
        self.seed = SharedSecret(seed)
        signingKey = signing
        agreementKey = SharedSecret(agreement)
    }

    public static func random(
        name: String, created: Timestamp?
    ) throws(IdentityError) -> SecretIdentity {
        try SecretIdentity(seed: .random(count: seedByteCount), name: name, created: created)
    }

    public var fingerprint: Fingerprint { publicIdentity.fingerprint }

    /// The X25519 key as an identity of age, to open files sealed to `publicIdentity.ageRecipient`.
    public var ageIdentity: X25519Identity { X25519Identity(secretKey: agreementKey) }

    /// An Ed25519 signature. `message` begins with a domain, as every `Transcript` does.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        Ed25519.sign(message, secretKey: signingKey.bytes)
    }

    /// Lends the X25519 secret key.
    public func withAgreementKey<Result, E: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(E) -> Result
    ) throws(E) -> Result {
        unsafe try agreementKey.bytes.withBytes { bytes throws(E) in unsafe try body(bytes) }
    }

    private static func derive(_ key: String, from seed: borrowing SecretBytes) -> SecretBytes {
        unsafe seed.withBytes { seed in
            unsafe HKDF.derive(
                inputKey: seed, salt: [], info: Array("parley/identity/v1/\(key)".utf8), count: 32)
        }
    }
}
