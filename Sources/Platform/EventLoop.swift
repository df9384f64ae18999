internal import CLinux
public import Clock
internal import Crypto
internal import Glibc

/// What a descriptor is ready for.
public struct Readiness: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let read = Readiness(rawValue: shim_EPOLLIN)
    public static let write = Readiness(rawValue: shim_EPOLLOUT)
    /// The other side is gone; what it sent before can still be read. Always reported.
    public static let hangUp = Readiness(rawValue: shim_EPOLLHUP | shim_EPOLLERR)
}

/// Something that owns a descriptor and is told when it is ready.
public protocol EventSource: AnyObject {
    /// Called once a turn while the descriptor is ready (level triggered), so whoever leaves
    /// something unread is called again.
    func descriptorIsReady(for readiness: Readiness)
}

/// Something that gathers what it writes until the end of the turn: a connection of `Sockets`.
package protocol Flushing: AnyObject {
    func flushAtTurnEnd()
}

/// One thread's loop over descriptors, timers, signals and children, on epoll.
///
/// What every event touches is not checked for exclusive access each time: nobody is called while one
/// of these changes but who fills the read buffer, which is the system or TLS.
///
/// A turn waits until something is ready, tells the sources, fires the timers that are due, runs
/// what was deferred, and then writes what was queued on each connection, once. All its methods
/// belong to the thread that runs it; other threads reach it through a `Mailbox`.
public final class EventLoop {
    /// Descriptors reported by one wait.
    private static let eventsPerTurn = 512
    /// Bytes that a connection reads in one turn at most.
    static let readBufferByteCount = 256 * 1024

    /// The time when this turn began. It is read once a turn.
    @exclusivity(unchecked) public private(set) var now = MonotonicClock().now

    private struct Slot {
        var source: (any EventSource)?
        // Tells an event of a closed descriptor from one of the next that got its number.
        var generation: UInt32 = 0
    }

    private let epoll: CInt
    @exclusivity(unchecked) private var slots: [Slot] = []
    private let events: UnsafeMutablePointer<epoll_event>
    private var isStopped = false
    private var deferred: [() -> Void] = []
    private var turnEndHooks: [() -> Void] = []
    /// Regular files, which epoll does not take because they are always ready.
    private var alwaysReady: [CInt] = []

    var timers = TimerHeap()
    var signals: SignalSource?
    /// The one buffer that all connections read into. Its bytes are lent as slices; who keeps one
    /// past its call makes the next read copy the buffer, and is not harmed.
    @exclusivity(unchecked) private var readBuffer = [UInt8](
        repeating: 0, count: readBufferByteCount)
    /// Those with something to write at the end of the turn.
    @exclusivity(unchecked) package var unflushed: [any Flushing] = []
    @exclusivity(unchecked) package var outputBuffers = BufferPool()

    /// Makes a loop, and has the process ignore SIGPIPE: who writes to a pipe or socket that
    /// nobody reads gets EPIPE instead.
    public init() throws(SystemError) {
        signal(SIGPIPE, SIG_IGN)
        epoll = shim_epoll_create()
        guard epoll >= 0 else { throw SystemError("epoll_create1") }
        events = .allocate(capacity: Self.eventsPerTurn)
    }

    deinit {
        close(epoll)
        events.deallocate()
    }

    /// Runs turns until `stop()`.
    public func run() throws(SystemError) {
        isStopped = false
        while !isStopped { try turn() }
    }

    /// Ends `run()` once this turn is done.
    public func stop() { isStopped = true }

    /// Runs one turn, which waits until something happens or the time is up; nil waits for ever.
    public func turn(waitingAtMost limit: Duration? = nil) throws(SystemError) {
        let ready = epoll_wait(epoll, events, CInt(Self.eventsPerTurn), timeout(limit))
        now = MonotonicClock().now
        guard ready >= 0 || errno == EINTR else { throw SystemError("epoll_wait") }
        for index in 0..<max(0, Int(ready)) { dispatch(events[index]) }
        for descriptor in alwaysReady {
            slots[Int(descriptor)].source?.descriptorIsReady(for: .read)
        }
        // After the descriptors, so that an answer that was waiting counts before its deadline.
        while let timer = timers.popDue(at: now) { timer.action() }
        endTurn()
    }

    private func dispatch(_ event: epoll_event) {
        let index = Int(UInt32(truncatingIfNeeded: event.data.u64))
        guard index < slots.count, slots[index].generation == UInt32(event.data.u64 >> 32),
            let source = slots[index].source
        else { return }
        source.descriptorIsReady(for: Readiness(rawValue: event.events))
    }

    private func endTurn() {
        if !deferred.isEmpty {
            let actions = deferred
            deferred.removeAll(keepingCapacity: true)
            for action in actions { action() }
        }
        for hook in turnEndHooks { hook() }
        var index = 0
        while index < unflushed.count {  // It may grow: a connection that closes tells others.
            unflushed[index].flushAtTurnEnd()
            index += 1
        }
        unflushed.removeAll(keepingCapacity: true)
    }

    /// Milliseconds to wait, rounded up; -1 for ever.
    private func timeout(_ limit: Duration?) -> CInt {
        guard deferred.isEmpty, alwaysReady.isEmpty, unflushed.isEmpty else { return 0 }
        var wait = limit
        if let deadline = timers.first {
            let left = deadline - MonotonicClock().now
            wait = min(left, wait ?? left)
        }
        guard let wait else { return -1 }
        let (seconds, attoseconds) = max(wait, .zero).components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return CInt(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    /// Runs `action` at the end of this turn, before the connections are flushed.
    public func atEndOfTurn(_ action: @escaping () -> Void) { deferred.append(action) }

    /// Runs `hook` at the end of every turn, before the connections are flushed: the place to
    /// hand on in one piece what gathered in the turn.
    public func atEndOfEveryTurn(_ hook: @escaping () -> Void) { turnEndHooks.append(hook) }
}

extension EventLoop {
    /// Watches a descriptor and keeps `source` alive until `forget`.
    public func watch(
        _ descriptor: CInt, for interest: Readiness, _ source: any EventSource
    ) throws(SystemError) {
        let index = Int(descriptor)
        while slots.count <= index { slots.append(Slot()) }
        slots[index].generation &+= 1
        slots[index].source = source
        guard control(EPOLL_CTL_ADD, descriptor, interest) != 0 else { return }
        guard errno == EPERM else {
            let error = SystemError("epoll_ctl")
            slots[index].source = nil
            throw error
        }
        alwaysReady.append(descriptor)
    }

    /// Changes what a watched descriptor is watched for; nothing but `hangUp` with `[]`.
    public func watch(_ descriptor: CInt, for interest: Readiness) {
        guard control(EPOLL_CTL_MOD, descriptor, interest) != 0 else { return }
        alwaysReady.removeAll { $0 == descriptor }
        if interest.contains(.read), Int(descriptor) < slots.count,
            slots[Int(descriptor)].source != nil
        {
            alwaysReady.append(descriptor)
        }
    }

    /// Stops watching a descriptor. Call it before the descriptor is closed.
    public func forget(_ descriptor: CInt) {
        let index = Int(descriptor)
        guard index >= 0, index < slots.count, slots[index].source != nil else { return }
        if control(EPOLL_CTL_DEL, descriptor, []) != 0 {
            alwaysReady.removeAll { $0 == descriptor }
        }
        slots[index].source = nil
    }

    private func control(_ operation: CInt, _ descriptor: CInt, _ interest: Readiness) -> CInt {
        let generation = UInt64(slots[Int(descriptor)].generation)
        return shim_epoll_ctl(
            epoll, operation, descriptor, interest.rawValue,
            generation << 32 | UInt64(UInt32(bitPattern: descriptor)))
    }
}

extension EventLoop {
    /// Has `fill` put bytes into the shared buffer, and lends them to `use` if there are any.
    ///
    /// - Returns: what `fill` returned: how many bytes it put there, or how it failed.
    package func lendBuffer<E: Error>(
        filledBy fill: (UnsafeMutableBufferPointer<UInt8>) throws(E) -> Int,
        to use: (ArraySlice<UInt8>) -> Void
    ) throws(E) -> Int {
        let count = try readBuffer.withUnsafeMutableBufferPointer { buffer throws(E) in
            try fill(buffer)
        }
        guard count > 0 else { return count }
        use(readBuffer[..<count])
        // What came may have been a password.
        readBuffer.withUnsafeMutableBytes {
            wipe(UnsafeMutableRawBufferPointer(rebasing: $0[..<count]))
        }
        return count
    }
}

/// Empty output buffers kept for reuse, so that an idle connection holds none.
package struct BufferPool {
    private static let maximumCount = 256
    /// A buffer that grew larger is given back to the system.
    private static let maximumCapacity = 64 * 1024

    private var buffers: [[UInt8]] = []

    package mutating func take() -> [UInt8] { buffers.popLast() ?? [] }

    /// Takes the storage of `buffer` over and leaves it empty.
    package mutating func give(_ buffer: inout [UInt8]) {
        var taken: [UInt8] = []
        swap(&taken, &buffer)
        guard buffers.count < Self.maximumCount, taken.capacity <= Self.maximumCapacity else {
            return
        }
        taken.withUnsafeMutableBytes { wipe($0) }
        taken.removeAll(keepingCapacity: true)
        buffers.append(taken)
    }
}
