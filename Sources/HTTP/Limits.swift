/// How much of a message is taken before the peer is refused. Each has a finite value always.
public struct Limits: Equatable, Sendable {
    /// Bytes of the request or status line and the fields together.
    public var headByteCount = 16 * 1024
    /// Fields in one message.
    public var fieldCount = 64
    /// Bytes of the request target.
    public var targetByteCount = 8 * 1024
    /// Bytes of the body, decoded.
    public var bodyByteCount = 64 * 1024

    public init() {}

    public init(bodyByteCount: Int) { self.bodyByteCount = bodyByteCount }

    /// Bytes of one chunk's size line beyond its number: nobody uses chunk extensions.
    static let chunkExtensionByteCount = 256
    /// Bytes of the trailer section of a chunked body, which is thrown away.
    static let trailerByteCount = 4 * 1024
}
