internal import HTTP
internal import Wire

/// One session of a server, as its users name it; never used again for another.
public struct Session: Hashable, Sendable {
    /// A small number, which another session may have once this one is closed.
    public let slot: Int
    let number: UInt32
}

/// The name by which a client finds its session again: 120 random bits, 20 characters on the wire.
struct SessionID: Hashable {
    static let byteCount = 15
    private let high: UInt64
    private let low: UInt64

    init(using generator: inout any RandomNumberGenerator) {
        high = generator.next()
        low = generator.next() >> 8
    }

    init?(_ text: String) {
        guard let bytes = Base64.url.decode(text), bytes.count == Self.byteCount else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    var text: String {
        var bytes: [UInt8] = []
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: high >> shift))
        }
        for shift in stride(from: UInt64(48), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: low >> shift))
        }
        return Base64.url.encode(bytes)
    }
}

/// What the server keeps of a session.
final class SessionState {
    /// A packet that waits for the client to fetch it.
    struct Waiting {
        /// With the leading type character, or the bare bytes of a binary message.
        var bytes: [UInt8]
        var isBinary: Bool
    }

    let handle: Session
    let id: SessionID
    /// The address that opened it.
    let remote: String
    /// Whether the application has let the client in, so that it may send large messages.
    var isTrusted = false
    /// The WebSocket connection; while polling the one whose GET waits for packets.
    var connection: Connection?
    /// The WebSocket connection that the client wants to change to.
    var probe: Connection?
    var isPolling: Bool
    /// Whether the change is under way: no GET is left waiting any more.
    var isUpgrading = false
    /// The connection on which a POST is under way.
    var posting: Connection?
    /// Closed by this side: it lives on until the client has fetched the last packets.
    var isClosing = false
    var isWaitingForPong = false
    /// The number of the timer that counts.
    var timer: UInt32 = 0
    var waiting: [Waiting] = []
    var waitingByteCount = 0
    var isInPollFlush = false

    init(_ handle: Session, _ id: SessionID, remote: String, isPolling: Bool) {
        self.remote = remote
        self.handle = handle
        self.id = id
        self.isPolling = isPolling
    }
}
