internal import Crypto

/// The public half of an identity: a key to verify its signatures, a key to seal for it, and a
/// name, the three joined by a signature of the first.
///
/// A value of this type has been verified: there is no other way to make one.
public struct PublicIdentity: Equatable, Sendable {
    /// The longest name, in bytes of UTF-8.
    public static let maximumNameByteCount = 128

    public let name: String
    /// Ed25519 (RFC 8032).
    public let signKey: [UInt8]
    /// X25519 (RFC 7748).
    public let agreeKey: [UInt8]
    /// By `signKey`, of the name and both keys.
    public let signature: [UInt8]
    public let fingerprint: Fingerprint

    /// - Throws: `badSignature`, also when a key or the signature has the wrong length; `badName`.
    public init(
        name: String, signKey: [UInt8], agreeKey: [UInt8], signature: [UInt8]
    ) throws(IdentityError) {
        try Self.check(name: name)
        let statement = Self.statement(name: name, signKey: signKey, agreeKey: agreeKey)
        guard agreeKey.count == X25519.byteCount,
            Ed25519.verify(signature, of: statement, publicKey: signKey)
        else { throw .badSignature }
        self.init(verified: name, signKey: signKey, agreeKey: agreeKey, signature: signature)
    }

    init(verified name: String, signKey: [UInt8], agreeKey: [UInt8], signature: [UInt8]) {
        self.name = name
        self.signKey = signKey
        self.agreeKey = agreeKey
        self.signature = signature
        fingerprint = Fingerprint(signKey: signKey, agreeKey: agreeKey)
    }

    /// What the signature is of.
    static func statement(name: String, signKey: [UInt8], agreeKey: [UInt8]) -> [UInt8] {
        var transcript = Transcript("parley/identity/v1")
        transcript.append(name)
        transcript.append(signKey)
        transcript.append(agreeKey)
        return transcript.bytes
    }

    /// A name stands in comments and on terminals, so it is one line without control characters.
    static func check(name: String) throws(IdentityError) {
        guard name.utf8.count <= maximumNameByteCount else {
            throw .badName("is longer than \(maximumNameByteCount) bytes")
        }
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate: false
            default: true
            }
        }
        guard isPlain else { throw .badName("has control characters in it") }
    }
}
