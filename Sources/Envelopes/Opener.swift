public import Crypto
public import Identities

/// A message that was opened: its signature, if it has one, and its commitment hold.
public struct OpenedMessage: Sendable {
    public let message: Message
    public let envelope: Envelope
    /// Whose key opened it; nil where a passphrase did.
    public let recipient: Fingerprint?
}

/// Opens envelopes with the keys at hand.
public struct Opener {
    private let identities: [SecretIdentity]
    private let passphrase: SharedSecret?
    /// The last one, since a stream of messages is sealed under one salt.
    private var passphraseKey: PassphraseKey?

    public init(identities: [SecretIdentity], passphrase: SharedSecret? = nil) {
        self.identities = identities
        self.passphrase = passphrase
    }

    /// Whose keys are at hand.
    public var fingerprints: [Fingerprint] { identities.map(\.fingerprint) }
    public var hasPassphrase: Bool { passphrase != nil }

    /// Opens one message, after its signature, and before that its sender if `senders` names any.
    ///
    /// Nothing is decrypted before the signature holds, and no byte of the content before the
    /// commitment does. Whether the message was opened before is `ReplayLog`'s to say.
    ///
    /// - Throws: `wrongSender`, `unsigned`, `badSignature`, `wrongKey`, `wrongPassphrase`,
    ///   `needsPassphrase`, `needsKey`, `tampered`, `costlyDerivation`, `outOfMemory`.
    public mutating func open(
        _ envelope: Envelope, from senders: Set<Fingerprint> = []
    ) throws(EnvelopeError) -> OpenedMessage {
        if !senders.isEmpty {
            guard let sender = envelope.sender else { throw .unsigned }
            guard senders.contains(sender) else { throw .wrongSender(sender) }
        }
        let transcript = envelope.transcript.bytes
        let transcriptHash = SHA256.hash(transcript)
        if let seal = envelope.seal {
            let statement = envelope.signedStatement(transcriptHash: transcriptHash)
            guard
                Ed25519.verify(
                    seal.signature, of: statement, publicKey: seal.sender.signKey)
            else { throw .badSignature }
        }
        switch envelope.mode {
        case .box(let recipients, let sealedKeys):
            return try openBox(envelope, recipients, sealedKeys, transcript, transcriptHash)
        case .passphrase(let salt, let derivation):
            let key = try passphraseKey(salt, derivation)
            let message = try key.key.bytes.withBytes { key throws(EnvelopeError) in
                try Self.decrypt(
                    envelope, contentKey: key, transcript, transcriptHash,
                    otherwise: .wrongPassphrase)
            }
            return OpenedMessage(message: message, envelope: envelope, recipient: nil)
        }
    }

    private func openBox(
        _ envelope: Envelope, _ recipients: [Fingerprint], _ sealedKeys: [UInt8],
        _ transcript: [UInt8], _ transcriptHash: [UInt8]
    ) throws(EnvelopeError) -> OpenedMessage {
        if identities.isEmpty { throw .needsKey }
        for (index, recipient) in recipients.enumerated() {
            guard let identity = identities.first(where: { $0.fingerprint == recipient }) else {
                continue
            }
            let start = index * Envelope.sealedKeyByteCount
            let sealedKey = Array(sealedKeys[start..<start + Envelope.sealedKeyByteCount])
            let message = try withSecretScratch(count: 32) { contentKey throws(EnvelopeError) in
                try Self.open(
                    sealedKey, by: identity, header: envelope.header.bytes, into: contentKey)
                return try Self.decrypt(
                    envelope, contentKey: UnsafeBufferPointer(contentKey), transcript,
                    transcriptHash, otherwise: .tampered)
            }
            return OpenedMessage(message: message, envelope: envelope, recipient: recipient)
        }
        throw .wrongKey
    }

    private static func open(
        _ sealedKey: [UInt8], by identity: SecretIdentity, header: [UInt8],
        into contentKey: UnsafeMutableBufferPointer<UInt8>
    ) throws(EnvelopeError) {
        let isOpen = identity.withAgreementKey { secretKey in
            try? HPKE.withRecipient(
                encapsulatedKey: Array(sealedKey.prefix(HPKE.keyByteCount)), secretKey: secretKey,
                publicKey: identity.publicIdentity.agreeKey, info: Envelope.hpkeInfo
            ) { context in
                sealedKey.withUnsafeBufferPointer { sealedKey in
                    do throws(AuthenticationFailure) {
                        try context.open(
                            UnsafeBufferPointer(rebasing: sealedKey[HPKE.keyByteCount...]),
                            header: header, into: contentKey)
                        return true
                    } catch { return false }
                }
            }
        }
        guard isOpen == true else { throw .tampered }
    }

    private static func decrypt(
        _ envelope: Envelope, contentKey: UnsafeBufferPointer<UInt8>, _ transcript: [UInt8],
        _ transcriptHash: [UInt8], otherwise mismatch: EnvelopeError
    ) throws(EnvelopeError) -> Message {
        try envelope.withContentKeys(from: contentKey, transcriptHash: transcriptHash) {
            key, commitment throws(EnvelopeError) in
            guard constantTimeEqual(commitment, envelope.commitment) else { throw mismatch }
            var padded: [UInt8]
            do throws(AuthenticationFailure) {
                padded = try AEADKey.open(
                    .aes256GCM, key: key, envelope.ciphertext + envelope.tag,
                    nonce: envelope.initializationVector, header: transcript)
            } catch { throw .tampered }
            defer { wipe(&padded) }
            guard let message = Message(padded: padded) else { throw .tampered }
            return message
        }
    }

    private mutating func passphraseKey(
        _ salt: [UInt8], _ derivation: Argon2id
    ) throws(EnvelopeError) -> PassphraseKey {
        guard let passphrase else { throw .needsPassphrase }
        if let last = passphraseKey, last.salt == salt, last.derivation == derivation {
            return last
        }
        let key = try PassphraseKey(
            passphrase: passphrase.bytes, salt: salt, derivation: derivation)
        passphraseKey = key
        return key
    }
}
