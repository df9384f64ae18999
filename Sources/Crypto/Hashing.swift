internal import CLibcrypto
internal import CSodium

/// SHA-256 (FIPS 180-4).
public struct SHA256: Sendable {
    public static let byteCount = 32

    /// From this size on OpenSSL's code, four times as fast, earns back the time to load it.
    private static let bulkByteCount = 1 << 20

    private var state = crypto_hash_sha256_state()

    public init() { crypto_hash_sha256_init(&state) }

    public mutating func update(_ bytes: some Collection<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable {
            _ = crypto_hash_sha256_update(&state, $0.pointer, UInt64($0.count))
        }
        if done == nil { update(Array(bytes)) }
    }

    public consuming func finalize() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.byteCount)
        crypto_hash_sha256_final(&state, &digest)
        return digest
    }

    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: byteCount)
        if bytes.count >= bulkByteCount, libcrypto_load(),
            libcrypto_sha256(bytes, bytes.count, &digest) == 1
        {
            return digest
        }
        crypto_hash_sha256(&digest, bytes, UInt64(bytes.count))
        return digest
    }
}

/// SHA-512 (FIPS 180-4).
public enum SHA512 {
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 64)
        crypto_hash_sha512(&digest, bytes, UInt64(bytes.count))
        return digest
    }
}

/// HMAC-SHA256 (RFC 2104).
public struct HMACSHA256 {
    public static let byteCount = 32
    private var state = crypto_auth_hmacsha256_state()

    public init(key: UnsafeBufferPointer<UInt8>) {
        crypto_auth_hmacsha256_init(&state, key.pointer, key.count)
    }

    public mutating func update(_ bytes: [UInt8]) {
        crypto_auth_hmacsha256_update(&state, bytes, UInt64(bytes.count))
    }

    public mutating func update(_ bytes: UnsafeBufferPointer<UInt8>) {
        crypto_auth_hmacsha256_update(&state, bytes.pointer, UInt64(bytes.count))
    }

    /// Writes `byteCount` bytes and wipes the state.
    public mutating func finalize(into tag: UnsafeMutablePointer<UInt8>) {
        crypto_auth_hmacsha256_final(&state, tag)
        sodium_memzero(&state, MemoryLayout.size(ofValue: state))
    }

    public mutating func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { tag, count in
            finalize(into: tag.pointer)
            count = Self.byteCount
        }
    }

    public static func authenticate(_ bytes: [UInt8], key: borrowing SecretBytes) -> [UInt8] {
        key.withBytes { key in authenticate(bytes, key: key) }
    }

    public static func authenticate(_ bytes: [UInt8], key: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var hmac = HMACSHA256(key: key)
        hmac.update(bytes)
        return hmac.finalize()
    }
}

/// HKDF with SHA-256 (RFC 5869).
public enum HKDF {
    /// Section 2.2: writes the pseudorandom key of 32 bytes.
    public static func extract(
        salt: [UInt8], inputKey: UnsafeBufferPointer<UInt8>,
        into key: UnsafeMutableBufferPointer<UInt8>
    ) {
        precondition(key.count == 32)
        var hmac = salt.withUnsafeBufferPointer { HMACSHA256(key: $0) }
        hmac.update(inputKey)
        hmac.finalize(into: key.pointer)
    }

    /// Section 2.3: fills `output`.
    ///
    /// - Precondition: `output` is at most 8160 bytes long.
    public static func expand(
        key: UnsafeBufferPointer<UInt8>, info: [UInt8],
        into output: UnsafeMutableBufferPointer<UInt8>
    ) {
        precondition(output.count <= 255 * 32)
        withSecretScratch(count: 32) { block in
            for start in stride(from: 0, to: output.count, by: 32) {
                var hmac = HMACSHA256(key: key)
                if start > 0 { hmac.update(UnsafeBufferPointer(block)) }
                hmac.update(info)
                hmac.update([UInt8(start / 32 + 1)])
                hmac.finalize(into: block.pointer)
                let count = min(32, output.count - start)
                for at in 0..<count { output[start + at] = block[at] }
            }
        }
    }

    /// Extract, then expand.
    public static func derive(
        inputKey: UnsafeBufferPointer<UInt8>, salt: [UInt8], info: [UInt8], count: Int
    ) -> SecretBytes {
        SecretBytes(count: count) { output in
            withSecretScratch(count: 32) { key in
                extract(salt: salt, inputKey: inputKey, into: key)
                expand(key: UnsafeBufferPointer(key), info: info, into: output)
            }
        }
    }
}
