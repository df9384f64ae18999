public import Metrics

extension RelayServer {
    /// The names of the events that the relay knows, by row, and `unknown` at the end.
    public var eventNames: [String] { counters.events.names }

    /// The place of an event, by its name in UTF-8, in `eventNames`.
    public mutating func eventIndex(_ name: ArraySlice<UInt8>) -> Int {
        routes(for: name).first ?? counters.events.names.count - 1
    }

    /// What was refused to addresses and accounts that tried too often, by limit.
    public var refusalsByLimit: [(name: String, count: UInt64)] { counters.refusedByLimit.byName }

    /// Writes what the relay counted. Names are the table's and the source's: nothing that a client
    /// wrote becomes a label.
    public func writeMetrics(to writer: inout MetricsWriter) {
        writer.counters(
            "parley_relay_events_total", by: "event", counters.events.byName,
            "Events that clients sent; names that no family has count as unknown.")
        writeRefusals(to: &writer)
        writer.single(
            "parley_relay_clients_connected_total", .counter, counters.connections,
            "Clients that were let in.")
        writeMessages(to: &writer)
        writer.single(
            "parley_relay_congestions_total", .counter, counters.congestions,
            "How often a client read too slowly, so that the store took what came for it.")
        writer.counters(
            "parley_relay_recoveries_total", by: "outcome",
            [
                ("recovered", UInt64(counters.recoveries)),
                ("not_recovered", UInt64(counters.failedRecoveries)),
            ],
            "Clients that wanted to go on where their connection had ended.")
        writer.single(
            "parley_relay_notices_total", .counter, counters.notices,
            "Notices about users who were away, for the hooks.")
        writer.single(
            "parley_relay_calls_total", .counter, counters.calls,
            "Calls that began, or rang at nobody.")
        writer.counters(
            "parley_relay_alerts_total", by: "rule", counters.alerts.byName,
            "Alerts on signalling that is out of the ordinary.")
        writer.counters(
            "parley_relay_lockouts_total", by: "of",
            [
                ("account", UInt64(counters.lockedAccounts)),
                ("address", UInt64(counters.lockedAddresses)),
            ],
            "How often an account or a network address was locked out after failures.")
        writeGauges(to: &writer)
    }

    private func writeMessages(to writer: inout MetricsWriter) {
        writer.single(
            "parley_relay_messages_kept_total", .counter, counters.keptMessages,
            "Messages that were put into the store.")
        writer.counters(
            "parley_relay_messages_not_kept_total", by: "event", counters.notKept.byName,
            "Messages that were not kept for a user or device since too much waits there.")
        writer.single(
            "parley_relay_messages_lost_total", .counter, counters.lostMessages,
            "Messages that waited and were dropped since the keys to read them were gone.")
        writer.single(
            "parley_relay_messages_repeated_total", .counter, counters.duplicates,
            "Messages that came again and were not kept again.")
    }

    private func writeRefusals(to writer: inout MetricsWriter) {
        writer.family(
            "parley_relay_refusals_total", .counter,
            "What was refused, by kind of request and code; parley-errors(7) lists the codes.")
        let kinds = [
            ("event", counters.refusedEvents), ("request", counters.refusedRequests),
            ("connection", counters.refusedConnections),
        ]
        for (kind, tally) in kinds {
            for (code, count) in tally.byName {
                writer.sample(count, ("kind", kind), ("code", code))
            }
        }
        var failures = counters.refusedConnections
        for (code, count) in counters.refusedRequests.byName
        where Self.authenticationCodes.contains(code) {
            failures.count(code, count)
        }
        writer.counters(
            "parley_relay_authentication_failures_total", by: "reason", failures.byName,
            "Clients and requests without a valid token or password.")
    }

    /// Codes of requests that failed to prove who sent them.
    private static let authenticationCodes: Set<String> = [
        "wrongCredentials", "notAuthorized", "badRefreshToken", "refreshTokenReused",
        "rateLimited", "wrongOTP", "otpRequired", "accountDisabled",
    ]

    private func writeGauges(to writer: inout MetricsWriter) {
        var (count, byteCount, online) = (0, 0, 0)
        for user in directory.users {
            count += user.keptMessages
            byteCount += user.keptBytes
            if !user.sockets.isEmpty { online += 1 }
        }
        writer.single("parley_relay_accounts", .gauge, directory.users.count, "Accounts.")
        writer.single(
            "parley_relay_users_online", .gauge, online, "Users with a connection or more.")
        writer.single(
            "parley_relay_messages_waiting", .gauge, count, "Messages kept for their receivers.")
        writer.single(
            "parley_relay_messages_waiting_bytes", .gauge, byteCount, "Their bytes.")
        writer.single(
            "parley_relay_operations_pending", .gauge, pending.count,
            "What was asked of the store or the password thread and not answered yet.")
    }
}
