internal import CLinux
internal import Glibc

/// The signals that programs answer.
public enum Signal: CInt, CaseIterable, Sendable {
    case hangUp = 1
    case interrupt = 2
    case user1 = 10
    case user2 = 12
    case terminate = 15
    case windowChange = 28

    /// The status by which a shell knows that this signal ended a program.
    public var exitStatus: CInt { 128 + rawValue }
}

/// Runs `body` while the signals wait that end a program: SIGHUP, SIGINT and SIGTERM. One that comes
/// meanwhile acts once it is done.
///
/// They are blocked in this thread; no other takes them, since each `Thread` has them blocked.
public func holdingBackSignals<Value, Fault: Error>(
    _ body: () throws(Fault) -> Value
) throws(Fault) -> Value {
    var mask = sigset_t()
    var earlier = sigset_t()
    sigemptyset(&mask)
    for signal in [Signal.hangUp, .interrupt, .terminate] { sigaddset(&mask, signal.rawValue) }
    pthread_sigmask(SIG_BLOCK, &mask, &earlier)
    defer { pthread_sigmask(SIG_SETMASK, &earlier, nil) }
    return try body()
}

extension EventLoop {
    /// Runs `action` in a turn for each time the signal came, or for several at once.
    ///
    /// The signal is blocked in this thread and in threads made after it, so call this before
    /// any thread is made.
    public func onSignal(_ signal: Signal, _ action: @escaping () -> Void) throws(SystemError) {
        let source = signals ?? SignalSource()
        signals = source
        try source.add(signal.rawValue, on: self, action)
    }
}

/// The signals of one loop, read from a signalfd.
final class SignalSource: EventSource {
    private var descriptor: CInt = -1
    private var mask = sigset_t()
    private var actions: [CInt: () -> Void] = [:]

    init() { sigemptyset(&mask) }

    func add(
        _ number: CInt, on loop: EventLoop, _ action: @escaping () -> Void
    ) throws(SystemError) {
        actions[number] = action
        sigaddset(&mask, number)
        pthread_sigmask(SIG_BLOCK, &mask, nil)
        let replacement = shim_signalfd(&mask)
        guard replacement >= 0 else { throw SystemError("signalfd") }
        if descriptor >= 0 {
            loop.forget(descriptor)
            close(descriptor)
        }
        descriptor = replacement
        try loop.watch(descriptor, for: .read, self)
    }

    func descriptorIsReady(for readiness: Readiness) {
        var info = signalfd_siginfo()
        while read(descriptor, &info, MemoryLayout.size(ofValue: info))
            == MemoryLayout.size(ofValue: info)
        {
            actions[CInt(info.ssi_signo)]?()
        }
    }
}
