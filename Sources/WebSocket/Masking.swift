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

/// Copies `payload` to the start of `target`, which has room for it, and masks or unmasks it on
/// the way.
///
/// - Returns: as `applyMask` does.
func copy(_ payload: Span<UInt8>, to target: inout [UInt8], applying key: UInt32) -> Bool {
    unsafe payload.withUnsafeBytes { source in
        unsafe target.withUnsafeMutableBytes { target in
            precondition(target.count >= source.count)
            let wide = UInt64(key) << 32 | UInt64(key)
            let block = SIMD2(repeating: wide)
            var (at, seen) = (0, SIMD2<UInt64>())
            while at &+ 16 <= source.count {
                let plain =
                    unsafe source.loadUnaligned(fromByteOffset: at, as: SIMD2<UInt64>.self)
                    ^ block
                unsafe target.storeBytes(of: plain, toByteOffset: at, as: SIMD2<UInt64>.self)
                seen |= plain
                at &+= 16
            }
            var all = seen[0] | seen[1]
            var shift: UInt64 = 0
            while at < source.count {
                let byte = unsafe source[at] ^ UInt8(truncatingIfNeeded: wide >> shift)
                unsafe target[at] = byte
                all |= UInt64(byte)
                shift = (shift &+ 8) & 63
                at &+= 1
            }
            return all & 0x8080_8080_8080_8080 == 0
        }
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
