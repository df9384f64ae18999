internal import CLibcrypto

/// OpenSSL could not be loaded, which the primitive needs.
public struct LibcryptoMissing: Error, Equatable {}

/// AES-256-CBC with PKCS#7 padding (NIST SP 800-38A section 6.2, RFC 5652 section 6.3), and the key
/// derivation that went with it in OpenSSL. Neither authenticates anything: only for what others
/// have written.
public enum LegacyCBC {
    public static let keyByteCount = 32
    public static let blockByteCount = 16
    private static let digestByteCount = 16

    /// EVP_BytesToKey with MD5 and one round: a key of 32 bytes and an IV of 16.
    public static func keyAndIV(
        passphrase: UnsafeBufferPointer<UInt8>, salt: [UInt8]
    ) throws(LibcryptoMissing) -> SecretBytes {
        guard libcrypto_load() else { throw LibcryptoMissing() }
        let count = keyByteCount + blockByteCount
        return SecretBytes(count: count) { output in
            withSecretScratch(count: passphrase.count + salt.count) { input in
                for (at, byte) in passphrase.enumerated() { input[at] = byte }
                for (at, byte) in salt.enumerated() { input[passphrase.count + at] = byte }
                for start in stride(from: 0, to: count, by: digestByteCount) {
                    let previous = max(0, start - digestByteCount)
                    let status = libcrypto_md5(
                        output.pointer + previous, start - previous, input.pointer, input.count,
                        output.pointer + start)
                    precondition(status == 1, "libcrypto cannot hash")
                }
            }
        }
    }

    /// - Parameters:
    ///   - key: 32 bytes.
    ///   - iv: 16 bytes.
    public static func seal(
        _ plaintext: [UInt8], key: UnsafeBufferPointer<UInt8>, iv: UnsafeBufferPointer<UInt8>
    ) throws(LibcryptoMissing) -> [UInt8] {
        guard let sealed = try run(plaintext, key: key, iv: iv, seals: true) else {
            preconditionFailure("libcrypto cannot seal")
        }
        return sealed
    }

    /// The plaintext; nil where the length or the padding is wrong, and which is not told.
    public static func open(
        _ sealed: [UInt8], key: UnsafeBufferPointer<UInt8>, iv: UnsafeBufferPointer<UInt8>
    ) throws(LibcryptoMissing) -> [UInt8]? {
        try run(sealed, key: key, iv: iv, seals: false)
    }

    private static func run(
        _ input: [UInt8], key: UnsafeBufferPointer<UInt8>, iv: UnsafeBufferPointer<UInt8>,
        seals: Bool
    ) throws(LibcryptoMissing) -> [UInt8]? {
        precondition(key.count == keyByteCount && iv.count == blockByteCount)
        guard libcrypto_load(),
            let context = libcrypto_context_new(
                LIBCRYPTO_AES_256_CBC, key.pointer, seals ? 1 : 0)
        else { throw LibcryptoMissing() }
        defer { libcrypto_context_free(context) }
        var output = [UInt8](repeating: 0, count: input.count + blockByteCount)
        let count = libcrypto_cbc(context, iv.pointer, input, input.count, &output)
        guard count >= 0 else {
            wipe(&output)
            return nil
        }
        output.removeLast(output.count - count)
        return output
    }
}
