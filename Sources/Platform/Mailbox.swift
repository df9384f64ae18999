internal import CLinux
internal import Glibc
internal import Synchronization

/// Messages from other threads to the loop's thread, which gets them in order.
public final class Mailbox<Message: Sendable>: Sendable {
    private let state: Mutex<State>
    private let descriptor: CInt

    private struct State {
        var messages: [Message] = []
        var isClosed = false
    }

    /// Runs `receive` on the loop's thread with all messages that came since the last turn.
    ///
    /// The loop keeps the mailbox alive until `close`.
    public init(
        on loop: EventLoop, _ receive: @escaping (consuming [Message]) -> Void
    ) throws(SystemError) {
        descriptor = shim_eventfd()
        guard descriptor >= 0 else { throw SystemError("eventfd") }
        state = Mutex(State())
        try loop.watch(
            descriptor, for: .read,
            MailboxSource(descriptor) { [self] in
                receive(takeAll())
            })
    }

    deinit { Glibc.close(descriptor) }

    /// Puts a message in, from any thread. After `close` it is dropped.
    public func send(_ message: consuming Message) {
        let message = message
        let wasEmpty = state.withLock { state in
            guard !state.isClosed else { return false }
            state.messages.append(message)
            return state.messages.count == 1
        }
        guard wasEmpty else { return }  // The loop has been woken and did not come yet.
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    /// Stops delivery. Call it on the loop's thread.
    public func close(on loop: EventLoop) {
        state.withLock { $0.isClosed = true }
        loop.forget(descriptor)
    }

    private func takeAll() -> [Message] {
        state.withLock { state in
            var messages: [Message] = []
            swap(&messages, &state.messages)
            return messages
        }
    }
}

private final class MailboxSource: EventSource {
    private let descriptor: CInt
    private let deliver: () -> Void

    init(_ descriptor: CInt, _ deliver: @escaping () -> Void) {
        self.descriptor = descriptor
        self.deliver = deliver
    }

    func descriptorIsReady(for readiness: Readiness) {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
        deliver()
    }
}
