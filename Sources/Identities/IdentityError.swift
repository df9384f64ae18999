public import Failures

/// Why a key or an identity is not accepted.
public enum IdentityError: Failure, Equatable {
    /// Not JSON, or a member is missing, unknown, of the wrong type or out of its range.
    case notAPublicIdentity(String)
    case unsupportedVersion(String)
    /// The signature does not join these two keys and this name.
    case badSignature
    /// The fingerprint or the age recipient is that of other keys.
    case inconsistent(member: String)
    case badName(String)
    /// Nothing in the file is a secret key.
    case noSecretKey
    case damagedKey(line: Int)
    /// The key derivation asks for more than `Stretching` allows.
    case costlyDerivation
    case wrongPassphrase
    case outOfMemory

    public var kind: FailureKind {
        switch self {
        case .badSignature, .inconsistent, .wrongPassphrase: .refused
        case .badName: .usage
        case .outOfMemory: .temporary
        default: .malformed
        }
    }

    public var code: String {
        switch self {
        case .notAPublicIdentity: "notAnIdentity"
        case .unsupportedVersion: "unsupportedVersion"
        case .badSignature: "badSignature"
        case .inconsistent: "tampered"
        case .badName: "badName"
        case .noSecretKey, .damagedKey: "badKeyFile"
        case .costlyDerivation: "costlyDerivation"
        case .wrongPassphrase: "wrongPassphrase"
        case .outOfMemory: "outOfMemory"
        }
    }

    public var message: String {
        switch self {
        case .notAPublicIdentity(let why): "not a public identity: \(why)"
        case .unsupportedVersion(let version): "version \(version) of an identity is not known here"
        case .badSignature: "the identity's signature does not verify"
        case .inconsistent(let member): "the identity's \"\(member)\" is not that of its keys"
        case .badName(let why): "the name \(why)"
        case .noSecretKey: "there is no secret key in the file"
        case .damagedKey(let line): "the key on line \(line) is damaged"
        case .costlyDerivation: "the key file asks for too much memory or time"
        case .wrongPassphrase: "the passphrase is wrong"
        case .outOfMemory: "there is not enough memory for the key derivation"
        }
    }

    public var hint: String? {
        switch self {
        case .notAPublicIdentity: "give what `keygen --public` prints"
        case .badSignature, .inconsistent: "get the identity again, from its owner"
        case .noSecretKey: "make a key with keygen"
        default: nil
        }
    }
}
