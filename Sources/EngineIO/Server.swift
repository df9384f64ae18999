public import Clock
public import HTTP
internal import WebSocket
internal import Wire

/// The server side of HTTP/1.1, WebSocket and Engine.IO 4 for any number of connections.
///
/// It owns no socket and reads no clock. The driver names connections by small integers (file
/// descriptors will do), hands in what happens (`open`, `receive`, `closed`, `advance`), then takes
/// outputs with `nextOutput` until there are none. Once per turn of its loop it asks
/// `takeDirty(into:)` which connections have something to be written, and gives each to `flush`.
/// It waits no longer than `deadline`.
public struct Server {
    public enum Output {
        /// A request that is not for a session. Nothing more is read from its connection until
        /// `respond` is called.
        case request(RequestToken, Request, remote: String)
        case opened(Session, remote: String)
        /// Valid UTF-8.
        case text(Session, ArraySlice<UInt8>)
        case binary(Session, ArraySlice<UInt8>)
        case closed(Session, CloseReason)
    }

    /// What the driver does with a connection after `flush`.
    public enum Flushed: Sendable {
        case drained
        /// Call `flush` again when the connection can be written to.
        case pending
        /// Close it; the server has forgotten it.
        case finished
    }

    public let configuration: Configuration
    /// Is told of each packet that comes and goes; nil for nobody.
    public var observer: ((PacketNote) -> Void)?
    var generator: any RandomNumberGenerator
    /// Milliseconds since the origin, as the driver last told.
    var now: Int64 = 0
    private var toldAt: Instant?

    var connections: [Connection?] = []
    var sessions: [SessionState?] = []
    var freeSlots: [Int] = []
    var sessionNumber: UInt32 = 0
    var slotsByID: [SessionID: Int] = [:]
    var serial: UInt64 = 0

    var pings: TimerWheel
    var pongs: TimerWheel
    /// With ticks of a fortieth of the interval.
    var checks = TimerWheel(longest: checkInterval * 100)
    var timerNumber: UInt32 = 0

    /// The input under way, and what waits behind it.
    var active: Connection?
    var activeBytes: ArraySlice<UInt8> = []
    var backlog: [(Connection, ArraySlice<UInt8>)] = []
    /// The polling body under way.
    var posted: Posted?
    var outputs: [Output] = []
    var outputIndex = 0

    /// Where masked messages are laid out.
    var scratch: [UInt8] = []
    /// What WebSocket itself answers, on its way to the connection.
    var replies: [UInt8] = []
    /// Emptied output buffers, for the next connection that has something to send.
    var spares: [[UInt8]] = []
    var spareByteCount = 0
    var addresses: AddressBook
    var dirty: [Int] = []
    var pollFlushes: [SessionState] = []
    /// Connections whose requests waited until their answers were taken.
    var resuming: [Connection] = []

    public init(
        _ configuration: Configuration = Configuration(),
        using generator: any RandomNumberGenerator = SystemRandomNumberGenerator()
    ) {
        self.configuration = configuration
        self.generator = generator
        addresses = AddressBook(configuration.addresses)
        pings = TimerWheel(longest: configuration.pingInterval)
        pongs = TimerWheel(longest: configuration.pingTimeout)
    }

    public var sessionCount: Int { slotsByID.count }

    /// Whether new sessions are taken: if not, they are refused with status 503.
    public var takesSessions = true

    /// The time last told, in milliseconds since the origin.
    public var time: Int64 { now }

    // MARK: What happens

    /// A connection was accepted.
    ///
    /// - Parameters:
    ///   - id: a small number that no open connection has.
    ///   - remote: the peer's address, for the application.
    public mutating func open(_ id: Int, remote: String, at time: Instant) {
        now = time.milliseconds
        while connections.count <= id { connections.append(nil) }
        if let old = connections[id] { forget(old) }
        let limits = Limits(bodyByteCount: configuration.requestBodyByteCount)
        let connection = Connection(id: id, remote: remote, limits: limits)
        connections[id] = connection
        connection.isUncounted = configuration.proxies?.contains(remote) ?? false
        guard connection.isUncounted || addresses.addConnection(remote, at: now) else {
            // No more is spent on it than the end of the connection.
            connection.isUncounted = true
            return abort(connection)
        }
        expire(connection, after: configuration.requestTimeout)
    }

    /// Bytes came. Take all outputs before the buffer is used again, else it is copied.
    public mutating func receive(_ bytes: ArraySlice<UInt8>, on id: Int, at time: Instant) {
        advance(to: time)
        guard let connection = connection(id), !connection.isFinished else { return }
        if active == nil, backlog.isEmpty {
            active = connection
            activeBytes = bytes
        } else {
            backlog.append((connection, bytes))
        }
    }

    /// The peer closed the connection, or it broke.
    public mutating func closed(_ id: Int, at time: Instant) {
        now = time.milliseconds
        guard let connection = connection(id) else { return }
        forget(connection)
    }

    /// Fires the timers that are due.
    public mutating func advance(to time: Instant) {
        // All that comes in one turn of the loop comes at one time.
        if time == toldAt { return }
        toldAt = time
        now = time.milliseconds
        firePings()
        firePongs()
        fireChecks()
        if !resuming.isEmpty { resume() }
    }

    /// When to call `advance` if nothing happens before; nil for never.
    public var deadline: Instant? {
        guard resuming.isEmpty else { return Instant(milliseconds: now + 1) }
        let next = min(pings.next ?? .max, pongs.next ?? .max, checks.next ?? .max)
        return next < .max ? Instant(milliseconds: next) : nil
    }

    public mutating func nextOutput() -> Output? {
        while true {
            if outputIndex < outputs.count {
                defer { outputIndex += 1 }
                return outputs[outputIndex]
            }
            if outputIndex > 0 {
                outputs.removeAll(keepingCapacity: true)
                outputIndex = 0
            }
            if posted != nil {
                if let output = nextPosted() { return output }
                continue
            }
            guard let connection = active else {
                if backlog.isEmpty { return nil }
                nextActive()
                continue
            }
            if let output = process(connection) { return output }
            if outputs.isEmpty, posted == nil { nextActive() }
        }
    }

    private mutating func nextActive() {
        if !activeBytes.isEmpty, let active { hold(active) }
        activeBytes = []
        active = nil
        if backlog.isEmpty { return scratch.overwrite() }
        (active, activeBytes) = backlog.removeFirst()
    }

    /// Takes from the active bytes until there is something to tell, or they are used up.
    private mutating func process(_ connection: Connection) -> Output? {
        while !connection.isFinished {
            let isHTTP = connection.http != nil
            if let output = isHTTP ? nextRequest(connection) : nextMessage(connection) {
                return output
            }
            let hasChanged = isHTTP && connection.http == nil
            if !hasChanged || !outputs.isEmpty || posted != nil { return nil }
        }
        activeBytes = []
        return nil
    }
}
