internal import CLI
internal import Clock
internal import EngineIO
internal import Platform
internal import Relay
internal import SocketIO
internal import Sockets

/// How far the relay has got with ending.
enum End {
    case notYet
    /// No client is taken any more, and those that are there are sent away one by one.
    case draining(Drain)
    /// What was begun is finished.
    case finishing
}

/// Clients to be sent away, spread over a time in no order of theirs, so that they do not all come to
/// the next relay at once.
struct Drain {
    private var sockets: [Socket]
    private let count: Int
    private let start: Instant
    private let time: Duration

    init(_ sockets: [Socket], over time: Duration, from start: Instant) {
        self.sockets = sockets.shuffled()
        count = sockets.count
        self.start = start
        self.time = time
    }

    var isDone: Bool { sockets.isEmpty }

    /// Those whose time has come.
    mutating func due(at now: Instant) -> [Socket] {
        let part = min(1, (now - start) / max(time, .milliseconds(1)))
        let left = count - Int((Double(count) * part).rounded(.up))
        let taken = max(0, sockets.count - left)
        defer { sockets.removeLast(taken) }
        return sockets.suffix(taken)
    }
}

extension RelayHost {
    /// How long open work may take once the clients are gone.
    private static let finishTime = Duration.seconds(8)
    /// How often clients are sent away.
    private static let drainStep = Duration.milliseconds(20)

    /// Takes no more clients, sends away those that are there over a time, finishes what was begun, and
    /// ends the loop. While it drains, `/readyz` says so. The second call ends it at once.
    func shutDown() {
        guard !isShuttingDown else { return loop.stop() }
        console.note("shutting down")
        server.takesSessions = false
        control?.close()
        end = .draining(Drain(clients.sockets, over: options.drain, from: loop.now))
        drain()
    }

    private func drain() {
        guard case .draining(var drain) = end else { return }
        for socket in drain.due(at: loop.now) where clients.socket(socket.slot) == socket {
            counters.countClose("draining")
            server.sendAway(socket)
            forget(socket.slot)
        }
        handleOutputs()
        performEffects()
        end = .draining(drain)
        guard drain.isDone else {
            loop.after(Self.drainStep) { [unowned self] in self.drain() }
            return
        }
        end = .finishing
        listener?.close()
        for connection in connections.open { connection.transport.pauseReading(true) }
        loop.after(Self.finishTime) { [unowned self] in closeEverything() }
    }

    func closeEverything() {
        metricsService?.close()
        settleClients()
        for socket in clients.sockets {
            counters.countClose("draining")
            server.sendAway(socket)
            forget(socket.slot)
        }
        server.takeDirty(into: &dirty)
        for id in dirty { flush(id) }
        loop.stop()
    }
}
