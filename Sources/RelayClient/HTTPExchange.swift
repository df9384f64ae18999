internal import HTTP
internal import Platform
internal import Sockets
internal import TLS

/// One HTTP request over a connection of its own, and the answer to it.
final class HTTPExchange: TCPConnectionOwner {
    private let relay: RelayAddress
    private let loop: EventLoop
    private let request: [UInt8]
    private var parser = ResponseParser(limits: Limits(bodyByteCount: 1 << 20))
    private var connector: TCPConnector?
    private var connection: TCPConnection?
    private var deadline: EventLoop.Timer?
    private var completion: ((Result<Response, RelayError>) -> Void)?

    /// Sends the request; `completion` is called once, with the answer or why there is none.
    ///
    /// - Parameter timeout: for all of it, from the look-up of the name to the last byte.
    init(
        _ request: Request, to relay: RelayAddress, on loop: EventLoop, context: Context?,
        timeout: Duration, completion: @escaping (Result<Response, RelayError>) -> Void
    ) {
        self.relay = relay
        self.loop = loop
        self.completion = completion
        self.request = request.encode(host: relay.hostField)
        deadline = loop.after(timeout) { [weak self] in
            self?.end(.failure(.timedOut(what: "an answer of \(relay)", after: timeout)))
        }
        connector = TCPConnector(
            on: loop, host: relay.host, port: relay.port, timeout: timeout
        ) { [weak self] outcome in
            self?.connected(outcome, context)
        }
    }

    private func connected(_ outcome: Result<TCPConnection, ConnectFailure>, _ context: Context?) {
        switch outcome {
        case .failure(let failure): fail(failure.message)
        case .success(let connection):
            connection.owner = self
            self.connection = connection
            do throws(TLSError) {
                if let context {
                    connection.startTLS(try Session(client: context, host: relay.host))
                }
                connection.write(request)
            } catch {
                fail(error.message)
            }
        }
    }

    func connection(_ connection: TCPConnection, received bytes: ArraySlice<UInt8>) {
        var rest = bytes
        do throws(HTTPError) {
            if let response = try parser.next(&rest) { end(.success(response)) }
        } catch {
            end(.failure(.strangeAnswer(error.message)))
        }
    }

    func connection(_ connection: TCPConnection, closedBecause reason: TCPConnection.Closure) {
        if let untrusted = RelayError(untrusted: reason, at: relay) {
            end(.failure(untrusted))
        } else if reason == .byPeer, let response = try? parser.finish() {
            end(.success(response))
        } else {
            fail(reason.inWords)
        }
    }

    private func fail(_ reason: String) {
        end(.failure(.unreachable(relay: relay.description, reason: reason)))
    }

    private func end(_ outcome: Result<Response, RelayError>) {
        guard let completion else { return }
        self.completion = nil
        deadline?.cancel()
        connector?.cancel()
        connection?.close()
        completion(outcome)
    }
}

extension RelayError {
    /// The error where a connection ended because of the relay's certificate; else nil.
    init?(untrusted closure: TCPConnection.Closure, at relay: RelayAddress) {
        guard case .insecure(.untrusted(_, let reason)) = closure else { return nil }
        self = .untrusted(relay: relay.description, reason: reason)
    }
}

extension TCPConnection.Closure {
    /// Why the connection ended, for a message.
    var inWords: String {
        switch self {
        case .byPeer: "it closed the connection"
        case .byUs: "the connection was closed"
        case .queueOverflow: "it reads too slowly"
        case .failed(let error): error.message
        case .insecure(let error): error.message
        }
    }
}
