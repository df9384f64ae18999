internal import Clock
internal import JSON

/// How far a message has come.
public enum DeliveryStatus: String, Comparable, Sendable {
    case notSent
    /// The relay has it, and keeps it until the receiver has it.
    case stored
    /// The receiver's client has it.
    case delivered
    /// The receiver's client says that it was read.
    case read

    private var rank: Int {
        switch self {
        case .notSent: 0
        case .stored: 1
        case .delivered: 2
        case .read: 3
        }
    }

    public static func < (a: DeliveryStatus, b: DeliveryStatus) -> Bool { a.rank < b.rank }
}

/// What became of a message, as `sendmsg` prints it.
struct Receipt: Equatable {
    var id: String
    var recipient: String
    var status: DeliveryStatus
    var sequence: String?
    /// When the relay stored it, or when it was given up.
    var timestamp: Timestamp
    /// Why it was not sent.
    var refusal: Refusal?
    /// The line of the input that it came in.
    var line: Int

    var text: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("type")
        writer.string("receipt")
        writer.name("id")
        writer.string(id)
        writer.name("to")
        writer.string(recipient)
        writer.name("status")
        writer.string(status.rawValue)
        writer.name("route")
        writer.string("relay")
        if let sequence {
            writer.name("seq")
            writer.raw(sequence.utf8)
        }
        writer.name("ts")
        writer.string(timestamp.description)
        if let refusal {
            writer.name("code")
            writer.string(refusal.code)
        }
        writer.endObject()
        return writer.bytes
    }
}
