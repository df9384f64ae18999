internal import Age
internal import Clock
public import Crypto
internal import JSON
internal import Wire

/// A secret identity under a passphrase, as its key file holds it.
///
/// The text is one word of Bech32 over: the number of passes in 1 byte, the memory in KiB in 4,
/// a salt of 16, a commitment to the passphrase of 32, and the seed sealed with AES-256-GCM.
public struct ProtectedIdentity: Sendable {
    static let prefix = "parley-protected-key-"
    private static let byteCount = 1 + 4 + 16 + 32 + SecretIdentity.seedByteCount + 16

    private let publicText: [UInt8]
    let name: String
    let created: Timestamp?
    private let derivation: Argon2id
    private let salt: [UInt8]
    private let commitment: [UInt8]
    private let sealedSeed: [UInt8]

    /// - Throws: `outOfMemory`.
    public init(
        _ identity: SecretIdentity, passphrase: borrowing SecretBytes,
        derivation: Argon2id = Stretching.standard
    ) throws(IdentityError) {
        let salt = randomBytes(Argon2id.saltByteCount)
        let keys = try Self.keys(passphrase, salt, derivation)
        self.salt = salt
        self.derivation = derivation
        publicText = identity.publicIdentity.json.encoded
        name = identity.publicIdentity.name
        created = identity.created
        (commitment, sealedSeed) = unsafe keys.withBytes { keys in
            unsafe identity.seed.bytes.withBytes { seed in
                let sealed = unsafe [UInt8](
                    unsafeUninitializedCapacity: seed.count + AEADKey.tagByteCount
                ) { sealed, filled in
                    unsafe AEADKey.seal(
                        .aes256GCM, key: UnsafeBufferPointer(rebasing: keys[..<32]), seed,
                        nonce: Self.nonce, into: sealed)
                    filled = sealed.count
                }
                return unsafe (Array(keys[32...]), sealed)
            }
        }
    }

    /// Reads the bytes of the text; nil where there are too few or too many.
    init?(decoding bytes: [UInt8], comments: KeyFileText.Comments) {
        guard bytes.count == Self.byteCount else { return nil }
        let memory = bytes[1..<5].reduce(0) { $0 << 8 | Int($1) }
        derivation = Argon2id(passes: Int(bytes[0]), memoryKiB: memory)
        salt = Array(bytes[5..<21])
        commitment = Array(bytes[21..<53])
        sealedSeed = Array(bytes[53...])
        name = comments.name
        created = comments.created
        publicText = comments.publicIdentity
    }

    /// The public half, where the key file's comment has it; it can be shown without a passphrase.
    public var publicIdentity: PublicIdentity? { try? PublicIdentity(parsing: publicText) }

    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.integer(UInt8(derivation.passes))
        writer.integer(UInt32(derivation.memoryKiB))
        writer.append(salt)
        writer.append(commitment)
        writer.append(sealedSeed)
        return writer.bytes
    }

    /// - Throws: `wrongPassphrase`, `costlyDerivation`, `outOfMemory`.
    public func open(passphrase: borrowing SecretBytes) throws(IdentityError) -> SecretIdentity {
        let keys = try Self.keys(passphrase, salt, derivation)
        var isGenuine = false
        let seed = unsafe SecretBytes(count: SecretIdentity.seedByteCount) { seed in
            unsafe keys.withBytes { keys in
                guard unsafe constantTimeEqual(keys[32...], commitment) else { return }
                unsafe sealedSeed.withUnsafeBufferPointer { sealed in
                    do throws(AuthenticationFailure) {
                        try unsafe AEADKey.open(
                            .aes256GCM, key: UnsafeBufferPointer(rebasing: keys[..<32]), sealed,
                            nonce: Self.nonce, into: seed)
                        isGenuine = true
                    } catch {}
                }
            }
        }
        guard isGenuine else { throw .wrongPassphrase }
        return try SecretIdentity(seed: seed, name: name, created: created)
    }

    /// The key is new for each salt, and seals once.
    private static let nonce = [UInt8](repeating: 0, count: AEADKey.nonceByteCount)

    /// The AEAD key and the commitment, 32 bytes each.
    private static func keys(
        _ passphrase: borrowing SecretBytes, _ salt: [UInt8], _ derivation: Argon2id
    ) throws(IdentityError) -> SecretBytes {
        guard Stretching.isAcceptable(derivation) else { throw .costlyDerivation }
        let stretched: SecretBytes
        do throws(OutOfMemory) {
            stretched = try unsafe passphrase.withBytes { passphrase throws(OutOfMemory) in
                try unsafe derivation.derive(password: passphrase, salt: salt, count: 32)
            }
        } catch { throw .outOfMemory }
        return unsafe stretched.withBytes { stretched in
            unsafe HKDF.derive(
                inputKey: stretched, salt: salt, info: Array("parley/protected-key/v1".utf8),
                count: 64)
        }
    }
}
