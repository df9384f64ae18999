internal import JSON

/// What a server tells a client first.
public struct OpenPacket: Equatable, Sendable {
    public var sid: String
    public var pingInterval: Duration
    public var pingTimeout: Duration
    /// The most bytes that the server takes in a message; nil where it does not say.
    public var maxPayload: Int?

    /// The longest interval that is believed, so that a dead server is found out some day.
    static let maximumInterval = 3_600_000

    init(_ text: ArraySlice<UInt8>) throws(EngineIOError) {
        guard let value = try? JSON(parsing: text), let sid = value["sid"]?.string,
            let pingInterval = value["pingInterval"]?.integer,
            let pingTimeout = value["pingTimeout"]?.integer,
            (1...Int64(Self.maximumInterval)).contains(pingInterval),
            (1...Int64(Self.maximumInterval)).contains(pingTimeout)
        else { throw .badOpenPacket }
        self.sid = sid
        self.pingInterval = .milliseconds(pingInterval)
        self.pingTimeout = .milliseconds(pingTimeout)
        maxPayload = value["maxPayload"]?.integer.flatMap { Int(exactly: $0) }
    }
}
