public import Clock
public import EngineIO
public import HTTP
internal import JSON

/// A socket of the server: one client's place in one namespace. Never used again for another.
public struct Socket: Hashable, Sendable {
    /// A small number, which another socket may have once this one is gone.
    public let slot: Int
    let number: UInt32
}

/// The server side of Socket.IO protocol 5 over `EngineIO.Server`, and driven as that is.
public struct Server {
    public enum Output {
        /// A request that is not for a session; answer it with `respond`.
        case request(RequestToken, Request, remote: String)
        /// A client wants in; answer with `accept` or `refuse`, now or later. `auth` is a JSON
        /// object, or empty where the client sent none.
        case connecting(Socket, namespace: String, auth: ArraySlice<UInt8>, remote: String)
        case event(Event)
        /// The answer to an event of ours that asked for one.
        case acknowledged(
            Socket, id: UInt64, arguments: ArraySlice<UInt8>, attachments: [[UInt8]])
        /// Also where `connecting` was not answered yet.
        case disconnected(Socket, DisconnectReason)
    }

    struct SocketState {
        let session: Session
        let namespace: Int
        let number: UInt32
        var isConnected = false
        var lastAckID: UInt64 = 0
    }

    /// What is kept of a session of the layer below.
    final class SessionState {
        let session: Session
        let remote: String
        /// The slot of the socket in the main namespace, or -1.
        var mainSlot = -1
        /// The slots of the sockets in other namespaces.
        var otherSlots: [Int] = []
        /// The number of the timer that counts, 0 for none.
        var timer: UInt32 = 0
        var pending: PendingPacket?

        init(_ session: Session, _ remote: String) {
            self.session = session
            self.remote = remote
        }
    }

    public let configuration: Configuration
    var engine: EngineIO.Server
    /// For each namespace its name, and what leads its packets.
    let namespaces: [(name: String, prefix: [UInt8])]

    var sessions: [SessionState?] = []
    var sockets: [SocketState?] = []
    var freeSlots: [Int] = []
    var socketNumber: UInt32 = 0
    var timeouts: TimerWheel
    var timerNumber: UInt32 = 0
    /// The members of the event that was read last.
    var members: [JSONMember] = []
    var outputs: [Output] = []
    var outputIndex = 0

    public init(
        _ configuration: Configuration = Configuration(),
        using generator: any RandomNumberGenerator = SystemRandomNumberGenerator()
    ) {
        self.configuration = configuration
        engine = EngineIO.Server(configuration.engine, using: generator)
        timeouts = TimerWheel(longest: configuration.connectTimeout)
        namespaces =
            [("/", [])] + configuration.namespaces.map { ($0, Array(($0 + ",").utf8)) }
    }

    /// How many clients hold a session.
    public var sessionCount: Int { engine.sessionCount }

    /// Whether new sessions are taken: if not, they are refused with status 503.
    public var takesSessions: Bool {
        get { engine.takesSessions }
        set { engine.takesSessions = newValue }
    }

    /// Is told of each packet that comes and goes; nil for nobody.
    public var observer: ((PacketNote) -> Void)? {
        get { engine.observer }
        set { engine.observer = newValue }
    }

    /// Looks at every session, so ask seldom.
    public var load: EngineIO.Load { engine.load }

    /// What was refused to network addresses since the beginning.
    public var addressRefusals: EngineIO.AddressRefusals { engine.addressRefusals }

    // MARK: What happens below

    /// A connection was accepted; see `EngineIO.Server.open`.
    public mutating func open(_ id: Int, remote: String, at now: Instant) {
        engine.open(id, remote: remote, at: now)
    }

    /// Bytes came. Take all outputs before the buffer is used again, else it is copied.
    public mutating func receive(_ bytes: ArraySlice<UInt8>, on id: Int, at now: Instant) {
        engine.receive(bytes, on: id, at: now)
    }

    /// The peer closed the connection, or it broke.
    public mutating func closed(_ id: Int, at now: Instant) { engine.closed(id, at: now) }

    /// Fires the timers that are due.
    public mutating func advance(to now: Instant) {
        engine.advance(to: now)
        while let timeout = timeouts.fire(at: now.milliseconds) {
            guard let session = sessions[timeout.slot], session.timer == timeout.number else {
                continue
            }
            engine.close(session.session)
            forget(session.session, .transport(.transportClose))
        }
    }

    /// When to call `advance` if nothing happens before; nil for never.
    public var deadline: Instant? {
        guard let own = timeouts.next.map({ Instant(milliseconds: $0) }) else {
            return engine.deadline
        }
        return min(own, engine.deadline ?? own)
    }

    /// Swaps in the connections that want to be flushed; call it once a turn of the loop.
    public mutating func takeDirty(into ids: inout [Int]) { engine.takeDirty(into: &ids) }

    /// Lends the bytes that wait for a connection to `write`, which says how many it took.
    public mutating func flush(
        _ id: Int, write: (UnsafeRawBufferPointer) -> Int
    ) -> EngineIO.Server.Flushed {
        unsafe engine.flush(id, write: write)
    }

    /// Answers a request. Take outputs afterwards.
    public mutating func respond(to token: RequestToken, _ response: Response) {
        engine.respond(to: token, response)
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
            guard let below = engine.nextOutput() else { return nil }
            switch below {
            case .text(let session, let text):
                if let output = receive(text, from: session) { return output }
            case .binary(let session, let bytes):
                if let output = receive(binary: bytes, from: session) { return output }
            case .request(let token, let request, let remote):
                return .request(token, request, remote: remote)
            case .opened(let session, let remote): opened(session, remote)
            case .closed(let session, let reason): forget(session, .transport(reason))
            }
        }
    }

    // MARK: Sessions

    private mutating func opened(_ session: Session, _ remote: String) {
        while sessions.count <= session.slot { sessions.append(nil) }
        sessions[session.slot] = SessionState(session, remote)
        startTimer(session)
    }

    mutating func startTimer(_ session: Session) {
        timerNumber = max(1, timerNumber &+ 1)
        sessions[session.slot]?.timer = timerNumber
        let due = engine.time + configuration.connectTimeout.milliseconds
        timeouts.start(slot: session.slot, number: timerNumber, due: due, at: engine.time)
    }

    /// Frees all that hangs on a session, and says which sockets are gone.
    mutating func forget(_ session: Session, _ reason: DisconnectReason) {
        guard let state = sessions[session.slot], state.session == session else { return }
        sessions[session.slot] = nil
        for slot in [state.mainSlot] + state.otherSlots where slot >= 0 {
            guard let socket = sockets[slot] else { continue }
            outputs.append(.disconnected(Socket(slot: slot, number: socket.number), reason))
            sockets[slot] = nil
            freeSlots.append(slot)
        }
    }

    // MARK: Sockets

    func state(_ socket: Socket) -> SocketState? {
        guard socket.slot < sockets.count, let state = sockets[socket.slot],
            state.number == socket.number
        else { return nil }
        return state
    }

    mutating func makeSocket(_ session: Session, namespace: Int) -> Socket {
        socketNumber &+= 1
        let state = SocketState(session: session, namespace: namespace, number: socketNumber)
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            sockets[slot] = state
        } else {
            slot = sockets.count
            sockets.append(state)
        }
        if namespace == 0 {
            sessions[session.slot]?.mainSlot = slot
        } else {
            sessions[session.slot]?.otherSlots.append(slot)
        }
        return Socket(slot: slot, number: socketNumber)
    }

    mutating func removeSocket(_ socket: Socket) {
        guard let state = state(socket) else { return }
        sockets[socket.slot] = nil
        freeSlots.append(socket.slot)
        if state.namespace == 0 {
            sessions[state.session.slot]?.mainSlot = -1
        } else {
            sessions[state.session.slot]?.otherSlots.removeAll { $0 == socket.slot }
        }
    }
}
