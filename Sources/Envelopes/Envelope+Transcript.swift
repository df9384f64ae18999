internal import Clock
internal import Crypto
package import Identities

extension Envelope {
    /// What every key and signature of this envelope is bound to but for the content key's own
    /// seals: these seal under it.
    var header: Transcript {
        var transcript = Transcript("parley/envelope/v1", reserving: 512)
        transcript.append(mode.name)
        transcript.append(id)
        transcript.append(UInt64(timestamp.milliseconds))
        transcript.append(sequence)
        transcript.append(seal?.sender.signKey ?? [])
        transcript.append(seal?.sender.agreeKey ?? [])
        transcript.append(initializationVector)
        transcript.append(UInt64(recipients.count))
        for recipient in recipients { transcript.append(recipient.bytes) }
        return transcript
    }

    /// The header, and how the content key is had: the AEAD's associated data.
    var transcript: Transcript {
        var transcript = header
        switch mode {
        case .box(_, let sealedKeys): transcript.append(sealedKeys)
        case .passphrase(let salt, let derivation):
            transcript.append(salt)
            transcript.append(UInt64(derivation.passes))
            transcript.append(UInt64(derivation.memoryKiB))
        }
        return transcript
    }

    /// What the sender signs. It holds the commitment and the tag, so that no other content can be
    /// put under the signature, and the ciphertext itself, so that it can be verified without a key.
    func signedStatement(transcriptHash: [UInt8]) -> [UInt8] {
        var statement = Transcript("parley/envelope/v1/signature")
        statement.append(transcriptHash)
        statement.append(commitment)
        statement.append(tag)
        statement.append(SHA256.hash(ciphertext))
        return statement.bytes
    }

    /// Derives the AEAD key and the commitment from the content key and lends both to `body`.
    func withContentKeys<Result, E: Error>(
        from contentKey: UnsafeBufferPointer<UInt8>, transcriptHash: [UInt8],
        _ body: (
            _ key: UnsafeBufferPointer<UInt8>, _ commitment: UnsafeBufferPointer<UInt8>
        ) throws(E) -> Result
    ) throws(E) -> Result {
        var info = Transcript("parley/envelope/v1/keys", reserving: 64)
        info.append(transcriptHash)
        return try withSecretScratch(count: 96) { scratch throws(E) in
            let pseudorandomKey = UnsafeMutableBufferPointer(rebasing: scratch[0..<32])
            HKDF.extract(salt: initializationVector, inputKey: contentKey, into: pseudorandomKey)
            HKDF.expand(
                key: UnsafeBufferPointer(pseudorandomKey), info: info.bytes,
                into: UnsafeMutableBufferPointer(rebasing: scratch[32..<96]))
            return try body(
                UnsafeBufferPointer(rebasing: scratch[32..<64]),
                UnsafeBufferPointer(rebasing: scratch[64..<96]))
        }
    }
}

extension Envelope.Mode {
    var name: String {
        switch self {
        case .box: "box"
        case .passphrase: "passphrase"
        }
    }
}

extension Envelope {
    package var transcriptBytes: [UInt8] { transcript.bytes }

    /// Puts another's signature on it, as a thief would, for the tests.
    package mutating func signAnew(by identity: SecretIdentity) {
        let sender = Sender(
            signKey: identity.publicIdentity.signKey, agreeKey: identity.publicIdentity.agreeKey)
        seal = Seal(sender: sender, signature: [])
        let statement = signedStatement(transcriptHash: SHA256.hash(transcript.bytes))
        seal?.signature = identity.sign(statement)
    }
}
