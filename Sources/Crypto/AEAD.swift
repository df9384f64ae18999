internal import CLibcrypto
internal import CSodium
public import Failures

/// The text was not sealed with this key, nonce and header, or has been changed since.
///
/// There is one case and it carries nothing, so that no caller can leak why a forgery failed.
public struct AuthenticationFailure: Failure, Equatable {
    public init() {}
    public var kind: FailureKind { .refused }
    public var code: String { "tampered" }
    public var message: String { "the message was altered, or is not for this key" }
}

/// A key of an AEAD with nonces of 12 bytes and tags of 16, for one cipher.
///
/// Short messages are sealed by libsodium. A key made with `bulk` uses OpenSSL, which is 2.5 times
/// as fast at bulk and is loaded only then; so does AES where libsodium finds no AES instructions.
/// Not safe to share between threads: each takes a key of its own.
public struct AEADKey: ~Copyable, @unchecked Sendable {
    public enum Cipher: Sendable {
        /// RFC 8439 section 2.8.
        case chaCha20Poly1305
        /// NIST SP 800-38D.
        case aes256GCM
    }

    public static let byteCount = 32
    public static let nonceByteCount = 12
    public static let tagByteCount = 16

    private let cipher: Cipher
    private let secret: SharedSecret?
    private let context: OpaquePointer?
    private let seals: Bool

    /// - Parameters:
    ///   - key: 32 bytes, copied into guarded memory or into OpenSSL's context.
    ///   - seals: whether the key is for `seal` or for `open`.
    ///   - bulk: whether much more than a megabyte is to come.
    public init(
        _ cipher: Cipher, key: UnsafeBufferPointer<UInt8>, seals: Bool, bulk: Bool = false
    ) {
        precondition(sodiumIsReady && key.count == Self.byteCount)
        let needsLibcrypto = cipher == .aes256GCM && crypto_aead_aes256gcm_is_available() == 0
        let context = Self.context(cipher, key: key, seals: seals, bulk: bulk || needsLibcrypto)
        precondition(context != nil || !needsLibcrypto, "AES needs libcrypto on this processor")
        let secret: SharedSecret? = context == nil ? Self.copy(key) : nil
        // Nothing before this line reads or sets a property of self: with optimisation Swift 6.3.1
        // else destroys what `secret` held before, which is nothing.
        self.cipher = cipher
        self.seals = seals
        self.context = context
        self.secret = secret
    }

    private static func context(
        _ cipher: Cipher, key: UnsafeBufferPointer<UInt8>, seals: Bool, bulk: Bool
    ) -> OpaquePointer? {
        guard bulk, libcrypto_load() else { return nil }
        let which = cipher == .aes256GCM ? LIBCRYPTO_AES_256_GCM : LIBCRYPTO_CHACHA20_POLY1305
        return libcrypto_context_new(which, key.pointer, seals ? 1 : 0)
    }

    private static func copy(_ key: UnsafeBufferPointer<UInt8>) -> SharedSecret {
        SharedSecret(SecretBytes(count: key.count) { bytes in _ = bytes.update(from: key) })
    }

    public init(
        _ cipher: Cipher, key: borrowing SecretBytes, seals: Bool, bulk: Bool = false
    ) {
        let bytes = UnsafeBufferPointer(start: key.start, count: key.count)
        self.init(cipher, key: bytes, seals: seals, bulk: bulk)
    }

    /// Writes the ciphertext and then its tag: `plaintext.count + 16` bytes.
    public func seal(
        _ plaintext: UnsafeBufferPointer<UInt8>, nonce: [UInt8], header: [UInt8] = [],
        into sealed: UnsafeMutableBufferPointer<UInt8>
    ) {
        precondition(seals && nonce.count == Self.nonceByteCount)
        precondition(sealed.count == plaintext.count + Self.tagByteCount)
        if let context {
            let status = libcrypto_seal(
                context, nonce, header, header.count, plaintext.pointer, plaintext.count,
                sealed.pointer)
            precondition(status == 1, "libcrypto cannot seal")
        } else {
            withKey { key in
                Self.seal(
                    cipher, key: key, plaintext, nonce: nonce, header: header, into: sealed)
            }
        }
    }

    /// Writes the plaintext: `sealed.count - 16` bytes, or zeros when it throws.
    public func open(
        _ sealed: UnsafeBufferPointer<UInt8>, nonce: [UInt8], header: [UInt8] = [],
        into plaintext: UnsafeMutableBufferPointer<UInt8>
    ) throws(AuthenticationFailure) {
        precondition(!seals && nonce.count == Self.nonceByteCount)
        guard sealed.count >= Self.tagByteCount else { throw AuthenticationFailure() }
        precondition(plaintext.count == sealed.count - Self.tagByteCount)
        let isGenuine =
            if let context {
                libcrypto_open(
                    context, nonce, header, header.count, sealed.pointer, sealed.count,
                    plaintext.pointer) == 1
            } else {
                withKey { key in
                    Self.open(
                        cipher, key: key, sealed, nonce: nonce, header: header, into: plaintext)
                }
            }
        guard isGenuine else {
            sodium_memzero(plaintext.pointer, plaintext.count)
            throw AuthenticationFailure()
        }
    }

    private borrowing func withKey<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        guard let secret else { preconditionFailure("the key is in OpenSSL's context") }
        return secret.bytes.withBytes { body($0.pointer) }
    }

    deinit { if let context { libcrypto_context_free(context) } }
}

extension AEADKey {
    private static func seal(
        _ cipher: Cipher, key: UnsafePointer<UInt8>, _ plaintext: UnsafeBufferPointer<UInt8>,
        nonce: [UInt8], header: [UInt8], into sealed: UnsafeMutableBufferPointer<UInt8>
    ) {
        switch cipher {
        case .chaCha20Poly1305:
            crypto_aead_chacha20poly1305_ietf_encrypt(
                sealed.pointer, nil, plaintext.pointer, UInt64(plaintext.count), header,
                UInt64(header.count), nil, nonce, key)
        case .aes256GCM:
            crypto_aead_aes256gcm_encrypt(
                sealed.pointer, nil, plaintext.pointer, UInt64(plaintext.count), header,
                UInt64(header.count), nil, nonce, key)
        }
    }

    private static func open(
        _ cipher: Cipher, key: UnsafePointer<UInt8>, _ sealed: UnsafeBufferPointer<UInt8>,
        nonce: [UInt8], header: [UInt8], into plaintext: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        switch cipher {
        case .chaCha20Poly1305:
            crypto_aead_chacha20poly1305_ietf_decrypt(
                plaintext.pointer, nil, nil, sealed.pointer, UInt64(sealed.count), header,
                UInt64(header.count), nonce, key) == 0
        case .aes256GCM:
            crypto_aead_aes256gcm_decrypt(
                plaintext.pointer, nil, nil, sealed.pointer, UInt64(sealed.count), header,
                UInt64(header.count), nonce, key) == 0
        }
    }

    /// Seals one short message under a key that is used for nothing else.
    public static func seal(
        _ cipher: Cipher, key: UnsafeBufferPointer<UInt8>, _ plaintext: [UInt8], nonce: [UInt8],
        header: [UInt8] = []
    ) -> [UInt8] {
        let count = plaintext.count + tagByteCount
        return [UInt8](unsafeUninitializedCapacity: count) { sealed, filled in
            let room = UnsafeMutableBufferPointer(rebasing: sealed[0..<count])
            plaintext.withUnsafeBufferPointer { plaintext in
                seal(cipher, key: key, plaintext, nonce: nonce, header: header, into: room)
            }
            filled = count
        }
    }

    /// The same, into memory of the caller's: `plaintext.count + 16` bytes.
    public static func seal(
        _ cipher: Cipher, key: UnsafeBufferPointer<UInt8>,
        _ plaintext: UnsafeBufferPointer<UInt8>, nonce: [UInt8], header: [UInt8] = [],
        into sealed: UnsafeMutableBufferPointer<UInt8>
    ) {
        precondition(key.count == byteCount && nonce.count == nonceByteCount)
        precondition(sealed.count == plaintext.count + tagByteCount)
        if hasFastPath(cipher) {
            seal(
                cipher, key: key.pointer, plaintext, nonce: nonce, header: header, into: sealed)
        } else {
            AEADKey(cipher, key: key, seals: true)
                .seal(plaintext, nonce: nonce, header: header, into: sealed)
        }
    }

    /// Opens one short message; no byte of the plaintext leaves this function when it throws.
    public static func open(
        _ cipher: Cipher, key: UnsafeBufferPointer<UInt8>, _ sealed: [UInt8], nonce: [UInt8],
        header: [UInt8] = []
    ) throws(AuthenticationFailure) -> [UInt8] {
        guard sealed.count >= tagByteCount else { throw AuthenticationFailure() }
        var plaintext = [UInt8](repeating: 0, count: sealed.count - tagByteCount)
        let isGenuine = sealed.withUnsafeBufferPointer { sealed in
            plaintext.withUnsafeMutableBufferPointer { plaintext in
                opens(cipher, key: key, sealed, nonce: nonce, header: header, into: plaintext)
            }
        }
        guard isGenuine else { throw AuthenticationFailure() }
        return plaintext
    }

    /// The same, into memory of the caller's: `sealed.count - 16` bytes, or zeros when it throws.
    public static func open(
        _ cipher: Cipher, key: UnsafeBufferPointer<UInt8>, _ sealed: UnsafeBufferPointer<UInt8>,
        nonce: [UInt8], header: [UInt8] = [], into plaintext: UnsafeMutableBufferPointer<UInt8>
    ) throws(AuthenticationFailure) {
        guard opens(cipher, key: key, sealed, nonce: nonce, header: header, into: plaintext) else {
            throw AuthenticationFailure()
        }
    }

    private static func opens(
        _ cipher: Cipher, key: UnsafeBufferPointer<UInt8>, _ sealed: UnsafeBufferPointer<UInt8>,
        nonce: [UInt8], header: [UInt8], into plaintext: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        precondition(key.count == byteCount && nonce.count == nonceByteCount)
        guard sealed.count >= tagByteCount else { return false }
        precondition(plaintext.count == sealed.count - tagByteCount)
        var isGenuine = false
        if hasFastPath(cipher) {
            isGenuine = open(
                cipher, key: key.pointer, sealed, nonce: nonce, header: header, into: plaintext)
        } else {
            let key = AEADKey(cipher, key: key, seals: false)
            do throws(AuthenticationFailure) {
                try key.open(sealed, nonce: nonce, header: header, into: plaintext)
                isGenuine = true
            } catch {}
        }
        if !isGenuine { sodium_memzero(plaintext.pointer, plaintext.count) }
        return isGenuine
    }

    private static func hasFastPath(_ cipher: Cipher) -> Bool {
        precondition(sodiumIsReady)
        return cipher == .chaCha20Poly1305 || crypto_aead_aes256gcm_is_available() == 1
    }
}
