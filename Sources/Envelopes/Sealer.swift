public import Clock
internal import Crypto
public import Identities

/// Seals messages of one sender for the same recipients. It holds no changing state, so several
/// threads may share one.
public struct Sealer: Sendable {
    private enum Keying: Sendable {
        case recipients([PublicIdentity])
        case passphrase(PassphraseKey)
    }

    private let sender: SecretIdentity?
    private let namedSender: Envelope.Sender?
    private let keying: Keying

    /// - Parameters:
    ///   - sender: who signs; nil for an anonymous message.
    ///   - recipients: each is sealed for once, however often it is named.
    /// - Throws: `noRecipients`, `tooManyRecipients`.
    public init(
        sender: SecretIdentity?, recipients: [PublicIdentity]
    ) throws(EnvelopeError) {
        var seen: Set<Fingerprint> = []
        let unique = recipients.filter { seen.insert($0.fingerprint).inserted }
        guard !unique.isEmpty else { throw .noRecipients }
        guard unique.count <= Envelope.maximumRecipientCount else { throw .tooManyRecipients }
        self.init(sender: sender, keying: .recipients(unique))
    }

    public init(sender: SecretIdentity?, passphrase: PassphraseKey) {
        self.init(sender: sender, keying: .passphrase(passphrase))
    }

    private init(sender: SecretIdentity?, keying: Keying) {
        self.sender = sender
        self.keying = keying
        namedSender = sender.map {
            Envelope.Sender(
                signKey: $0.publicIdentity.signKey, agreeKey: $0.publicIdentity.agreeKey)
        }
    }

    /// Seals one message.
    ///
    /// - Parameter sequence: never used before by this sender; ignored in an anonymous message.
    /// - Throws: `messageTooLong`, `weakKey`.
    public func seal(
        _ message: Message, sequence: UInt64, at now: Timestamp
    ) throws(EnvelopeError) -> Envelope {
        try withSecretScratch(count: randomByteCount) { random throws(EnvelopeError) in
            fillWithRandomBytes(random)
            return try seal(
                message, sequence: sequence, at: now, random: UnsafeBufferPointer(random))
        }
    }

    /// How many random bytes a message takes: `id`, `iv`, the content key, and an ephemeral key
    /// for each recipient, in this order.
    package var randomByteCount: Int {
        let recipientCount = if case .recipients(let all) = keying { all.count } else { 0 }
        return Self.contentKeyRange.upperBound + recipientCount * HPKE.keyByteCount
    }

    private static let contentKeyRange = 28..<60

    package func seal(
        _ message: Message, sequence: UInt64, at now: Timestamp,
        random: UnsafeBufferPointer<UInt8>
    ) throws(EnvelopeError) -> Envelope {
        guard message.bytes.count <= Envelope.maximumMessageByteCount else {
            throw .messageTooLong
        }
        let contentKey = UnsafeBufferPointer(rebasing: random[Self.contentKeyRange])
        let plain = Envelope(
            id: Array(random[0..<16]), timestamp: now, sequence: sender == nil ? 0 : sequence,
            mode: emptyMode, seal: namedSender.map { Envelope.Seal(sender: $0, signature: []) },
            initializationVector: Array(random[16..<28]))
        switch keying {
        case .passphrase(let passphrase):
            return passphrase.key.bytes.withBytes { finish(plain, message, contentKey: $0) }
        case .recipients(let recipients):
            let ephemeralKeys = UnsafeBufferPointer(
                rebasing: random[Self.contentKeyRange.upperBound...])
            let sealedKeys = try Self.seal(
                contentKey, for: recipients, ephemeralKeys, header: plain.header.bytes)
            let keyed = Envelope(
                id: plain.id, timestamp: now, sequence: plain.sequence,
                mode: .box(recipients: plain.recipients, sealedKeys: sealedKeys),
                seal: plain.seal, initializationVector: plain.initializationVector)
            return finish(keyed, message, contentKey: contentKey)
        }
    }

    private var emptyMode: Envelope.Mode {
        switch keying {
        case .recipients(let all): .box(recipients: all.map(\.fingerprint), sealedKeys: [])
        case .passphrase(let key): .passphrase(salt: key.salt, key.derivation)
        }
    }

    /// The content key, sealed for each recipient by HPKE under an ephemeral key of its own.
    private static func seal(
        _ contentKey: UnsafeBufferPointer<UInt8>, for recipients: [PublicIdentity],
        _ ephemeralKeys: UnsafeBufferPointer<UInt8>, header: [UInt8]
    ) throws(EnvelopeError) -> [UInt8] {
        var sealedKeys: [UInt8] = []
        sealedKeys.reserveCapacity(recipients.count * Envelope.sealedKeyByteCount)
        for (index, recipient) in recipients.enumerated() {
            let start = index * HPKE.keyByteCount
            let ephemeralKey = UnsafeBufferPointer(
                rebasing: ephemeralKeys[start..<start + HPKE.keyByteCount])
            do throws(LowOrderPoint) {
                try HPKE.withSender(
                    to: recipient.agreeKey, ephemeralKey: ephemeralKey, info: Envelope.hpkeInfo
                ) { encapsulatedKey, context in
                    sealedKeys += encapsulatedKey
                    sealedKeys += context.seal(contentKey, header: header)
                }
            } catch { throw .weakKey(name: recipient.name) }
        }
        return sealedKeys
    }

    /// Encrypts and signs.
    private func finish(
        _ keyed: Envelope, _ message: Message, contentKey: UnsafeBufferPointer<UInt8>
    ) -> Envelope {
        var envelope = keyed
        let transcript = envelope.transcript.bytes
        let transcriptHash = SHA256.hash(transcript)
        var padded = message.padded
        defer { wipe(&padded) }
        envelope.withContentKeys(from: contentKey, transcriptHash: transcriptHash) {
            key, commitment in
            var sealed = AEADKey.seal(
                .aes256GCM, key: key, padded, nonce: keyed.initializationVector,
                header: transcript)
            envelope.tag = Array(sealed.suffix(AEADKey.tagByteCount))
            sealed.removeLast(AEADKey.tagByteCount)
            envelope.ciphertext = sealed
            envelope.commitment = Array(commitment)
        }
        if let sender {
            let statement = envelope.signedStatement(transcriptHash: transcriptHash)
            envelope.seal?.signature = sender.sign(statement)
        }
        return envelope
    }
}

extension Envelope {
    /// An encapsulated key, and a content key with its tag.
    static let sealedKeyByteCount = HPKE.keyByteCount + 32 + HPKE.tagByteCount
    static let hpkeInfo = HPKE.Info(Transcript("parley/envelope/v1/recipient").bytes)
}

extension HPKE.Context {
    fileprivate mutating func seal(
        _ plaintext: UnsafeBufferPointer<UInt8>, header: [UInt8]
    ) -> [UInt8] {
        let count = plaintext.count + HPKE.tagByteCount
        return [UInt8](unsafeUninitializedCapacity: count) { sealed, filled in
            let room = UnsafeMutableBufferPointer(rebasing: sealed[0..<count])
            seal(plaintext, header: header, into: room)
            filled = count
        }
    }
}
