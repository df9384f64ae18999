internal import CSodium

/// Secret bytes with one owner: locked in memory, never copied, wiped when the owner goes.
///
/// The memory is `sodium_malloc`'s, with guard pages on both sides, which costs some 10 µs: it is
/// for keys that live. What lives for one call uses `withSecretScratch`.
public struct SecretBytes: ~Copyable, @unchecked Sendable {
    public let count: Int
    /// For this module's calls into C, and for nothing else.
    let start: UnsafeMutablePointer<UInt8>

    /// Zeros, for `body` to fill. Nothing is kept when it throws.
    public init<E: Error>(
        count: Int, filledBy body: (UnsafeMutableBufferPointer<UInt8>) throws(E) -> Void
    ) throws(E) {
        precondition(sodiumIsReady)
        guard let memory = sodium_malloc(max(count, 1)) else {
            fatalError("no lockable memory left")
        }
        let start = memory.bindMemory(to: UInt8.self, capacity: count)
        start.update(repeating: 0, count: count)
        self.count = count
        self.start = start
        try body(UnsafeMutableBufferPointer(start: start, count: count))
    }

    public static func random(count: Int) -> SecretBytes {
        SecretBytes(count: count) { bytes in randombytes_buf(bytes.pointer, bytes.count) }
    }

    /// Takes the bytes over and wipes `source`; a copy made before is the caller's to answer for.
    public init(moving source: inout [UInt8]) {
        self.init(count: source.count) { bytes in
            source.withUnsafeBufferPointer { _ = bytes.update(from: $0) }
        }
        wipe(&source)
    }

    public func clone() -> SecretBytes {
        SecretBytes(count: count) { bytes in
            _ = bytes.update(from: UnsafeBufferPointer(start: start, count: count))
        }
    }

    public func withBytes<Result: ~Copyable, E: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(E) -> Result
    ) throws(E) -> Result {
        try body(UnsafeBufferPointer(start: start, count: count))
    }

    deinit { sodium_free(start) }
}

extension SecretBytes {
    /// Whether two secrets are equal, in a time that depends on their lengths alone.
    public static func == (a: borrowing SecretBytes, b: borrowing SecretBytes) -> Bool {
        a.count == b.count && sodium_memcmp(a.start, b.start, a.count) == 0
    }
}

/// A secret with several owners, for places that hold only copyable values.
public final class SharedSecret: Sendable {
    public let bytes: SecretBytes
    public init(_ bytes: consuming SecretBytes) { self.bytes = bytes }
}

/// Overwrites an array with zeros and empties it.
public func wipe(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { sodium_memzero($0.baseAddress!, $0.count) }
    bytes = []
}

/// Overwrites memory with zeros.
public func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
    if let start = bytes.baseAddress { sodium_memzero(start, bytes.count) }
}

/// Lends `body` zeroed memory for a secret that does not outlive it, and wipes it afterwards.
public func withSecretScratch<Result, E: Error>(
    count: Int, _ body: (UnsafeMutableBufferPointer<UInt8>) throws(E) -> Result
) throws(E) -> Result {
    let outcome: Swift.Result<Result, E> = withUnsafeTemporaryAllocation(
        of: UInt8.self, capacity: count
    ) { scratch in
        scratch.initialize(repeating: 0)
        defer { sodium_memzero(scratch.pointer, scratch.count) }
        do throws(E) { return .success(try body(scratch)) } catch { return .failure(error) }
    }
    return try outcome.get()
}

/// Whether two byte strings are equal, in a time that depends on their lengths alone.
public func constantTimeEqual(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    let (a, b) = (Array(a), Array(b))
    return sodium_memcmp(a, b, a.count) == 0
}

/// Bytes of the system's generator.
public func randomBytes(_ count: Int) -> [UInt8] {
    precondition(sodiumIsReady)
    return [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
        randombytes_buf(bytes.pointer, count)
        filled = count
    }
}

/// Fills memory of the caller's with bytes of the system's generator, in one call to it.
public func fillWithRandomBytes(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
    precondition(sodiumIsReady)
    randombytes_buf(bytes.pointer, bytes.count)
}

/// True once libsodium has started; reading it starts it, once for the process.
let sodiumIsReady = sodium_init() >= 0
