public import Clock
internal import Crypto
internal import Identities
public import Wire

/// How long a message may be opened after it was sealed, and so how long its `id` is remembered.
public struct ReplayPolicy: Equatable, Sendable {
    /// A week: longer than a relay keeps a message, short enough to remember every one.
    public static let defaultMaximumAge = Duration.seconds(7 * 86_400)
    /// How far two clocks may differ.
    public static let clockSkew = Duration.seconds(300)

    public var maximumAge: Duration

    public init(maximumAge: Duration = defaultMaximumAge) { self.maximumAge = maximumAge }
}

/// What is remembered of a message that was opened.
public struct ReplayRecord: Hashable, Sendable {
    public static let byteCount = 32

    /// Stands for the recipient, the sender and the `id`.
    let message: [UInt8]
    /// Stands for the recipient, the sender and the `seq`.
    let sequence: [UInt8]
    let timestamp: Timestamp

    /// Another number for nearly every message; the same for what is the same one.
    public var number: UInt64 { message.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    public init(_ opened: OpenedMessage) {
        let envelope = opened.envelope
        let recipient = opened.recipient?.bytes ?? []
        let sender = envelope.sender?.bytes ?? []
        var message = Transcript("parley/replay/v1/id")
        message.append(recipient)
        message.append(sender)
        message.append(envelope.id)
        self.message = Array(SHA256.hash(message.bytes).prefix(16))
        var sequence = Transcript("parley/replay/v1/seq")
        sequence.append(recipient)
        sequence.append(sender)
        sequence.append(envelope.sequence)
        self.sequence = Array(SHA256.hash(sequence.bytes).prefix(8))
        timestamp = envelope.timestamp
    }
}

extension ReplayRecord: WireCodable {
    public init(from reader: inout ByteReader) throws(WireError) {
        message = Array(try reader.bytes(16))
        sequence = Array(try reader.bytes(8))
        let milliseconds = try reader.integer(UInt64.self)
        guard milliseconds <= 1 << 53 else {
            throw .badValue(field: "timestamp", milliseconds)
        }
        timestamp = Timestamp(milliseconds: Int64(milliseconds))
    }

    public func encode(to writer: inout ByteWriter) {
        writer.append(message)
        writer.append(sequence)
        writer.integer(UInt64(timestamp.milliseconds))
    }
}

/// Which messages were opened before.
///
/// A message is known by its recipient, its sender and its `id`, and is remembered for as long as its `ts` lets
/// it be opened at all, so that the log stays small and forgets nothing that matters. `seq` does
/// not decide: one person's two machines count each for itself. But a number that comes twice with
/// different messages is worth a word, since a state that was put back causes it too.
public struct ReplayLog: Sendable {
    public enum Verdict: Equatable, Sendable {
        case new
        /// Another message of this sender had the same `seq`.
        case newWithUsedSequence
    }

    private let policy: ReplayPolicy
    private var messages: [[UInt8]: ReplayRecord] = [:]
    private var sequences: Set<[UInt8]> = []

    public init(policy: ReplayPolicy = ReplayPolicy()) { self.policy = policy }

    public var count: Int { messages.count }

    /// Takes in what was remembered on disk.
    public mutating func insert(_ record: ReplayRecord) {
        messages[record.message] = record
        sequences.insert(record.sequence)
    }

    /// Judges one message. Remember it with `insert` once it was shown.
    ///
    /// - Throws: `replayed`, `expired`, `notYetValid`.
    public func judge(
        _ opened: OpenedMessage, _ record: ReplayRecord, at now: Timestamp
    ) throws(EnvelopeError) -> Verdict {
        if messages[record.message] != nil { throw .replayed }
        let age = now - record.timestamp
        guard age <= policy.maximumAge else { throw .expired }
        guard age >= .zero - ReplayPolicy.clockSkew else { throw .notYetValid }
        let isUsed = opened.envelope.seal != nil && sequences.contains(record.sequence)
        return isUsed ? .newWithUsedSequence : .new
    }

    /// What must still be remembered, oldest first; the rest is too old to be opened anyway.
    public func live(at now: Timestamp) -> [ReplayRecord] {
        messages.values
            .filter { now - $0.timestamp <= policy.maximumAge + ReplayPolicy.clockSkew }
            .sorted { $0.timestamp < $1.timestamp }
    }
}
