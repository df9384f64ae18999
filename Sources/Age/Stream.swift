internal import Crypto

/// The key of a file's payload.
public struct PayloadKey: Sendable {
    let secret: SharedSecret
}

/// The shape of a payload: chunks of 64 KiB, each with a tag, the last one marked and maybe short.
public enum PayloadChunk {
    public static let byteCount = 64 * 1024
    public static let sealedByteCount = byteCount + tagByteCount
    public static let tagByteCount = AEADKey.tagByteCount

    /// The counter of 11 bytes, big-endian, and whether the chunk is the last.
    static func nonce(index: UInt64, isLast: Bool) -> [UInt8] {
        var nonce = [UInt8](repeating: 0, count: AEADKey.nonceByteCount)
        for at in 0..<8 { nonce[10 - at] = UInt8(truncatingIfNeeded: index >> UInt64(8 * at)) }
        nonce[11] = isLast ? 1 : 0
        return nonce
    }
}

/// Seals the chunks of one payload, in any order; each thread takes one of its own.
public struct ChunkSealer: ~Copyable, @unchecked Sendable {
    private let key: AEADKey

    /// - Parameter bulk: whether much more than a megabyte is to come.
    public init(_ key: PayloadKey, bulk: Bool = false) {
        self.key = AEADKey(.chaCha20Poly1305, key: key.secret.bytes, seals: true, bulk: bulk)
    }

    /// Writes `plaintext.count + 16` bytes; `sealed` may begin where `plaintext` does.
    ///
    /// - Precondition: a chunk is full unless it is the last, and empty only if it is the last of
    ///   one.
    public func sealChunk(
        _ plaintext: UnsafeBufferPointer<UInt8>, index: UInt64, isLast: Bool,
        into sealed: UnsafeMutableBufferPointer<UInt8>
    ) {
        precondition(plaintext.count <= PayloadChunk.byteCount)
        precondition(isLast || plaintext.count == PayloadChunk.byteCount)
        precondition(!plaintext.isEmpty || index == 0)
        key.seal(
            plaintext, nonce: PayloadChunk.nonce(index: index, isLast: isLast), into: sealed)
    }
}

/// Opens the chunks of one payload, in any order; each thread takes one of its own.
public struct ChunkOpener: ~Copyable, @unchecked Sendable {
    private let key: AEADKey

    /// - Parameter bulk: whether much more than a megabyte is to come.
    public init(_ key: PayloadKey, bulk: Bool = false) {
        self.key = AEADKey(.chaCha20Poly1305, key: key.secret.bytes, seals: false, bulk: bulk)
    }

    /// Writes `sealed.count - 16` bytes, or zeros when it throws, and says whether the chunk is
    /// marked as the last. `plaintext` must not overlap `sealed`: a full chunk may be tried twice.
    public func openChunk(
        _ sealed: UnsafeBufferPointer<UInt8>, index: UInt64,
        into plaintext: UnsafeMutableBufferPointer<UInt8>
    ) throws(AgeError) -> Bool {
        guard sealed.count > AEADKey.tagByteCount || index == 0,
            sealed.count >= AEADKey.tagByteCount
        else { throw .payload(.truncated) }
        if sealed.count == PayloadChunk.sealedByteCount,
            opens(sealed, index: index, isLast: false, into: plaintext)
        {
            return false
        }
        guard opens(sealed, index: index, isLast: true, into: plaintext) else {
            let isFull = sealed.count == PayloadChunk.sealedByteCount
            throw .payload(isFull ? .badChunk(index) : .badEnd(index))
        }
        return true
    }

    private func opens(
        _ sealed: UnsafeBufferPointer<UInt8>, index: UInt64, isLast: Bool,
        into plaintext: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        let nonce = PayloadChunk.nonce(index: index, isLast: isLast)
        do throws(AuthenticationFailure) {
            try key.open(sealed, nonce: nonce, into: plaintext)
            return true
        } catch { return false }
    }
}

/// How a payload of some size is cut, as far as its size tells.
public struct PayloadLayout: Equatable, Sendable {
    public let chunkCount: Int
    public let plaintextByteCount: Int
    /// What the tags add.
    public var tagByteCount: Int { chunkCount * AEADKey.tagByteCount }

    /// - Parameter sealedByteCount: the bytes after the nonce.
    /// - Returns: nil where no payload has that size.
    public init?(sealedByteCount: Int) {
        guard sealedByteCount >= AEADKey.tagByteCount else { return nil }
        let rest = sealedByteCount % PayloadChunk.sealedByteCount
        chunkCount = sealedByteCount / PayloadChunk.sealedByteCount + (rest > 0 ? 1 : 0)
        let isEmptyTail = rest == AEADKey.tagByteCount && chunkCount > 1
        guard rest == 0 || rest >= AEADKey.tagByteCount, !isEmptyTail else { return nil }
        plaintextByteCount = sealedByteCount - chunkCount * AEADKey.tagByteCount
    }
}
