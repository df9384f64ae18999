internal import CLI
internal import Crypto
internal import Platform
internal import Relay
internal import Sockets

/// The socket beside the database by which operators' commands reach the relay that runs.
final class ControlService {
    private unowned let host: RelayHost
    private var listener: LocalListener?
    /// Requests that were not answered in full.
    private var waiting: [ControlNumber: ControlConnection] = [:]
    private var lastNumber: ControlNumber = 0

    /// A relay that cannot have such a socket runs without it.
    init(_ host: RelayHost, at path: String) {
        self.host = host
        do throws(SystemError) {
            listener = try LocalListener(on: host.loop, path: path) { [unowned self] transport in
                transport.owner = ControlConnection(self, transport)
            }
        } catch {
            host.console.warn("no commands can reach this relay: \(error.message)")
        }
    }

    func close() { listener?.close() }

    fileprivate func ask(_ line: [UInt8], for connection: ControlConnection) {
        lastNumber += 1
        waiting[lastNumber] = connection
        host.tellTime()
        host.relay.receive(control: line, number: lastNumber)
        host.performEffects()
    }

    func reply(_ number: ControlNumber, _ lines: [[UInt8]], isLast: Bool) {
        guard let connection = waiting[number] else { return }
        for line in lines { connection.transport.write(line + [0x0a]) }
        guard isLast else { return }
        waiting[number] = nil
        connection.answered()
    }

    fileprivate func forget(_ connection: ControlConnection) {
        waiting = waiting.filter { $0.value !== connection }
    }
}

/// One command's connection. Its requests are answered one after the other.
private final class ControlConnection: TCPConnectionOwner {
    /// Bytes of one request.
    private static let lineByteCount = 64 << 10
    /// Bytes of an answer that may wait to be read.
    private static let queueLimit = 256 << 20

    private unowned let service: ControlService
    let transport: TCPConnection
    private var lines = LineSplitter(limit: lineByteCount)
    private var isAsking = false

    init(_ service: ControlService, _ transport: TCPConnection) {
        self.service = service
        self.transport = transport
        transport.queueLimit = Self.queueLimit
    }

    func connection(_ connection: TCPConnection, received bytes: ArraySlice<UInt8>) {
        lines.append(bytes)
        askNext()
    }

    func answered() {
        isAsking = false
        transport.pauseReading(false)
        // Not now: the answer may have come at once, from within the question.
        transport.loop.atEndOfTurn { [weak self] in self?.askNext() }
    }

    private func askNext() {
        guard !isAsking, transport.isOpen else { return }
        do throws(LineSplitter.LineTooLong) {
            guard var line = try lines.next() else { return }
            defer { wipe(&line) }
            isAsking = true
            transport.pauseReading(true)
            service.ask(line, for: self)
        } catch { transport.abort() }
    }

    func connection(_ connection: TCPConnection, closedBecause reason: TCPConnection.Closure) {
        service.forget(self)
    }
}
