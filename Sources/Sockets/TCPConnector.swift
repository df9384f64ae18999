internal import CLinux
public import Failures
internal import Glibc
public import Platform

/// Why no connection came to be.
public enum ConnectFailure: Failure, Equatable {
    /// The name has no address, with what the resolver says.
    case unresolved(host: String, reason: String)
    case failed(SystemError)
    case timedOut(host: String, after: Duration)

    public var kind: FailureKind { .unavailable }

    public var code: String {
        switch self {
        case .unresolved: "unresolved"
        case .failed: "unreachable"
        case .timedOut: "connectTimedOut"
        }
    }

    public var message: String {
        switch self {
        case .unresolved(let host, let reason): "\"\(host)\": \(reason)"
        case .failed(let error): error.message
        case .timedOut(let host, let limit):
            "\"\(host)\" did not accept a connection in \(limit)"
        }
    }
}

/// An attempt to connect to a host by name: its addresses are tried one after the other, in the
/// order the resolver gives them.
public final class TCPConnector {
    /// How long one address may take while there are others to try.
    private static let timePerAddress = Duration.seconds(5)

    private let loop: EventLoop
    private let host: String
    private let port: UInt16
    private let limit: Duration
    private var completion: ((Result<TCPConnection, ConnectFailure>) -> Void)?
    private var addresses: ArraySlice<SocketAddress> = []
    private var lastError: SystemError?
    private var attempt: ConnectAttempt?
    private var deadline: EventLoop.Timer?
    private var addressDeadline: EventLoop.Timer?

    /// Looks the name up on a thread of its own and connects; `completion` is called once, in a
    /// later turn, unless `cancel` comes before.
    public init(
        on loop: EventLoop, host: String, port: UInt16, timeout: Duration,
        completion: @escaping (Result<TCPConnection, ConnectFailure>) -> Void
    ) {
        self.loop = loop
        self.host = host
        self.port = port
        self.completion = completion
        limit = timeout
        deadline = loop.after(timeout) { [self] in
            end(.failure(.timedOut(host: host, after: timeout)))
        }
        if let address = SocketAddress(host: host, port: port) {
            addresses = [address]
            loop.atEndOfTurn { [self] in tryNext() }
        } else {
            resolve()
        }
    }

    /// Gives up; `completion` is not called any more.
    public func cancel() {
        completion = nil
        release()
    }

    private func resolve() {
        let (host, port) = (host, port)
        do throws(SystemError) {
            let mailbox = try answerMailbox(on: loop) { [weak self] in self?.resolved($0) }
            _ = try Thread("resolver") { mailbox.send(addressesOf(host: host, port: port)) }
        } catch {
            loop.atEndOfTurn { [self] in end(.failure(.failed(error))) }
        }
    }

    private func resolved(_ answer: Result<[SocketAddress], ConnectFailure>) {
        switch answer {
        case .success(let found):
            addresses = found[...]
            tryNext()
        case .failure(let failure): end(.failure(failure))
        }
    }

    private func tryNext() {
        guard completion != nil else { return }
        attempt?.abandon()
        addressDeadline?.cancel()
        guard let address = addresses.popFirst() else {
            let error = lastError ?? SystemError("connect to \(host)", errno: EHOSTUNREACH)
            return end(.failure(.failed(error)))
        }
        if !addresses.isEmpty {
            addressDeadline = loop.after(Self.timePerAddress) { [weak self] in self?.tryNext() }
        }
        do throws(SystemError) {
            attempt = try ConnectAttempt(on: loop, address) { [weak self] in self?.attempted($0) }
        } catch {
            lastError = error
            tryNext()
        }
    }

    private func attempted(_ outcome: Result<TCPConnection, SystemError>) {
        switch outcome {
        case .success(let connection): end(.success(connection))
        case .failure(let error):
            lastError = error
            tryNext()
        }
    }

    private func end(_ outcome: Result<TCPConnection, ConnectFailure>) {
        let completion = completion
        self.completion = nil
        if case .success = outcome { attempt = nil }
        release()
        completion?(outcome)
    }

    private func release() {
        attempt?.abandon()
        attempt = nil
        deadline?.cancel()
        addressDeadline?.cancel()
    }
}

/// One non-blocking `connect`.
private final class ConnectAttempt: EventSource {
    private let loop: EventLoop
    private let address: SocketAddress
    private var descriptor: CInt
    private let completion: (Result<TCPConnection, SystemError>) -> Void

    init(
        on loop: EventLoop, _ address: SocketAddress,
        _ completion: @escaping (Result<TCPConnection, SystemError>) -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.address = address
        self.completion = completion
        descriptor = socket(address.family, shim_STREAM, 0)
        guard descriptor >= 0 else { throw SystemError("socket", kind: .unavailable) }
        let status = address.withPointer { connect(descriptor, $0, $1) }
        guard status == 0 || errno == EINPROGRESS else {
            let error = SystemError("connect to \(address)", kind: .unavailable)
            close(descriptor)
            throw error
        }
        try loop.watch(descriptor, for: .write, self)
    }

    func descriptorIsReady(for readiness: Readiness) {
        var error: CInt = 0
        var size = socklen_t(4)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
        let taken = descriptor
        loop.forget(taken)
        descriptor = -1
        guard error == 0 else {
            close(taken)
            let call = "connect to \(address)"
            return completion(.failure(SystemError(call, errno: error, kind: .unavailable)))
        }
        do throws(SystemError) {
            completion(.success(try TCPConnection(on: loop, adopting: taken)))
        } catch {
            completion(.failure(error))
        }
    }

    func abandon() {
        guard descriptor >= 0 else { return }
        loop.forget(descriptor)
        close(descriptor)
        descriptor = -1
    }
}

private typealias ResolverAnswer = Result<[SocketAddress], ConnectFailure>

/// A mailbox for one answer of the resolver, closed once it came.
private func answerMailbox(
    on loop: EventLoop, _ receive: @escaping (ResolverAnswer) -> Void
) throws(SystemError) -> Mailbox<ResolverAnswer> {
    var mailbox: Mailbox<ResolverAnswer>?
    let made = try Mailbox<ResolverAnswer>(on: loop) { [unowned loop] answers in
        mailbox?.close(on: loop)
        mailbox = nil
        if let answer = answers.first { receive(answer) }
    }
    mailbox = made
    return made
}

/// Asks the system's resolver, which blocks.
private func addressesOf(host: String, port: UInt16) -> Result<[SocketAddress], ConnectFailure> {
    var hints = addrinfo()
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &list)
    guard status == 0 else {
        let reason = String(cString: gai_strerror(status)).lowercased()
        return .failure(.unresolved(host: host, reason: reason))
    }
    defer { freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = list
    while let entry = next?.pointee {
        if let address = entry.ai_addr,
            entry.ai_family == AF_INET || entry.ai_family == AF_INET6
        {
            addresses.append(SocketAddress(address, byteCount: Int(entry.ai_addrlen)))
        }
        next = entry.ai_next
    }
    guard !addresses.isEmpty else {
        return .failure(.unresolved(host: host, reason: "no address"))
    }
    return .success(addresses)
}
