internal import CLinux
internal import Failures
internal import Glibc
public import Platform

/// A socket that accepts TCP connections.
public final class TCPListener: EventSource {
    /// Connections taken in one turn, so that a rush of them does not starve the others.
    private static let acceptsPerTurn = 256
    /// Connections that may wait to be accepted; the system's own limit may be lower.
    private static let backlog: CInt = 4096
    /// The rest after a refusal for want of descriptors or memory.
    private static let restAfterRefusal = Duration.milliseconds(200)

    /// The address it listens on, with the port that the system chose where 0 was asked for.
    public let address: SocketAddress
    /// How often no connection could be taken for want of descriptors or memory.
    public private(set) var refusalCount = 0

    private let descriptor: CInt
    private let loop: EventLoop
    private let accept: (TCPConnection) -> Void
    private var isClosed = false

    /// Listens, and gives each connection to `accept`, which sets its owner.
    public init(
        on loop: EventLoop, address: SocketAddress, accept: @escaping (TCPConnection) -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.accept = accept
        descriptor = try Self.listeningSocket(address)
        self.address = SocketAddress.of(descriptor, getsockname) ?? address
        do throws(SystemError) { try loop.watch(descriptor, for: .read, self) } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    private static func listeningSocket(_ address: SocketAddress) throws(SystemError) -> CInt {
        let descriptor = socket(address.family, shim_STREAM, 0)
        guard descriptor >= 0 else { throw SystemError("socket", kind: .unavailable) }
        var one: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        if address.isIPv6, address.host == "::" {
            var zero: CInt = 0
            setsockopt(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, &zero, 4)
        }
        guard address.withPointer({ bind(descriptor, $0, $1) }) == 0,
            listen(descriptor, backlog) == 0
        else {
            let error = SystemError("listen on \(address)", kind: .unavailable)
            Glibc.close(descriptor)
            throw error
        }
        return descriptor
    }

    public func descriptorIsReady(for readiness: Readiness) {
        for _ in 0..<Self.acceptsPerTurn {
            let accepted = accept4(descriptor, nil, nil, shim_ACCEPT)
            guard accepted >= 0 else {
                switch errno {
                case EAGAIN, EINTR, ECONNABORTED: return
                default: return rest()
                }
            }
            guard let connection = try? TCPConnection(on: loop, adopting: accepted) else {
                continue
            }
            accept(connection)
            if isClosed { return }
        }
    }

    /// Out of descriptors, say: the listener stays ready, so looking again at once would spin.
    private func rest() {
        refusalCount += 1
        loop.watch(descriptor, for: [])
        loop.after(Self.restAfterRefusal) { [self] in
            if !isClosed { loop.watch(descriptor, for: .read) }
        }
    }

    /// Stops listening; connections that were accepted go on.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        loop.forget(descriptor)
        Glibc.close(descriptor)
    }
}
