internal import Clock
internal import JSON

/// How far a message has come.
public enum DeliveryStatus: String, Comparable, Sendable {
    /// The relay does not have it.
    case notSent
    /// It went out and no answer came: the relay may have it. It can be sent again, since the relay
    /// stores an id once.
    case unknown
    /// The relay has it, and keeps it until the receiver has it.
    case stored
    /// The receiver's client has it.
    case delivered
    /// The receiver's client says that it was read.
    case read

    private var rank: Int {
        switch self {
        case .notSent: 0
        case .unknown: 1
        case .stored: 2
        case .delivered: 3
        case .read: 4
        }
    }

    /// Whether there is nothing more to wait for, whatever was asked for.
    var isFailure: Bool { self < .stored }

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
