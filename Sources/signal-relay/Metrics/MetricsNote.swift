internal import CLI

extension SignalRelay {
    /// What `/metrics` has, for the manual; an end-to-end test compares the names.
    static let metricsNote = ManualSection(
        "METRICS",
        """
        /metrics is in Prometheus's text format. Names of labels and their values are the relay's \
        own: nothing that a client wrote is among them. Counters begin at 0 when the relay starts.
        """,
        relayMetrics + accountMetrics + hookMetrics + storeMetrics)

    private static let relayMetrics = [
        ("parley_relay_start_time_seconds", "When the relay started, in seconds since 1970."),
        ("parley_relay_draining", "1 while the relay sends its clients away to end."),
        ("parley_relay_accepted_total", "TCP connections."),
        ("parley_relay_connections", "Engine.IO sessions that are open, by transport."),
        ("parley_relay_clients_connected_total", "Clients that were let in."),
        (
            "parley_relay_closes_total",
            "Clients that are gone, by reason; slowConsumer are those who did not read."
        ),
        ("parley_relay_recoveries_total", "Clients that wanted to go on, by outcome."),
        ("parley_relay_received_bytes_total", "Bytes from clients, TLS not counted."),
        ("parley_relay_sent_bytes_total", "Bytes to clients, TLS not counted."),
        ("parley_relay_send_queue_bytes", "Bytes that wait to be taken by clients."),
        ("parley_relay_congestions_total", "How often a client read too slowly for a while."),
        ("parley_relay_events_total", "Events that clients sent, by event."),
        (
            "parley_relay_event_seconds",
            "From an event's bytes to the bytes that it brought about, a histogram."
        ),
        ("parley_relay_handler_seconds", "Time of an event's own work, by event."),
        (
            "parley_relay_refusals_total",
            "Events, requests and connections that were refused, by kind and code."
        ),
        ("parley_relay_messages_kept_total", "Messages that were put into the store."),
        (
            "parley_relay_messages_not_kept_total",
            "Messages that were not kept since too much waits for a user or device, by event."
        ),
        (
            "parley_relay_messages_lost_total",
            "Messages that waited and were dropped since the keys to read them were gone."
        ),
        ("parley_relay_messages_repeated_total", "Messages that came again."),
        ("parley_relay_messages_waiting", "Messages that are kept for their receivers."),
        ("parley_relay_messages_waiting_bytes", "Their bytes."),
        ("parley_relay_calls_total", "Calls that began, or rang at nobody."),
    ]

    private static let accountMetrics = [
        ("parley_relay_accounts", "Accounts."),
        ("parley_relay_users_online", "Users with a connection or more."),
        (
            "parley_relay_authentication_failures_total",
            "Clients and requests without a valid token or password, by reason."
        ),
        (
            "parley_relay_lockouts_total",
            "How often an account or a network address was locked out after failures, by of."
        ),
        (
            "parley_relay_limit_refusals_total",
            """
            What was refused to a network address, or to those who prove who they are, because of \
            a limit, by reason: the limit's name, such as connectionsPerAddress, \
            handshakesPerSecond, authRequests or failuresPerAddress.
            """
        ),
        ("parley_relay_alerts_total", "Alerts, by rule."),
        (
            "parley_relay_failed_reloads_total",
            "How often a new certificate could not be used and the old one was kept."
        ),
    ]

    private static let hookMetrics = [
        ("parley_relay_notices_total", "Notices for the hooks."),
        (
            "parley_relay_hook_notices_total",
            """
            What became of them, by hook (webhook, command) and outcome: sent; retried, each try \
            that failed and is made again; given_up after the last try; refused by the hook; \
            dropped because too many waited; merged with one that waited and said the same.
            """
        ),
        ("parley_relay_hook_queue", "Notices by hook and state: waiting or running."),
    ]

    private static let storeMetrics = [
        (
            "parley_relay_operations_pending",
            "What was asked of the store or the password thread and not answered yet."
        ),
        ("parley_store_operations_total", "Operations that the store was asked for."),
        ("parley_store_failures_total", "Transactions that failed."),
        ("parley_store_transaction_seconds", "Time of a transaction, a histogram."),
        ("parley_store_transaction_operations", "Operations in a transaction, a histogram."),
    ]
}
