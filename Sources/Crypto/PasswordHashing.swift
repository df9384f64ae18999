internal import CSodium

/// The derivation needs more memory than there is.
public struct OutOfMemory: Error, Equatable {}

/// Argon2id, version 1.3, one lane (RFC 9106).
public struct Argon2id: Equatable, Sendable {
    /// Passes over the memory.
    public var passes: Int
    /// The memory in KiB.
    public var memoryKiB: Int

    public init(passes: Int, memoryKiB: Int) {
        self.passes = passes
        self.memoryKiB = memoryKiB
    }

    public static let saltByteCount = 16

    public func derive(
        password: UnsafeBufferPointer<UInt8>, salt: [UInt8], count: Int
    ) throws(OutOfMemory) -> SecretBytes {
        precondition(salt.count == Self.saltByteCount && sodiumIsReady)
        return try SecretBytes(count: count) { key throws(OutOfMemory) in
            let status = password.pointer.withMemoryRebound(
                to: CChar.self, capacity: password.count
            ) { start in
                crypto_pwhash(
                    key.pointer, UInt64(key.count), start, UInt64(password.count), salt,
                    UInt64(passes), memoryKiB * 1024, crypto_pwhash_ALG_ARGON2ID13)
            }
            if status != 0 { throw OutOfMemory() }
        }
    }
}

/// scrypt (RFC 7914).
public enum Scrypt {
    public static func derive(
        password: UnsafeBufferPointer<UInt8>, salt: [UInt8], n: UInt64, r: UInt32, p: UInt32,
        count: Int
    ) throws(OutOfMemory) -> SecretBytes {
        precondition(sodiumIsReady)
        return try SecretBytes(count: count) { key throws(OutOfMemory) in
            let status = crypto_pwhash_scryptsalsa208sha256_ll(
                password.pointer, password.count, salt, salt.count, n, r, p, key.pointer,
                key.count)
            if status != 0 { throw OutOfMemory() }
        }
    }
}
