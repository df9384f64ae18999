public import HTTP
public import Platform
public import Sockets
public import TLS

/// One HTTP request over a connection of its own, and the answer to it.
public final class HTTPExchange: TCPConnectionOwner {
    private let origin: Origin
    private let loop: EventLoop
    private let request: [UInt8]
    private var parser = ResponseParser(limits: Limits(bodyByteCount: 1 << 20))
    private var connector: TCPConnector?
    private var connection: TCPConnection?
    private var deadline: EventLoop.Timer?
    private var completion: ((Result<Response, ExchangeFailure>) -> Void)?

    /// Sends the request; `completion` is called once, with the answer or why there is none.
    ///
    /// - Parameters:
    ///   - timeout: for all of it, from the look-up of the name to the last byte.
    ///   - context: for TLS; nil for a plain connection.
    public init(
        _ request: Request, to origin: Origin, on loop: EventLoop, context: Context?,
        timeout: Duration, completion: @escaping (Result<Response, ExchangeFailure>) -> Void
    ) {
        self.origin = origin
        self.loop = loop
        self.completion = completion
        self.request = request.encode(host: origin.hostField)
        deadline = loop.after(timeout) { [weak self] in
            self?.end(.failure(.timedOut(after: timeout)))
        }
        connector = TCPConnector(
            on: loop, host: origin.host, port: origin.port, timeout: timeout
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
                    connection.startTLS(try Session(client: context, host: origin.host))
                }
                connection.write(request)
            } catch {
                fail(error.message)
            }
        }
    }

    public func connection(_ connection: TCPConnection, received bytes: ArraySlice<UInt8>) {
        var rest = bytes
        do throws(HTTPError) {
            if let response = try parser.next(&rest) { end(.success(response)) }
        } catch {
            end(.failure(.strangeAnswer(error.message)))
        }
    }

    public func connection(_ connection: TCPConnection, closedBecause reason: TCPConnection.Closure)
    {
        if case .insecure(.untrusted(_, let reason)) = reason {
            end(.failure(.untrusted(reason: reason)))
        } else if reason == .byPeer, let response = try? parser.finish() {
            end(.success(response))
        } else {
            fail(reason.inWords)
        }
    }

    private func fail(_ reason: String) {
        end(.failure(.unreachable(reason: reason)))
    }

    private func end(_ outcome: Result<Response, ExchangeFailure>) {
        guard let completion else { return }
        self.completion = nil
        deadline?.cancel()
        connector?.cancel()
        connection?.close()
        completion(outcome)
    }
}

extension TCPConnection.Closure {
    /// Why the connection ended, for a message.
    public var inWords: String {
        switch self {
        case .byPeer: "it closed the connection"
        case .byUs: "the connection was closed"
        case .queueOverflow: "it reads too slowly"
        case .failed(let error): error.message
        case .insecure(let error): error.message
        }
    }
}
