public import EngineIO

/// How a Socket.IO server behaves.
public struct Configuration: Sendable {
    public var engine = EngineIO.Configuration()
    /// The namespaces that exist, besides `/`; each begins with a slash.
    public var namespaces: [String] = []
    /// How long a client may take from the handshake to its CONNECT, and over the attachments of
    /// a packet.
    public var connectTimeout = Duration.seconds(45)
    /// The most bytes of the attachments of one packet together.
    public var attachmentByteCount = 8 * 1024 * 1024

    /// The longest name of a namespace, in bytes.
    public static var longestNamespace: Int { Packet.maximumNamespaceByteCount }

    public init() {}
}
