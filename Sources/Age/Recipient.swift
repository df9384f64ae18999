public import Crypto

/// Who a file is sealed to.
public enum Recipient: Sendable {
    /// An X25519 public key of 32 bytes.
    case x25519([UInt8])
    case sshEd25519(SSHPublicKey)
    /// A passphrase, and the exponent of scrypt's N.
    case passphrase(SharedSecret, workFactor: Int = Recipient.defaultWorkFactor)

    /// About 0.6 seconds and 256 MiB.
    public static let defaultWorkFactor = 18
    /// The limit that a reader sets before it computes: 4 GiB.
    public static let maximumWorkFactor = 22

    /// Reads `age1…` or a line of an OpenSSH public key file.
    public init(_ text: String) throws(AgeError) {
        try self.init(Array(text.utf8)[...], line: nil)
    }

    /// - Parameter line: the number of the line it is on, for the error.
    public init(_ text: ArraySlice<UInt8>, line: Int?) throws(AgeError) {
        let isSSH =
            text.starts(with: "ssh-".utf8) || text.starts(with: "ecdsa-".utf8)
            || text.starts(with: "sk-".utf8)
        do throws(KeyFault) {
            self =
                isSSH
                ? .sshEd25519(try SSHPublicKey(line: text))
                : .x25519(try Self.x25519PublicKey(text))
        } catch { throw .recipient(error, line: line) }
    }

    /// `age1…`, the Bech32 text of an X25519 public key.
    public static func text(x25519 publicKey: [UInt8]) -> String {
        String(decoding: Bech32.encode(prefix: prefix, publicKey), as: UTF8.self)
    }

    private static let prefix = "age"

    private static func x25519PublicKey(_ text: ArraySlice<UInt8>) throws(KeyFault) -> [UInt8] {
        let decoded = try Bech32.key(text)
        guard decoded.prefix == prefix else { throw otherKind(decoded.prefix) }
        guard !decoded.isUpperCase else { throw .wrongCase }
        guard decoded.bytes.count == X25519.byteCount else { throw .badLength }
        return decoded.bytes
    }

    /// What the part of a key before its last `1` says that the key is.
    private static func otherKind(_ prefix: String) -> KeyFault {
        switch prefix {
        case "age1pq": .unsupported("post-quantum hybrid")
        case "age1tag", "age1tagpq": .unsupported("tag")
        default: prefix.hasPrefix("age1") ? .unsupported("plugin") : .notAKey
        }
    }

    func wrap(_ fileKey: FileKey) throws(AgeError) -> Stanza {
        switch self {
        case .x25519(let publicKey): try X25519Stanza.wrap(fileKey, for: publicKey)
        case .sshEd25519(let publicKey): try SSHEd25519Stanza.wrap(fileKey, for: publicKey)
        case .passphrase(let passphrase, let workFactor):
            try ScryptStanza.wrap(fileKey, with: passphrase, workFactor: workFactor)
        }
    }

    var isPassphrase: Bool { if case .passphrase = self { true } else { false } }

    /// Whether both open with the same secret, so that one stanza is enough.
    func isSame(as other: Recipient) -> Bool {
        switch (self, other) {
        case (.x25519(let a), .x25519(let b)): a == b
        case (.sshEd25519(let a), .sshEd25519(let b)): a == b
        default: false
        }
    }
}

extension Bech32 {
    /// `decode`, with its faults as those of a key.
    static func key(_ text: ArraySlice<UInt8>) throws(KeyFault) -> Decoded {
        do throws(Bech32.Fault) {
            return try decode(text)
        } catch {
            switch error {
            case .notBech32: throw .notAKey
            case .mixedCase: throw .mixedCase
            case .badChecksum: throw .badChecksum
            }
        }
    }
}
