internal import CLI
internal import Clock
internal import EngineIO
internal import JSON
internal import Platform
internal import SocketIO

/// Every packet as a line of JSON in a file, without what is in it: no payload, no token, no id by
/// which a session could be taken over. A thread writes it; the loop waits for no disk.
final class Trace {
    /// Bytes that may wait for the disk; what comes beyond is left out, and a line says how much.
    private static let queueByteCount = 16 << 20
    /// Bytes after which a piece goes to the thread.
    private static let pieceByteCount = 32 << 10
    /// Bytes of a name that a client chose.
    private static let nameByteCount = 128

    private let file: BackgroundFile
    private var lines: [UInt8] = []
    private var droppedCount = 0
    private var time = Timestamp(milliseconds: 0)
    private var timeText = ""

    init(_ path: String) throws {
        file = try BackgroundFile(path, queueByteCount: Self.queueByteCount)
    }

    func note(_ note: PacketNote, at now: Timestamp) {
        if now != time || timeText.isEmpty { (time, timeText) = (now, now.description) }
        var writer = JSONWriter(reserving: 192)
        writer.beginObject()
        writer.name("at")
        writer.string(timeText)
        writer.name("direction")
        writer.string(note.direction.rawValue)
        writer.name("connection")
        writer.raw(Array(String(note.session).utf8))
        writer.name("transport")
        writer.string(note.isPolling ? "polling" : "websocket")
        writer.name("byteCount")
        writer.raw(Array(String(note.bytes.count).utf8))
        if let summary = try? PacketSummary(note) {
            Self.write(summary, to: &writer)
        } else {
            writer.name("engine")
            writer.string("malformed")
        }
        writer.endObject()
        lines += writer.bytes
        lines.append(0x0a)
        if lines.count >= Self.pieceByteCount { flush() }
    }

    private static func write(_ summary: PacketSummary, to writer: inout JSONWriter) {
        writer.name("engine")
        writer.string(summary.engine.rawValue)
        guard let kind = summary.kind else { return }
        writer.name("type")
        writer.string(kind.rawValue)
        writer.name("namespace")
        writer.string(summary.namespace)
        if let event = summary.event {
            writer.name("event")
            writer.string(String(event.unicodeScalars.prefix(nameByteCount)))
        }
        if let id = summary.acknowledgement {
            writer.name("ack")
            writer.raw(Array(String(id).utf8))
        }
        if summary.attachmentCount > 0 {
            writer.name("attachments")
            writer.raw(Array(String(summary.attachmentCount).utf8))
        }
        writer.name("contentByteCount")
        writer.raw(Array(String(summary.contents.count).utf8))
    }

    /// Hands what was gathered to the thread.
    func flush() {
        guard !lines.isEmpty else { return }
        var piece: [UInt8] = []
        swap(&piece, &lines)
        let count = piece.reduce(0) { $0 + ($1 == 0x0a ? 1 : 0) }
        if droppedCount > 0 {
            let line: JSON = ["at": .string(timeText), "dropped": .integer(droppedCount)]
            piece = line.encoded + [0x0a] + piece
        }
        if file.write(piece) { droppedCount = 0 } else { droppedCount += count }
    }

    /// Why the file could not be written any more; nil while it can.
    var failure: String? { file.failure }

    func close() {
        flush()
        file.close()
    }
}
