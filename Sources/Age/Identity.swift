public import Crypto

/// Who opens a file.
public enum Identity: Sendable {
    case x25519(X25519Identity)
    case sshEd25519(SSHEd25519Identity)
    /// A passphrase, and the largest exponent of scrypt's N to compute for it.
    case passphrase(SharedSecret, maximumWorkFactor: Int = Recipient.maximumWorkFactor)

    /// The recipient that this identity opens for; nil for a passphrase.
    public var recipient: Recipient? {
        switch self {
        case .x25519(let identity): .x25519(identity.publicKey)
        case .sshEd25519(let identity): .sshEd25519(identity.publicKey)
        case .passphrase: nil
        }
    }

    func unwrap(_ stanza: Stanza) throws(AgeError) -> FileKey? {
        switch self {
        case .x25519(let identity): try X25519Stanza.unwrap(stanza, with: identity)
        case .sshEd25519(let identity): try SSHEd25519Stanza.unwrap(stanza, with: identity)
        case .passphrase(let passphrase, let maximum):
            try ScryptStanza.unwrap(stanza, with: passphrase, maximumWorkFactor: maximum)
        }
    }

    var isPassphrase: Bool { if case .passphrase = self { true } else { false } }
}

/// An X25519 key pair.
public struct X25519Identity: Sendable {
    let secretKey: SharedSecret
    public let publicKey: [UInt8]

    static let prefix = "age-secret-key-"

    /// - Parameter secretKey: 32 bytes.
    public init(secretKey: SharedSecret) {
        precondition(secretKey.bytes.count == X25519.byteCount)
        self.secretKey = secretKey
        publicKey = secretKey.bytes.withBytes { X25519.publicKey(of: $0) }
    }

    /// Reads `AGE-SECRET-KEY-1…`.
    init(_ text: ArraySlice<UInt8>) throws(KeyFault) {
        var decoded = try Bech32.key(text)
        guard decoded.prefix == Self.prefix else {
            throw decoded.prefix.hasPrefix("age-plugin-")
                ? .unsupported("plugin")
                : decoded.prefix == "age-secret-key-pq-"
                    ? .unsupported("post-quantum hybrid") : .notAKey
        }
        guard decoded.isUpperCase else { throw .wrongCase }
        guard decoded.bytes.count == X25519.byteCount else { throw .badLength }
        self.init(secretKey: SharedSecret(SecretBytes(moving: &decoded.bytes)))
    }

    /// `AGE-SECRET-KEY-1…` in ASCII, for an identity file; wipe it after use.
    public var secretText: [UInt8] {
        secretKey.bytes.withBytes { Bech32.encode(prefix: Self.prefix, $0, upperCase: true) }
    }

    /// `age1…`.
    public var recipientText: String { Recipient.text(x25519: publicKey) }
}

/// An Ed25519 key of OpenSSH, as the X25519 key that it converts to.
public struct SSHEd25519Identity: Sendable {
    public let publicKey: SSHPublicKey
    let x25519: SharedSecret

    /// - Parameter seed: 32 bytes.
    /// - Throws: where `publicKey` is not that of the seed.
    init(seed: UnsafeBufferPointer<UInt8>, publicKey: [UInt8]) throws(KeyFault) {
        let pair = Ed25519.keyPair(seed: seed)
        guard pair.publicKey == publicKey else { throw .malformedKeyFile }
        self.publicKey = try SSHPublicKey(ed25519: publicKey)
        x25519 = SharedSecret(Ed25519.x25519SecretKey(of: pair.secretKey.bytes))
    }
}
