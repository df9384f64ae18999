internal import JSON
internal import SocketIO
internal import WebSocket
internal import Wire

/// A line that somebody copied from a browser, a log or a capture.
enum PastedFrame {
    private static let separator: UInt8 = 0x1e
    /// Fewer bytes in hexadecimal are rather a slip in a packet.
    private static let leastByteCount = 2

    /// The packets of a line; none for an empty one.
    static func decode(_ line: [UInt8]) throws(PastedFrameError) -> [JSON] {
        let text = trimmed(line[...])
        guard !text.isEmpty else { return [] }
        if JSONScanner.isUTF8(text), let packets = packets(unescaped(text)) { return packets }
        guard let bytes = bytes(of: text), bytes.count >= leastByteCount else { throw .noFrame }
        return objects(of: bytes)
    }

    /// A packet, or the packets of a polling body.
    private static func packets(_ text: ArraySlice<UInt8>) -> [JSON]? {
        var objects: [JSON] = []
        for part in text.split(separator: separator, omittingEmptySubsequences: false) {
            if part.first == 0x62, let bytes = Base64.standard.decode(part.dropFirst()) {
                objects.append(
                    object(of: PacketSummary(binary: bytes[...]), byteCount: bytes.count))
            } else if let summary = try? PacketSummary(engine: part), isPlausible(summary) {
                objects.append(object(of: summary, byteCount: part.count))
            } else if let summary = try? PacketSummary(socket: part), isPlausible(summary) {
                objects.append(object(of: summary, byteCount: part.count))
            } else {
                return nil
            }
        }
        return objects
    }

    /// Whether what follows the type is what may follow it: many a text begins with a digit.
    private static func isPlausible(_ summary: PacketSummary) -> Bool {
        let contents = summary.contents
        switch (summary.engine, summary.kind) {
        case (_, .connect), (_, .connectError), (_, .disconnect):
            guard summary.acknowledgement == nil else { return false }
        default: break
        }
        switch (summary.engine, summary.kind) {
        case (.ping, _), (.pong, _): return contents.isEmpty || contents.elementsEqual("probe".utf8)
        case (.close, _), (.upgrade, _), (.noop, _), (_, .disconnect): return contents.isEmpty
        case (.open, _): return (try? JSON(parsing: contents))?.members != nil
        case (_, .connect), (_, .connectError):
            guard !contents.isEmpty else { return summary.kind == .connect }
            return (try? JSON(parsing: contents)) != nil
        default: return true
        }
    }

    /// Bytes: a text packet, WebSocket frames that hold some, or an attachment.
    private static func objects(of bytes: [UInt8]) -> [JSON] {
        if JSONScanner.isUTF8(bytes[...]), let packets = packets(bytes[...]) { return packets }
        if let messages = WebSocketCapture.messages(in: bytes) {
            return messages.flatMap { message -> [JSON] in
                if message.isText, let packets = packets(message.bytes[...]) { return packets }
                return [
                    object(
                        of: PacketSummary(binary: message.bytes[...]),
                        byteCount: message.bytes.count)
                ]
            }
        }
        return [object(of: PacketSummary(binary: bytes[...]), byteCount: bytes.count)]
    }

    private static func object(of summary: PacketSummary, byteCount: Int) -> JSON {
        var members = [
            JSON.Member("engine", .string(summary.engine.rawValue)),
            JSON.Member("byteCount", .integer(byteCount)),
        ]
        guard let kind = summary.kind else {
            return .object(members + contents(of: summary))
        }
        members.append(JSON.Member("type", .string(kind.rawValue)))
        members.append(JSON.Member("namespace", .string(summary.namespace)))
        if let event = summary.event { members.append(JSON.Member("event", .string(event))) }
        if let id = summary.acknowledgement { members.append(JSON.Member("ack", .integer(id))) }
        if summary.attachmentCount > 0 {
            members.append(JSON.Member("attachments", .integer(summary.attachmentCount)))
        }
        return .object(members + contents(of: summary))
    }

    private static func contents(of summary: PacketSummary) -> [JSON.Member] {
        let contents = summary.contents
        switch (summary.engine, summary.kind) {
        case (.binary, _):
            return [JSON.Member("bytes", .string(Base64.standard.encode(Array(contents))))]
        case (.open, _):
            let members = (try? JSON(parsing: contents))?.members ?? []
            return [JSON.Member("handshake", .object(members.map(withoutSession)))]
        case (.ping, _), (.pong, _):
            return contents.isEmpty ? [] : [JSON.Member("isProbe", true)]
        case (_, .event), (_, .binaryEvent), (_, .ack), (_, .binaryAck):
            let array = (try? JSON(parsing: [0x5b] + contents + [0x5d])) ?? []
            return [JSON.Member("arguments", array)]
        case (_, .connect):
            guard let members = (try? JSON(parsing: contents))?.members else { return [] }
            // Of a client its token, of the relay the names of the session.
            return [JSON.Member("members", .array(members.map { .string($0.name) }))]
        case (_, .connectError):
            return [JSON.Member("error", (try? JSON(parsing: contents)) ?? .null)]
        default: return []
        }
    }

    private static func withoutSession(_ member: JSON.Member) -> JSON.Member {
        member.name == "sid" ? JSON.Member("sid", "…") : member
    }

    // MARK: Text

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    /// With `\x1e` and `\u001e` as the byte that they stand for.
    private static func unescaped(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var result: [UInt8] = []
        var rest = text
        while let first = rest.first {
            let written = [Array(#"\x1e"#.utf8), Array(#"\u001e"#.utf8), Array(#"\x1E"#.utf8)]
                .first { rest.starts(with: $0) }
            if let written {
                result.append(separator)
                rest = rest.dropFirst(written.count)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result[...]
    }

    /// Hexadecimal, in pairs with spaces or colons between or none, or Base64.
    private static func bytes(of text: ArraySlice<UInt8>) -> [UInt8]? {
        var digits = text.filter { $0 != 0x20 && $0 != 0x3a && $0 != 0x2c }
        if digits.starts(with: "0x".utf8) { digits.removeFirst(2) }
        let lowered = digits.map { (0x41...0x46).contains($0) ? $0 + 0x20 : $0 }
        if let bytes = Hex.decode(String(decoding: lowered, as: UTF8.self)) { return bytes }
        return Base64.standard.decode(text) ?? Base64.url.decode(text)
    }
}
