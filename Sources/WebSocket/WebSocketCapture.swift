/// WebSocket messages out of a capture of one direction: bytes as they went over the wire.
public enum WebSocketCapture {
    public struct Message: Equatable, Sendable {
        public let isText: Bool
        public let bytes: [UInt8]
    }

    /// Messages in frames that fill the bytes exactly, masked or not; nil for anything else.
    /// Control frames are passed over.
    public static func messages(in bytes: [UInt8]) -> [Message]? {
        var messages: [Message] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let parsed = try? FrameHeader.parse(rest) else { return nil }
            let (header, headerCount) = parsed
            guard header.count <= rest.count - headerCount, header.isFinal,
                header.opcode != .continuation
            else { return nil }
            rest = rest.dropFirst(headerCount)
            var payload = Array(rest.prefix(header.count))
            rest = rest.dropFirst(header.count)
            if let key = header.maskingKey {
                for index in payload.indices {
                    payload[index] ^= UInt8(truncatingIfNeeded: key >> UInt32(index % 4 * 8))
                }
            }
            guard !header.opcode.isControl else { continue }
            messages.append(Message(isText: header.opcode == .text, bytes: payload))
        }
        return messages.isEmpty ? nil : messages
    }
}
