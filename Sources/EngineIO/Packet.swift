internal import Wire

/// The kinds of Engine.IO packets (protocol 4); the raw value is the character that leads one.
enum PacketType: UInt8 {
    case open = 0x30
    case close = 0x31
    case ping = 0x32
    case pong = 0x33
    case message = 0x34
    case upgrade = 0x35
    case noop = 0x36
}

/// What one packet of a polling body, or one WebSocket message, carries.
enum Packet: Equatable {
    case text(PacketType, ArraySlice<UInt8>)
    case binary([UInt8])

    /// What stands between the packets of a polling body: U+001E, the record separator.
    static let separator: UInt8 = 0x1e
    /// What leads a binary message in a polling body, before its Base64.
    static let binaryPrefix: UInt8 = 0x62

    /// Takes the first packet off a polling body, with the separator after it.
    static func next(_ body: inout ArraySlice<UInt8>) throws(EngineIOError) -> Packet {
        let bytes = body.prefix { $0 != separator }
        let isLast = bytes.endIndex == body.endIndex
        body = body[(isLast ? bytes.endIndex : bytes.endIndex + 1)...]
        // A separator at the end has an empty packet after it, which is none.
        if !isLast, body.isEmpty { throw .malformedPacket }
        if bytes.first == binaryPrefix {
            guard let decoded = Base64.standard.decode(bytes.dropFirst()) else {
                throw .malformedPacket
            }
            return .binary(decoded)
        }
        return try text(bytes)
    }

    static func text(_ bytes: ArraySlice<UInt8>) throws(EngineIOError) -> Packet {
        guard let first = bytes.first, let type = PacketType(rawValue: first) else {
            throw .malformedPacket
        }
        return .text(type, bytes.dropFirst())
    }
}

extension Packet {
    static func appendBase64(_ bytes: [UInt8], to output: inout [UInt8]) {
        Base64.standard.encode(bytes, to: &output)
    }
}
