public import Crypto

/// Hybrid public key encryption (RFC 9180) in base mode, with the one suite DHKEM(X25519,
/// HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
public enum HPKE {
    /// Nsk, Npk and Nenc of section 7.1.
    public static let keyByteCount = 32
    public static let tagByteCount = AEADKey.tagByteCount

    /// What both sides must know besides the keys, as the key schedule takes it (section 5.1).
    public struct Info: Sendable {
        fileprivate let keyScheduleContext: [UInt8]

        public init(_ info: [UInt8]) {
            let baseMode: [UInt8] = [0]
            keyScheduleContext =
                baseMode + Labels.extract("psk_id_hash", of: [])
                + Labels.extract("info_hash", of: info)
        }
    }

    /// Sets up the sender's context and lends it to `body` (SetupBaseS, section 5.1.1).
    ///
    /// - Parameter ephemeralKey: an X25519 secret key that is used this once.
    /// - Throws: `LowOrderPoint` where the recipient's key is no key.
    public static func withSender<Result>(
        to publicKey: [UInt8], ephemeralKey: UnsafeBufferPointer<UInt8>, info: Info,
        _ body: (_ encapsulatedKey: [UInt8], _ context: inout Context) -> Result
    ) throws(LowOrderPoint) -> Result {
        let encapsulatedKey = X25519.publicKey(of: ephemeralKey)
        return try withSharedSecret(
            of: ephemeralKey, and: publicKey, context: encapsulatedKey + publicKey
        ) { secret in
            withContext(secret, info) { context in body(encapsulatedKey, &context) }
        }
    }

    /// Sets up the recipient's context and lends it to `body` (SetupBaseR, section 5.1.1).
    public static func withRecipient<Result>(
        encapsulatedKey: [UInt8], secretKey: UnsafeBufferPointer<UInt8>, publicKey: [UInt8],
        info: Info, _ body: (_ context: inout Context) -> Result
    ) throws(LowOrderPoint) -> Result {
        try withSharedSecret(
            of: secretKey, and: encapsulatedKey, context: encapsulatedKey + publicKey
        ) { secret in
            withContext(secret, info, body)
        }
    }

    /// Encap and Decap (section 4.1) but for their key handling.
    private static func withSharedSecret<Result>(
        of secretKey: UnsafeBufferPointer<UInt8>, and publicKey: [UInt8], context: [UInt8],
        _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) throws(LowOrderPoint) -> Result {
        try withSecretScratch(count: 96) { scratch throws(LowOrderPoint) in
            let agreed = UnsafeMutableBufferPointer(rebasing: scratch[0..<32])
            let key = UnsafeMutableBufferPointer(rebasing: scratch[32..<64])
            let shared = UnsafeMutableBufferPointer(rebasing: scratch[64..<96])
            try X25519.agree(secretKey: secretKey, publicKey: publicKey, into: agreed)
            Labels.eaePRK.extract(salt: nil, UnsafeBufferPointer(agreed), into: key)
            Labels.sharedSecret.expand(key, context, into: shared)
            return body(UnsafeBufferPointer(shared))
        }
    }

    /// KeySchedule (section 5.1).
    private static func withContext<Result>(
        _ sharedSecret: UnsafeBufferPointer<UInt8>, _ info: Info,
        _ body: (inout Context) -> Result
    ) -> Result {
        withSecretScratch(count: Context.scratchByteCount) { scratch in
            var context = Context(scratch, info.keyScheduleContext)
            Labels.secret.extract(
                salt: sharedSecret, UnsafeBufferPointer(start: nil, count: 0),
                into: context.secret)
            Labels.key.expand(context.secret, info.keyScheduleContext, into: context.key)
            let nonce = UnsafeMutableBufferPointer(rebasing: scratch[64..<76])
            Labels.baseNonce.expand(context.secret, info.keyScheduleContext, into: nonce)
            context.baseNonce = Array(nonce)
            return body(&context)
        }
    }
}

extension HPKE {
    /// One side's state (section 5.2): a key, and the number of messages so far.
    public struct Context {
        fileprivate static let scratchByteCount = 76

        fileprivate let secret: UnsafeMutableBufferPointer<UInt8>
        fileprivate let key: UnsafeMutableBufferPointer<UInt8>
        fileprivate var baseNonce: [UInt8] = []
        private let keyScheduleContext: [UInt8]
        private var sequenceNumber: UInt64 = 0

        fileprivate init(
            _ scratch: UnsafeMutableBufferPointer<UInt8>, _ keyScheduleContext: [UInt8]
        ) {
            secret = UnsafeMutableBufferPointer(rebasing: scratch[0..<32])
            key = UnsafeMutableBufferPointer(rebasing: scratch[32..<64])
            self.keyScheduleContext = keyScheduleContext
        }

        /// Writes the ciphertext and its tag: `plaintext.count + 16` bytes.
        public mutating func seal(
            _ plaintext: UnsafeBufferPointer<UInt8>, header: [UInt8],
            into sealed: UnsafeMutableBufferPointer<UInt8>
        ) {
            AEADKey.seal(
                .aes256GCM, key: UnsafeBufferPointer(key), plaintext, nonce: nextNonce(),
                header: header, into: sealed)
        }

        /// Writes the plaintext: `sealed.count - 16` bytes, or zeros when it throws.
        public mutating func open(
            _ sealed: UnsafeBufferPointer<UInt8>, header: [UInt8],
            into plaintext: UnsafeMutableBufferPointer<UInt8>
        ) throws(AuthenticationFailure) {
            try AEADKey.open(
                .aes256GCM, key: UnsafeBufferPointer(key), sealed, nonce: nextNonce(),
                header: header, into: plaintext)
        }

        /// A secret that both sides can derive, for use elsewhere (section 5.3).
        public func export(_ exporterContext: [UInt8], count: Int) -> SecretBytes {
            SecretBytes(count: count) { exported in
                withSecretScratch(count: 32) { exporterSecret in
                    Labels.exporter.expand(secret, keyScheduleContext, into: exporterSecret)
                    Labels.export.expand(exporterSecret, exporterContext, into: exported)
                }
            }
        }

        /// ComputeNonce and IncrementSeq (section 5.2).
        private mutating func nextNonce() -> [UInt8] {
            var nonce = baseNonce
            for at in 0..<8 {
                nonce[4 + at] ^= UInt8(truncatingIfNeeded: sequenceNumber >> (56 - 8 * at))
            }
            sequenceNumber += 1
            return nonce
        }
    }
}

/// LabeledExtract and LabeledExpand (section 4), with what they put in front made beforehand.
private struct Labels {
    static let eaePRK = Labels("eae_prk", suite: kemSuite)
    static let sharedSecret = Labels("shared_secret", suite: kemSuite)
    static let secret = Labels("secret")
    static let key = Labels("key")
    static let baseNonce = Labels("base_nonce")
    static let exporter = Labels("exp")
    static let export = Labels("sec")

    /// `"KEM" || I2OSP(0x0020, 2)` (section 4.1).
    private static let kemSuite = Array("KEM".utf8) + [0x00, 0x20]
    /// `"HPKE"`, then the numbers of KEM, KDF and AEAD (section 5.1).
    private static let suite = Array("HPKE".utf8) + [0x00, 0x20, 0x00, 0x01, 0x00, 0x02]

    private let prefix: [UInt8]

    private init(_ label: String, suite: [UInt8] = Self.suite) {
        prefix = Array("HPKE-v1".utf8) + suite + Array(label.utf8)
    }

    /// For what is not secret.
    static func extract(_ label: String, of text: [UInt8]) -> [UInt8] {
        let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        return HMACSHA256.authenticate(Labels(label).prefix + text, key: nothing)
    }

    func extract(
        salt: UnsafeBufferPointer<UInt8>?, _ inputKey: UnsafeBufferPointer<UInt8>,
        into key: UnsafeMutableBufferPointer<UInt8>
    ) {
        var hmac = HMACSHA256(key: salt ?? UnsafeBufferPointer(start: nil, count: 0))
        hmac.update(prefix)
        hmac.update(inputKey)
        hmac.finalize(into: key.baseAddress!)
    }

    func expand(
        _ key: UnsafeMutableBufferPointer<UInt8>, _ info: [UInt8],
        into output: UnsafeMutableBufferPointer<UInt8>
    ) {
        let count = UInt16(output.count)
        var labelled = [UInt8(count >> 8), UInt8(count & 0xFF)]
        labelled.reserveCapacity(2 + prefix.count + info.count)
        labelled += prefix
        labelled += info
        HKDF.expand(key: UnsafeBufferPointer(key), info: labelled, into: output)
    }
}
