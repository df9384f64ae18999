public import Clock
public import Crypto
public import Identities

/// One sealed message (parley-envelope(5)): what stands in its line of JSON, decoded.
public struct Envelope: Equatable, Sendable {
    public static let idByteCount = 16
    static let initializationVectorByteCount = 12
    static let commitmentByteCount = 32

    /// The longest line that is read, in bytes without its newline. It has room for the longest
    /// message; the limit keeps a hostile line from filling the memory.
    public static let maximumTextByteCount = 16 << 20
    /// The longest message that is sealed. What is longer is a file, and wants a stream.
    public static let maximumMessageByteCount = 8 << 20
    public static let maximumRecipientCount = 1024

    /// How the content key is had.
    public enum Mode: Equatable, Sendable {
        /// By HPKE, for each recipient alike. `sealedKeys` has 80 bytes for each, in their order:
        /// the encapsulated key, and the content key sealed under it.
        case box(recipients: [Fingerprint], sealedKeys: [UInt8])
        /// From a passphrase, stretched.
        case passphrase(salt: [UInt8], Argon2id)
    }

    /// The public keys that a signed envelope names as its sender's.
    public struct Sender: Equatable, Sendable {
        public let signKey: [UInt8]
        public let agreeKey: [UInt8]
        public let fingerprint: Fingerprint

        init(signKey: [UInt8], agreeKey: [UInt8]) {
            self.signKey = signKey
            self.agreeKey = agreeKey
            fingerprint = Fingerprint(signKey: signKey, agreeKey: agreeKey)
        }
    }

    /// Who signed it, and the signature; nil for an anonymous message.
    public struct Seal: Equatable, Sendable {
        public let sender: Sender
        public var signature: [UInt8]
    }

    /// Random, and the same on every copy of the message.
    public let id: [UInt8]
    public let timestamp: Timestamp
    /// Counts the sender's messages from 1; 0 in an anonymous message.
    public let sequence: UInt64
    public let mode: Mode
    public var seal: Seal?
    /// 12 random bytes: the salt of the content key, and the nonce under it.
    public let initializationVector: [UInt8]
    public var commitment: [UInt8] = []
    public var ciphertext: [UInt8] = []
    public var tag: [UInt8] = []

    /// The signer's fingerprint. It says nothing until the signature has been verified.
    public var sender: Fingerprint? { seal?.sender.fingerprint }

    public var recipients: [Fingerprint] {
        if case .box(let recipients, _) = mode { recipients } else { [] }
    }
}
