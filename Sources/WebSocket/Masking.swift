/// Applies a masking key to the bytes from `start` on, in place (RFC 6455 section 5.3).
///
/// - Parameters:
///   - key: the four bytes of the key as a little-endian number.
///   - phase: how many bytes of the frame's payload came before.
/// - Returns: whether all these bytes are below 0x80, after masking.
@discardableResult
func applyMask(_ key: UInt32, phase: Int, to bytes: inout [UInt8], from start: Int) -> Bool {
    let turn = UInt32(truncatingIfNeeded: phase & 3) * 8
    let key = key >> turn | key << (32 &- turn & 31)
    return unsafe bytes.withUnsafeMutableBytes { bytes in
        let wide = UInt64(key) << 32 | UInt64(key)
        var (at, seen) = (start, UInt64(0))
        while at &+ 8 <= bytes.count {
            let word = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) ^ wide
            unsafe bytes.storeBytes(of: word, toByteOffset: at, as: UInt64.self)
            seen |= word
            at &+= 8
        }
        var shift: UInt64 = 0
        while at < bytes.count {
            let byte = unsafe bytes[at] ^ UInt8(truncatingIfNeeded: wide >> shift)
            unsafe bytes[at] = byte
            seen |= UInt64(byte)
            shift &+= 8
            at &+= 1
        }
        return seen & 0x8080_8080_8080_8080 == 0
    }
}

/// Where a client takes its masking keys from; they must not be guessable (RFC 6455 section 10.3).
public final class MaskingKeys {
    private var generator: any RandomNumberGenerator

    public init(_ generator: any RandomNumberGenerator = SystemRandomNumberGenerator()) {
        self.generator = generator
    }

    func next() -> UInt32 { UInt32(truncatingIfNeeded: generator.next()) }
}
