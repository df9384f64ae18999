internal import CLI

extension SignalRelay {
    /// What a relay behind a proxy takes for its clients' addresses, for the manual.
    static let proxyNote = ManualSection(
        "BEHIND A PROXY",
        """
        A proxy that ends TLS connects for everybody. Without --trusted-proxy its address is the \
        address of all clients, in limits, the log and the audit log. A proxy on the relay's own \
        machine (127.0.0.1 or ::1) is spared the limits of connections, sessions, handshakes and \
        wrong passwords of an address: only accounts are locked then. What stays are authRequests \
        and registrationsPerAddress, which all clients share. A proxy on another machine is one \
        address, which one guesser can have locked out for all.

        With --trusted-proxy the address is the last one of X-Forwarded-For that is no trusted \
        proxy's; where that field is missing, of Forwarded (RFC 7239). The proxy must add the \
        address of its client to the field or write it anew; the fields of connections from other \
        addresses count for nothing. An entry that is no address, such as unknown, leaves the \
        proxy's.

        The proxy must let WebSocket pass, and keep a connection open that is silent for longer \
        than pingInterval.
        """)
}
