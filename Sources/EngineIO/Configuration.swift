/// How a server behaves, with the defaults of the reference implementation where it has them.
public struct Configuration: Sendable {
    /// Where sessions live; requests for other paths are handed to the application.
    public var path = "/socket.io/"
    /// How long after a pong, or the handshake, the next ping is sent at the latest; at the earliest
    /// after three quarters of it.
    public var pingInterval = Duration.seconds(25)
    /// How long a pong may take.
    public var pingTimeout = Duration.seconds(20)
    /// How long a client may take to change from polling to WebSocket.
    public var upgradeTimeout = Duration.seconds(10)
    /// The most bytes of one message, and of one polling body.
    public var maxPayload = 2_000_000
    /// The most bytes of the body of a request that is not for a session.
    public var requestBodyByteCount = 256 * 1024
    /// From which web pages sessions may be opened.
    public var origins = Origins.sameOnly

    /// The most bytes that wait for one connection before it is closed as a slow consumer.
    public var maximumBufferedByteCount = 1024 * 1024
    /// How long bytes may wait for a connection that takes none.
    public var stallTimeout = Duration.seconds(8)
    /// How long a request may take to come, from its first byte to the end of its fields.
    public var requestTimeout = Duration.seconds(10)
    /// How long the body of a request may take to come.
    public var bodyTimeout = Duration.seconds(60)
    /// How long a connection is kept between requests.
    public var idleTimeout = Duration.seconds(60)
    /// How long the peer may take to answer a closing handshake.
    public var closeTimeout = Duration.seconds(5)
    /// The most sessions at a time; more are refused with 503.
    public var maximumSessionCount = 200_000

    /// How much one network address may have.
    public var addresses = AddressLimits()
    /// Proxies whose word is taken for the addresses of their clients.
    public var proxies: Proxies?
    /// The most bytes of a message, and of a polling body, before `trust` is called for a session.
    public var untrustedPayload = Int.max

    public init() {}
}

/// How much one network address may have open, and how fast it may open sessions.
public struct AddressLimits: Sendable, Equatable {
    /// Connections at a time; more are closed at once.
    public var connections = 10_000
    /// Sessions at a time; more are refused with 429.
    public var sessions = 10_000
    /// Sessions opened a second, in the long run; more are refused with 429.
    public var handshakesPerSecond = 200.0
    /// Sessions that may be opened at once before that.
    public var handshakeBurst = 1000.0

    public init() {}
}
