internal import Glibc

/// A descriptor that is read on the loop as bytes come: a pipe, a terminal, or a file.
///
/// The descriptor stays blocking, since others may share it; it is read only when it is ready.
public final class InputSource: EventSource {
    private let loop: EventLoop
    private let descriptor: CInt
    private let received: (ArraySlice<UInt8>) -> Void
    private var ended: ((SystemError?) -> Void)?
    private var isPaused = false

    /// - Parameters:
    ///   - descriptor: stays the caller's, and is not closed.
    ///   - received: gets bytes that lie in the loop's one buffer; it copies what it keeps.
    ///   - ended: called once, at the end of the input or with the error that ended it.
    public init(
        on loop: EventLoop, reading descriptor: CInt,
        received: @escaping (ArraySlice<UInt8>) -> Void,
        ended: @escaping (SystemError?) -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.descriptor = descriptor
        self.received = received
        self.ended = ended
        try loop.watch(descriptor, for: .read, self)
    }

    /// Stops and resumes reading.
    public func pause(_ paused: Bool) {
        guard ended != nil, paused != isPaused else { return }
        isPaused = paused
        if paused {
            loop.forget(descriptor)
        } else {
            try? loop.watch(descriptor, for: .read, self)
        }
    }

    /// Stops for good; neither closure is called any more.
    public func stop() {
        if ended != nil, !isPaused { loop.forget(descriptor) }
        ended = nil
    }

    public func descriptorIsReady(for readiness: Readiness) {
        let count = loop.lendBuffer {
            read(descriptor, $0.baseAddress, $0.count)
        } to: {
            received($0)
        }
        if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) {
            let error = count < 0 ? SystemError("read standard input") : nil
            let ended = ended
            stop()
            ended?(error)
        }
    }
}
