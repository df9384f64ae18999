internal import CLinux
internal import Glibc
public import Platform
public import TLS

/// Who is told what happens on a connection. None of these is ever called from within a call to
/// the connection.
public protocol TCPConnectionOwner: AnyObject {
    /// Bytes that came. They lie in the loop's one buffer, so copy what is to be kept.
    func connection(_ connection: TCPConnection, received bytes: ArraySlice<UInt8>)

    /// All that was queued has been handed to the system, after some of it had to wait.
    func connectionDrained(_ connection: TCPConnection)

    /// The connection is gone. It is the last call, it comes exactly once, and it comes after
    /// `close` and `abort` too.
    func connection(_ connection: TCPConnection, closedBecause reason: TCPConnection.Closure)
}

extension TCPConnectionOwner {
    public func connectionDrained(_ connection: TCPConnection) {}
}

/// One TCP connection on a loop, with or without TLS. An idle one holds no buffer.
///
/// What every read and write touches is not checked for exclusive access each time: nobody is called
/// while one of these changes.
public final class TCPConnection: Flushing, EventSource {
    /// Why a connection ended.
    public enum Closure: Equatable, Sendable {
        /// The peer ended it in order.
        case byPeer
        /// `close` or `abort`.
        case byUs
        /// More was queued than `queueLimit`: the peer reads too slowly.
        case queueOverflow
        case failed(SystemError)
        /// TLS could not be agreed on, or was broken.
        case insecure(TLSError)
    }

    private enum State { case open, closing, lingering, aborting, closed }

    /// How long a closed connection waits for the peer's end, so that a reset does not take from
    /// the peer what was sent last.
    private static let lingerTime = Duration.seconds(2)
    /// How long a closed connection may take to send what is queued.
    private static let closeTime = Duration.seconds(30)

    /// Set it before the turn ends in which the connection came to be. The connection keeps its
    /// owner alive until it is closed.
    @exclusivity(unchecked) public var owner: (any TCPConnectionOwner)?
    /// Bytes that may wait to be sent after a turn; beyond, the connection is closed.
    public var queueLimit = 8 * 1024 * 1024
    public let loop: EventLoop

    private let descriptor: CInt
    @exclusivity(unchecked) private var state = State.open
    private var closure = Closure.byUs
    @exclusivity(unchecked) private var session: Session?
    /// What was written and is not encrypted yet; empty without TLS.
    private var plaintext: [UInt8] = []
    private var output: [UInt8] = []
    /// How much of `output` the system has taken.
    @exclusivity(unchecked) private var sentByteCount = 0
    private var isInUnflushed = false
    @exclusivity(unchecked) private var waitsForWrite = false
    private var isPaused = false
    private var peerEnded = false

    /// Takes a connected socket over.
    init(on loop: EventLoop, adopting descriptor: CInt) throws(SystemError) {
        self.loop = loop
        self.descriptor = descriptor
        var one: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        do throws(SystemError) { try loop.watch(descriptor, for: .read, self) } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    /// The peer's address; nil once the connection is gone.
    public var peerAddress: SocketAddress? { SocketAddress.of(descriptor, getpeername) }

    /// Whether what is written now is still sent.
    public var isOpen: Bool { state == .open }

    /// Bytes that wait to be sent.
    public var queuedByteCount: Int { plaintext.count + unsentByteCount }

    private var unsentByteCount: Int { output.count - sentByteCount }

    // MARK: Writing

    /// Queues bytes, which go out at the end of the turn. After `close` they are dropped.
    public func write(_ bytes: [UInt8]) { withOutput { $0.append(contentsOf: bytes) } }

    public func write(_ bytes: ArraySlice<UInt8>) { withOutput { $0.append(contentsOf: bytes) } }

    public func write(_ bytes: UnsafeBufferPointer<UInt8>) {
        withOutput { $0.append(contentsOf: bytes) }
    }

    /// Lets `body` append to the queue itself. It must not touch what is there already.
    public func withOutput(_ body: (inout [UInt8]) -> Void) {
        guard state == .open else { return }
        if session == nil {
            if output.capacity == 0 { output = loop.outputBuffers.take() }
            body(&output)
        } else {
            if plaintext.capacity == 0 { plaintext = loop.outputBuffers.take() }
            body(&plaintext)
        }
        joinUnflushed()
    }

    /// Sends what the system takes of these bytes at once; the rest stays with the caller, whom
    /// `connectionDrained` tells when there is room. With TLS they are queued whole.
    ///
    /// - Returns: how many bytes were taken. After `close` all are, and dropped.
    public func sendNow(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard state == .open else { return bytes.count }
        guard !waitsForWrite else { return 0 }
        if session != nil || unsentByteCount > 0 {
            withOutput { $0.append(contentsOf: bytes) }
            return bytes.count
        }
        let sent = Glibc.send(descriptor, bytes.baseAddress, bytes.count, shim_MSG_NOSIGNAL)
        if sent < 0, errno != EAGAIN, errno != EINTR {
            closure = .failed(SystemError("send"))
            abort()
            return bytes.count
        }
        if sent < bytes.count {
            waitsForWrite = true
            updateInterest()
        }
        return max(0, sent)
    }

    private func joinUnflushed() {
        guard !isInUnflushed else { return }
        isInUnflushed = true
        loop.unflushed.append(self)
    }

    package func flushAtTurnEnd() {
        isInUnflushed = false
        switch state {
        case .open, .closing:
            if let session { encrypt(session) }
            guard state != .closed else { return }
            if waitsForWrite { checkLimit() } else { flush() }
        case .aborting: finish(closure)
        case .lingering, .closed: break
        }
    }

    private func flush() {
        if unsentByteCount > 0 {
            let sent = output.withUnsafeBytes { bytes in
                send(
                    descriptor, bytes.baseAddress! + sentByteCount, bytes.count - sentByteCount,
                    shim_MSG_NOSIGNAL)
            }
            guard sent >= 0 || errno == EAGAIN || errno == EINTR else {
                return finish(.failed(SystemError("send")))
            }
            sentByteCount += max(0, sent)
        }
        unsentByteCount == 0 ? allSent() : waitForWrite()
    }

    private func allSent() {
        sentByteCount = 0
        loop.outputBuffers.give(&output)
        if state == .closing { return endOutput() }
        guard waitsForWrite else { return }
        waitsForWrite = false
        updateInterest()
        owner?.connectionDrained(self)
    }

    private func waitForWrite() {
        if sentByteCount > output.count / 2 {
            output.removeFirst(sentByteCount)
            sentByteCount = 0
        }
        if !waitsForWrite {
            waitsForWrite = true
            updateInterest()
            if state == .closing { finish(after: Self.closeTime) }
        }
        checkLimit()
    }

    private func checkLimit() {
        if queuedByteCount > queueLimit { finish(.queueOverflow) }
    }

    private func updateInterest() {
        // The end of the input would be reported again and again.
        var interest: Readiness = peerEnded || (isPaused && state == .open) ? [] : .read
        if waitsForWrite { interest.insert(.write) }
        loop.watch(descriptor, for: interest)
    }

    // MARK: Reading

    public func descriptorIsReady(for readiness: Readiness) {
        if readiness.contains(.write), waitsForWrite { flush() }
        guard !readiness.isDisjoint(with: [.read, .hangUp]) else { return }
        switch state {
        case .open, .closing, .lingering:
            if let session, state == .open { receive(session) } else { receive() }
        case .aborting, .closed: break
        }
    }

    private func receive() {
        let count = loop.lendBuffer {
            recv(descriptor, $0.baseAddress, $0.count, 0)
        } to: {
            if state == .open { owner?.connection(self, received: $0) }
        }
        received(count)
    }

    private func received(_ count: Int) {
        if count == 0 {
            inputEnded()
        } else if count < 0, errno != EAGAIN, errno != EINTR {
            finish(.failed(SystemError("recv")))
        }
    }

    private func inputEnded() {
        peerEnded = true
        switch state {
        case .open:
            close(.byPeer)
            updateInterest()
        case .closing: updateInterest()
        default: finish(closure)
        }
    }

    /// Stops and resumes reading, so that the system slows the sender down.
    public func pauseReading(_ paused: Bool) {
        guard state == .open, paused != isPaused else { return }
        isPaused = paused
        updateInterest()
    }

    // MARK: Ending

    /// Sends what is queued and then ends the connection; nothing that comes is read any more.
    public func close() { close(.byUs) }

    private func close(_ reason: Closure) {
        guard state == .open else { return }
        closure = reason
        state = .closing
        joinUnflushed()
    }

    /// Ends the connection at the end of the turn and drops what is queued.
    public func abort() {
        guard state != .closed else { return }
        state = .aborting
        joinUnflushed()
    }

    private func endOutput() {
        guard !peerEnded else { return finish(closure) }
        state = .lingering
        shutdown(descriptor, shim_SHUT_WR)
        waitsForWrite = false
        updateInterest()
        finish(after: Self.lingerTime)
    }

    private func finish(after delay: Duration) {
        loop.after(delay) { [weak self] in
            if let self { finish(closure) }
        }
    }

    private func finish(_ reason: Closure) {
        guard state != .closed else { return }
        state = .closed
        loop.forget(descriptor)
        Glibc.close(descriptor)
        output = []
        plaintext = []
        sentByteCount = 0
        session = nil
        let last = owner
        owner = nil
        last?.connection(self, closedBecause: reason)
    }

    // MARK: TLS

    /// Encrypts all that is written from here on. Nothing is sent before the handshake is done
    /// and, in a client, the certificate has been verified.
    ///
    /// - Parameter session: nil where there was no memory for one, which ends the connection.
    /// - Precondition: nothing has been written or received.
    public func startTLS(_ session: Session?) {
        precondition(self.session == nil && output.isEmpty)
        guard let session else {
            closure = .insecure(.outOfMemory)
            return abort()
        }
        self.session = session
        joinUnflushed()
    }

    private func encrypt(_ session: Session) {
        if session.isEstablished, !plaintext.isEmpty {
            do throws(TLSError) {
                try plaintext.withUnsafeBufferPointer { bytes throws(TLSError) in
                    try session.write(bytes)
                }
            } catch {
                return finish(.insecure(error))
            }
        }
        if session.isEstablished || state != .open { loop.outputBuffers.give(&plaintext) }
        if state == .closing { session.close() }
        if output.capacity == 0 { output = loop.outputBuffers.take() }
        session.takeOutput(appendingTo: &output)
    }

    private func receive(_ session: Session) {
        var failure: TLSError?
        let count = loop.lendBuffer {
            recv(descriptor, $0.baseAddress, $0.count, 0)
        } to: { records in
            do throws(TLSError) {
                try records.withUnsafeBufferPointer { bytes throws(TLSError) in
                    try session.receive(bytes)
                }
            } catch { failure = error }
        }
        guard count > 0 else { return received(count) }
        do throws(TLSError) {
            if let failure { throw failure }
            try deliver(session)
            joinUnflushed()
        } catch {
            // The alert goes out if the system takes it at once.
            session.takeOutput(appendingTo: &output)
            flush()
            finish(.insecure(error))
        }
    }

    /// Hands on what the records that came hold.
    private func deliver(_ session: Session) throws(TLSError) {
        while state == .open {
            let count = try loop.lendBuffer { buffer throws(TLSError) in
                try session.read(into: buffer)
            } to: {
                owner?.connection(self, received: $0)
            }
            if count == 0 { break }
        }
        if session.isEnded { close(.byPeer) }
    }
}
