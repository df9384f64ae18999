internal import Clock
internal import Platform
internal import Relay
internal import SocketIO

/// What is on the way of every message between its connections: one property of the host, taken once
/// for all events that came together.
struct Front {
    /// What stopped the events.
    enum Step {
        case output(SocketIO.Server.Output)
        /// The relay wants something done.
        case effects
        /// There is nothing more.
        case end
    }

    var server: SocketIO.Server
    var clients = ClientTable()
    var counters: HostCounters
    /// The bytes that may wait for a client before its messages take the way of the effects.
    let congestionBytes: Int

    init(server: SocketIO.Server, counters: HostCounters, congestionBytes: Int) {
        self.server = server
        self.counters = counters
        self.congestionBytes = congestionBytes
    }

    mutating func passEvents(to relay: inout RelayServer) -> Step {
        while let output = server.nextOutput() {
            guard case .event(let event) = output else { return .output(output) }
            pass(event, to: &relay)
            if relay.hasEffects { return .effects }
        }
        return .end
    }

    private mutating func pass(_ event: SocketIO.Event, to relay: inout RelayServer) {
        counters.eventsOfTurn &+= 1
        let start = counters.takesTime() ? MonotonicClock().now : nil
        relay.receive(
            event.nameText, event.arguments, members: event.members,
            hasAttachments: !event.attachments.isEmpty,
            acknowledgement: event.acknowledgement?.id, from: event.socket.slot
        ) { slot, name, arguments in
            guard let socket = clients.socket(slot) else { return false }
            return server.emit(name, arguments, to: socket, within: congestionBytes)
        }
        guard let start else { return }
        counters.timed(
            relay.eventIndex(event.nameText),
            nanoseconds: UInt64(clamping: (MonotonicClock().now - start).nanoseconds))
    }
}
