internal import Crypto
internal import JWT
internal import Platform
internal import TLS
internal import Wire

extension RelayOptions {
    /// The secret of the file that was named, or else of `$JWT_SECRET`, or else of the file beside
    /// the database. A file is made where there is none.
    func signingKey() throws -> SigningKey {
        if let key = try existingSigningKey() { return key }
        var text = Array((Base64.standard.encode(randomBytes(32)) + "\n").utf8)
        try KeyFile.write(SecretBytes(moving: &text), to: secretFile)
        return try SigningKey(SharedSecret(Self.trimmed(try KeyFile.read(secretFile))))
    }

    /// The same; nil where there is no secret yet.
    func existingSigningKey() throws -> SigningKey? {
        if !namesSecretFile, let text = Environment.process["JWT_SECRET"] {
            var bytes = Array(text.utf8)
            return try SigningKey(SharedSecret(SecretBytes(moving: &bytes)))
        }
        do {
            return try SigningKey(SharedSecret(Self.trimmed(try KeyFile.read(secretFile))))
        } catch FileError.notThere { return nil }
    }

    /// The secret without the end of its line, which editors put there.
    private static func trimmed(_ secret: borrowing SecretBytes) -> SecretBytes {
        secret.withBytes { bytes in
            var count = bytes.count
            while count > 0, bytes[count - 1] == 0x0a || bytes[count - 1] == 0x0d { count -= 1 }
            return SecretBytes(count: count) { room in
                _ = room.update(from: bytes[..<count])
            }
        }
    }

    /// What notices are signed with: the bytes of the file, or those that Base64 after `whsec_`
    /// stands for.
    func notifySecret() throws -> SharedSecret? {
        guard let notifySecretFile else { return nil }
        let text = Self.trimmed(try KeyFile.read(notifySecretFile))
        let prefix = Array("whsec_".utf8)
        let decoded = text.withBytes { bytes -> [UInt8]? in
            guard bytes.starts(with: prefix) else { return nil }
            return Base64.standard.decode(Array(bytes.dropFirst(prefix.count))[...])
        }
        guard var decoded else { return SharedSecret(text) }
        return SharedSecret(SecretBytes(moving: &decoded))
    }

    func tlsContext() throws -> Context? {
        guard let chainFile = certificateFile, let keyFile = privateKeyFile else {
            return nil
        }
        let chain = try InputFile(chainFile).readAll(limit: KeyFile.sizeLimit)
        let key = try KeyFile.read(keyFile)
        do throws(TLSError) {
            return try key.withBytes { bytes throws(TLSError) in
                try Context(certificateChain: chain, privateKey: bytes)
            }
        } catch {
            let failure = CertificateFailure(error, certificate: chainFile, key: keyFile)
            if let failure { throw failure }
            throw error
        }
    }
}
