internal import Clock
internal import EngineIO
internal import HTTP
internal import Metrics
internal import Relay
internal import SocketIO
internal import Storage

extension RelayHost {
    /// All that is measured, in Prometheus's text format.
    func metrics() -> Response {
        var writer = MetricsWriter()
        writer.single(
            "parley_relay_start_time_seconds", .gauge, startedAt.seconds,
            "When the relay started, in seconds since 1970.")
        writer.single(
            "parley_relay_draining", .gauge, isShuttingDown ? 1 : 0,
            "Whether the relay is about to end.")
        writeTransports(to: &writer)
        counters.write(to: &writer)
        relay.writeMetrics(to: &writer)
        writeLimits(to: &writer)
        writeHooks(to: &writer)
        writeStore(to: &writer)
        let fields: Fields = [
            "Content-Type": MetricsWriter.contentType, "Cache-Control": "no-store",
        ]
        return Response(.ok, fields: fields, body: Array(writer.text.utf8))
    }

    private func writeTransports(to writer: inout MetricsWriter) {
        let load = server.load
        writer.family("parley_relay_connections", .gauge, "Engine.IO sessions, by transport.")
        writer.sample(load.webSocketCount, ("transport", "websocket"))
        writer.sample(load.pollingCount, ("transport", "polling"))
        writer.single(
            "parley_relay_send_queue_bytes", .gauge, load.bufferedByteCount,
            "Bytes that wait to be taken by clients.")
    }

    private func writeLimits(to writer: inout MetricsWriter) {
        let refusals = server.addressRefusals
        let ofAddresses = [
            ("connectionsPerAddress", refusals.connections),
            ("sessionsPerAddress", refusals.sessions),
            ("handshakesPerSecond", refusals.handshakes),
        ]
        writer.counters(
            "parley_relay_limit_refusals_total", by: "reason",
            ofAddresses + relay.refusalsByLimit,
            "Connections and requests of a network address, and tries to prove who one is, beyond"
                + " a limit; the reason is the name of the limit.")
    }

    private func writeHooks(to writer: inout MetricsWriter) {
        writer.family(
            "parley_relay_hook_notices_total", .counter,
            "What became of notices, by hook; retried counts tries, all else notices.")
        for hook in hooks {
            let counts = hook.counters
            for (outcome, count) in [
                ("sent", counts.told), ("retried", counts.retries), ("given_up", counts.givenUp),
                ("refused", counts.refused), ("dropped", counts.dropped),
                ("merged", counts.merged),
            ] {
                writer.sample(count, ("hook", hook.kind), ("outcome", outcome))
            }
        }
        writer.family(
            "parley_relay_hook_queue", .gauge, "Notices that wait for a hook, or are with it.")
        for hook in hooks {
            writer.sample(hook.waitingCount, ("hook", hook.kind), ("state", "waiting"))
            writer.sample(hook.runningCount, ("hook", hook.kind), ("state", "running"))
        }
    }

    private func writeStore(to writer: inout MetricsWriter) {
        let store = store.statistics.values
        writer.histogram(
            "parley_store_transaction_seconds", store.transactions, unit: 1e-6,
            "From the beginning of a transaction to the end of its commit.")
        writer.histogram(
            "parley_store_transaction_operations", store.batches, "Operations in a transaction.")
        writer.single(
            "parley_store_operations_total", .counter, store.operations,
            "Operations that the store was asked for.")
        writer.single(
            "parley_store_failures_total", .counter, store.failures, "Transactions that failed.")
    }

    /// Whether a request on the main listener may have the metrics: from this machine, and not
    /// through a proxy, for behind one everybody seems to be on this machine.
    func mayHaveMetrics(_ request: Request, from remote: String) -> Bool {
        guard options.metrics == nil, remote.hasPrefix("127.") || remote == "::1" else {
            return false
        }
        return ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"].allSatisfy {
            request.fields[$0] == nil
        }
    }
}
