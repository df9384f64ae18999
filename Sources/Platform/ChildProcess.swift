internal import CLinux
public import Clock
internal import Failures
internal import Glibc

/// A program that the loop started and waits for.
public final class ChildProcess: EventSource {
    public enum Ending: Equatable, Sendable {
        case exited(status: CInt)
        case killed(signal: CInt)
        /// It is gone, and other code of this process has taken its status.
        case unknown
    }

    public let processID: Int32
    private let loop: EventLoop
    private let descriptor: CInt
    private var input: ChildInput?
    private var output: InputSource?
    private var ending: Ending?
    private var outputDescriptor: CInt = -1
    private var onExit: ((Ending) -> Void)?
    private let leadsGroup: Bool

    /// Starts a program, found by `PATH`. The loop keeps the child alive until it is gone.
    ///
    /// - Parameters:
    ///   - arguments: begin with the program's name.
    ///   - leadsGroup: whether it and what it starts are a process group, which `killAtOnce` ends.
    ///   - input: what its standard input holds; nil gives it ours.
    ///   - onOutput: gets what it writes on its standard output, as it comes; nil gives it ours.
    ///   - onExit: called once, when the program has ended and all its output came.
    public init(
        on loop: EventLoop, _ arguments: [String], leadsGroup: Bool = false,
        input: [UInt8]? = nil, onOutput: ((ArraySlice<UInt8>) -> Void)? = nil,
        onExit: @escaping (Ending) -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.onExit = onExit
        self.leadsGroup = leadsGroup
        let inputPipe = try input.map { _ throws(SystemError) in try Pipe() }
        let outputPipe = try onOutput.map { _ throws(SystemError) in try Pipe() }
        defer {
            inputPipe?.closeReadEnd()
            outputPipe?.closeWriteEnd()
        }
        do throws(SystemError) {
            processID = try spawn(
                arguments, leadsGroup, input: inputPipe?.readEnd, output: outputPipe?.writeEnd)
        } catch {
            inputPipe?.closeWriteEnd()
            outputPipe?.closeReadEnd()
            throw error
        }
        descriptor = pidfd_open(processID, 0)
        guard descriptor >= 0 else { throw SystemError("pidfd_open") }
        try loop.watch(descriptor, for: .read, self)
        if let inputPipe, let input {
            self.input = try ChildInput(on: loop, inputPipe.writeEnd, input)
        }
        if let outputPipe, let onOutput {
            outputDescriptor = outputPipe.readEnd
            output = try InputSource(on: loop, reading: outputPipe.readEnd, received: onOutput) {
                [self] _ in outputEnded()
            }
        }
    }

    public func descriptorIsReady(for readiness: Readiness) {
        guard let ending = reap() else { return }
        loop.forget(descriptor)
        close(descriptor)
        input?.stop()
        self.ending = ending
        finishIfDone()
    }

    /// How the child ended; nil while it runs.
    private func reap() -> Ending? {
        var status: CInt = 0
        while true {
            switch waitpid(processID, &status, WNOHANG) {
            case processID:
                let signal = status & 0x7f
                return signal == 0 ? .exited(status: status >> 8 & 0xff) : .killed(signal: signal)
            case -1 where errno == EINTR: continue
            // ECHILD: somebody else in this process took its status.
            case -1: return .unknown
            default: return nil
            }
        }
    }

    private func outputEnded() {
        close(outputDescriptor)
        outputDescriptor = -1
        finishIfDone()
    }

    private func finishIfDone() {
        guard let ending, outputDescriptor < 0 else { return }
        let onExit = onExit
        self.onExit = nil
        onExit?(ending)
    }

    /// Sends a signal, unless the program has ended.
    public func kill(_ signal: Signal) {
        if ending == nil { Glibc.kill(processID, signal.rawValue) }
    }

    /// Ends it, and the group that it leads, by SIGKILL, which nobody can catch.
    public func killAtOnce() { signalAll(SIGKILL) }

    /// Waits for its end until a time, while the loop stands still, and then does `killAtOnce`.
    public func end(by deadline: Instant) {
        let left = max(.zero, deadline - MonotonicClock().now)
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if ending == nil, poll(&entry, 1, CInt(clamping: left.milliseconds)) > 0 { return }
        signalAll(SIGKILL)
    }

    private func signalAll(_ signal: CInt) {
        if ending == nil { Glibc.kill(leadsGroup ? -processID : processID, signal) }
    }
}

private struct Pipe {
    let readEnd: CInt
    let writeEnd: CInt

    init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw SystemError("pipe") }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    func closeReadEnd() { close(readEnd) }
    func closeWriteEnd() { close(writeEnd) }
}

/// What goes into a child's standard input.
private final class ChildInput: EventSource {
    private let loop: EventLoop
    private var descriptor: CInt
    private var rest: ArraySlice<UInt8>

    init(on loop: EventLoop, _ descriptor: CInt, _ bytes: [UInt8]) throws(SystemError) {
        self.loop = loop
        self.descriptor = descriptor
        rest = bytes[...]
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        try loop.watch(descriptor, for: .write, self)
    }

    func descriptorIsReady(for readiness: Readiness) {
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EAGAIN { return }
            // A child that does not read its input is not an error: its status tells.
            guard written > 0 else { break }
            rest = rest.dropFirst(written)
        }
        stop()
    }

    func stop() {
        guard descriptor >= 0 else { return }
        loop.forget(descriptor)
        close(descriptor)
        descriptor = -1
    }
}

/// `posix_spawnp` with the signals as a program expects them.
private func spawn(
    _ arguments: [String], _ leadsGroup: Bool, input: CInt?, output: CInt?
) throws(SystemError) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input { posix_spawn_file_actions_adddup2(&actions, input, 0) }
    if let output { posix_spawn_file_actions_adddup2(&actions, output, 1) }
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    var flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
    // Group 0 is a new one, with the child's id.
    if leadsGroup { flags |= Int16(POSIX_SPAWN_SETPGROUP) }
    posix_spawnattr_setflags(&attributes, flags)

    var words = arguments.map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var processID: pid_t = 0
    let name = arguments.first ?? ""
    let status = posix_spawnp(&processID, name, &actions, &attributes, words, shim_environ())
    guard status == 0 else { throw SystemError("start \(name)", errno: status, kind: .noInput) }
    return processID
}
