internal import HTTP
internal import Platform
internal import Sockets

/// A listener for the metrics alone: `--metrics`. It answers one request a connection.
final class MetricsService {
    private unowned let host: RelayHost
    private var listener: TCPListener?

    init(_ host: RelayHost, at address: SocketAddress) throws {
        self.host = host
        listener = try TCPListener(on: host.loop, address: address) { [unowned self] transport in
            transport.owner = MetricsConnection(self, transport)
        }
    }

    /// Where it listens, with the port that the system chose.
    var address: SocketAddress? { listener?.address }

    func close() { listener?.close() }

    fileprivate func answer(_ request: Request) -> Response {
        guard request.method == .get || request.method == .head else {
            var response = Response.text(.methodNotAllowed, "Method not allowed")
            response.fields.append("Allow", "GET, HEAD")
            return response
        }
        guard request.target.path == "/metrics" else { return .text(.notFound, "Not found") }
        return host.metrics()
    }
}

private final class MetricsConnection: TCPConnectionOwner {
    /// How long a request may take to come.
    private static let requestTime = Duration.seconds(10)
    /// Bytes of a body that nobody needs.
    private static let bodyByteCount = 1024

    private unowned let service: MetricsService
    private var parser = RequestParser(limits: Limits(bodyByteCount: bodyByteCount))

    init(_ service: MetricsService, _ transport: TCPConnection) {
        self.service = service
        transport.loop.after(Self.requestTime) { [weak transport] in transport?.close() }
    }

    func connection(_ connection: TCPConnection, received bytes: ArraySlice<UInt8>) {
        var bytes = bytes
        do throws(HTTPError) {
            while let event = try parser.next(&bytes) {
                guard case .request(let request) = event else { continue }
                answer(service.answer(request), isHead: request.method == .head, on: connection)
                return
            }
        } catch { answer(.text(error.status, error.message), isHead: false, on: connection) }
    }

    private func answer(_ response: Response, isHead: Bool, on connection: TCPConnection) {
        connection.withOutput { response.encode(to: &$0, closes: true, omitsBody: isHead) }
        connection.close()
    }

    func connection(_ connection: TCPConnection, closedBecause reason: TCPConnection.Closure) {}
}
