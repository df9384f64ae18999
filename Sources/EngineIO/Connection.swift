internal import HTTP
internal import WebSocket

/// What the server keeps of a connection. It holds buffers only while something is in them.
final class Connection {
    let id: Int
    let remote: String
    /// Nil once the connection speaks WebSocket.
    var http: HTTPState?
    var endpoint: Endpoint?
    var session: SessionState?
    /// The session whose POST is under way here.
    var posting: SessionState?
    /// Bytes to send; those before `written` are sent.
    var output: [UInt8] = []
    var written = 0
    /// Whether an answer over HTTP is in `output`, which may hold a token: its memory is freed, and
    /// so overwritten, and not kept for another connection.
    var outputIsSecret = false
    var isDirty = false
    /// To be closed once `output` is sent, or at once where it was emptied.
    var isFinished = false
    /// When it is closed if nothing happens, in milliseconds; `Int64.max` for never.
    var expires = Int64.max
    /// Since when bytes wait without one being taken.
    var stalledSince = Int64.max
    var hasCheck = false
    /// Whether it was one too many of its address, or is a proxy's.
    var isUncounted = false

    init(id: Int, remote: String, limits: Limits) {
        self.id = id
        self.remote = remote
        http = HTTPState(limits)
    }

    var pendingByteCount: Int { output.count &- written }
}

/// What a connection needs while it speaks HTTP.
final class HTTPState {
    var parser: RequestParser
    /// Bytes that came while a request waits for its answer.
    var held: [UInt8] = []
    /// The request that waits for its answer.
    var awaiting: UInt64?
    var keepsAlive = true
    var isHead = false
    var corsFields = Fields()
    /// Whether no request has begun since the last answer.
    var isIdle = false

    init(_ limits: Limits) { parser = RequestParser(limits: limits) }

    /// The most bytes that may come while a request waits for its answer: nobody who pipelines
    /// needs more.
    static let heldByteCount = 64 * 1024
}

/// A request that the application answers, now or later.
public struct RequestToken: Hashable, Sendable {
    let connection: Int
    let serial: UInt64
}
