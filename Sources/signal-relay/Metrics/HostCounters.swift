internal import Clock
internal import EngineIO
internal import Metrics

/// What the relay's shell counts: bytes, ends of connections, times.
struct HostCounters {
    var bytesIn: UInt64 = 0
    var bytesOut: UInt64 = 0
    var connectionsAccepted: UInt64 = 0
    /// How often a new certificate could not be used.
    var failedReloads: UInt64 = 0
    /// Why clients' connections ended, by code.
    var closes = SparseTally()
    /// Microseconds from the bytes of an event to the flush of what they brought about.
    var latency = Histogram.microseconds
    /// Events of the turn that goes on.
    var eventsOfTurn: UInt64 = 0
    /// By row of the relay's table: how many events were timed, and their microseconds together.
    private(set) var timed: Tally
    private(set) var nanoseconds: Tally
    private var untilNextTiming = 0

    /// One event in so many is timed.
    private static let eventsPerTiming = 64

    init(eventNames: [String]) {
        timed = Tally(eventNames)
        nanoseconds = Tally(eventNames)
    }

    mutating func countClose(_ reason: String) { closes.count(reason) }

    mutating func endTurn(after time: Duration) {
        latency.observe(UInt64(clamping: time.microseconds), weight: eventsOfTurn)
        eventsOfTurn = 0
    }

    /// Whether the event that comes now is one to be timed.
    mutating func takesTime() -> Bool {
        untilNextTiming -= 1
        guard untilNextTiming < 0 else { return false }
        untilNextTiming = Self.eventsPerTiming - 1
        return true
    }

    mutating func timed(_ index: Int, nanoseconds time: UInt64) {
        timed.count(index)
        nanoseconds.count(index, time)
    }
}

extension HostCounters {
    func write(to writer: inout MetricsWriter) {
        writer.single(
            "parley_relay_accepted_total", .counter, connectionsAccepted,
            "TCP connections that were accepted.")
        writer.single(
            "parley_relay_failed_reloads_total", .counter, failedReloads,
            "How often a new certificate could not be used and the old one was kept.")
        writer.single(
            "parley_relay_received_bytes_total", .counter, bytesIn,
            "Bytes from clients, TLS not counted.")
        writer.single(
            "parley_relay_sent_bytes_total", .counter, bytesOut,
            "Bytes to clients, TLS not counted.")
        writer.counters(
            "parley_relay_closes_total", by: "reason", closes.byName,
            "Clients that are gone, by why; slowConsumer for those who did not read.")
        writer.histogram(
            "parley_relay_event_seconds", latency, unit: 1e-6,
            "From an event's bytes to the bytes it brought about being handed to the system; what"
                + " waits for the store is not in it.")
        writer.family(
            "parley_relay_handler_seconds", .summary,
            "Time of an event's own work; one event in \(Self.eventsPerTiming) is timed.")
        for (sum, count) in zip(nanoseconds.byName, timed.byName) where count.count > 0 {
            writer.sample(Double(sum.count) * 1e-9, suffix: "_sum", ("event", sum.name))
            writer.sample(count.count, suffix: "_count", ("event", sum.name))
        }
    }
}
