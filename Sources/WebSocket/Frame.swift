/// The kinds of frames (RFC 6455 section 5.2).
public enum Opcode: UInt8, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    var isControl: Bool { rawValue & 0x8 != 0 }
}

/// The bytes of a frame before its payload.
///
///     FIN RSV1 RSV2 RSV3 opcode(4) | MASK length(7) | length, 0, 16 or 64 bits | key, 0 or 32 bits
struct FrameHeader {
    static let maximumByteCount = 14
    static let maximumControlPayload = 125

    var isFinal: Bool
    var opcode: Opcode
    var count: Int
    /// Little-endian; nil for a frame without mask.
    var maskingKey: UInt32?

    /// Reads a header off the front of `bytes`; nil where more bytes are needed.
    static func parse(
        _ bytes: ArraySlice<UInt8>
    ) throws(WebSocketError) -> (header: FrameHeader, byteCount: Int)? {
        guard bytes.count >= 2 else { return nil }
        let start = bytes.startIndex
        let (first, second) = (bytes[start], bytes[start &+ 1])
        guard first & 0x70 == 0 else { throw .reservedBits }
        guard let opcode = Opcode(rawValue: first & 0x0F) else {
            throw .unknownOpcode(first & 0x0F)
        }
        let isFinal = first & 0x80 != 0
        let short = Int(second & 0x7F)
        if opcode.isControl, !isFinal || short > maximumControlPayload { throw .badControlFrame }
        let extended = short == 126 ? 2 : short == 127 ? 8 : 0
        let isMasked = second & 0x80 != 0
        let byteCount = 2 + extended + (isMasked ? 4 : 0)
        guard bytes.count >= byteCount else { return nil }

        var count = UInt64(short)
        if extended > 0 {
            count = 0
            for at in start &+ 2..<start &+ 2 &+ extended { count = count << 8 | UInt64(bytes[at]) }
            guard count >= (extended == 2 ? 126 : 0x1_0000), count <= Int64.max else {
                throw .badLength
            }
        }
        var key: UInt32?
        if isMasked {
            let at = start &+ byteCount &- 4
            key =
                UInt32(bytes[at]) | UInt32(bytes[at &+ 1]) << 8 | UInt32(bytes[at &+ 2]) << 16
                | UInt32(bytes[at &+ 3]) << 24
        }
        let header = FrameHeader(
            isFinal: isFinal, opcode: opcode, count: Int(count), maskingKey: key)
        return (header, byteCount)
    }

    func append(to output: inout [UInt8]) {
        let mask: UInt8 = maskingKey == nil ? 0 : 0x80
        output.append((isFinal ? 0x80 : 0) | opcode.rawValue)
        if count < 126 {
            output.append(mask | UInt8(truncatingIfNeeded: count))
        } else if count < 0x1_0000 {
            output.append(mask | 126)
            output.append(UInt8(truncatingIfNeeded: count >> 8))
            output.append(UInt8(truncatingIfNeeded: count))
        } else {
            output.append(mask | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                output.append(UInt8(truncatingIfNeeded: count >> shift))
            }
        }
        guard let key = maskingKey else { return }
        for shift in stride(from: UInt32(0), through: 24, by: 8) {
            output.append(UInt8(truncatingIfNeeded: key >> shift))
        }
    }
}

/// Appends the header of an unmasked, final frame: a server appends the payload of exactly `count`
/// bytes after it, from wherever its parts are.
public func appendFrameHeader(_ opcode: Opcode, count: Int, to output: inout [UInt8]) {
    FrameHeader(isFinal: true, opcode: opcode, count: count, maskingKey: nil).append(to: &output)
}
