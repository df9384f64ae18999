internal import Glibc
internal import Synchronization

/// A file of mode 0600 that a thread appends to, so that whoever writes waits for no disk.
public final class BackgroundFile: Sendable {
    private struct State {
        var pieces: [[UInt8]] = []
        var byteCount = 0
        var isClosed = false
        var failure: String?
    }

    private let state: Mutex<State>
    private let wake: Wake
    private let queueByteCount: Int
    private let thread: ThreadBox

    /// What wakes the thread, apart from the object, which the thread must not keep alive.
    private final class Wake: @unchecked Sendable {
        let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        init() { sem_init(semaphore, 0, 0) }
        func post() { sem_post(semaphore) }
        func wait() { while sem_wait(semaphore) != 0, errno == EINTR {} }
        deinit {
            sem_destroy(semaphore)
            semaphore.deallocate()
        }
    }

    private final class ThreadBox: @unchecked Sendable { var thread: Thread? }

    /// - Parameter queueByteCount: how much may wait to be written.
    public init(_ path: String, queueByteCount: Int) throws {
        let descriptor = try Self.open(path)
        self.queueByteCount = queueByteCount
        state = Mutex(State())
        wake = Wake()
        thread = ThreadBox()
        let box = DescriptorBox(descriptor)
        thread.thread = try Thread("file") { [self] in run(box) }
    }

    private final class DescriptorBox: Sendable {
        let descriptor: FileDescriptor
        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    private static func open(_ path: String) throws(FileError) -> FileDescriptor {
        // Without O_NONBLOCK a pipe would keep the caller until somebody reads it.
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let number = Glibc.open(path, flags, 0o600)
        guard number >= 0 else { throw .cannotCreate(path, reason: FileError.systemReason) }
        let descriptor = FileDescriptor(owning: number)
        var status = stat()
        guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .cannotCreate(path, reason: "it is not a file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw .readableByOthers(path, mode: status.st_mode & 0o777)
        }
        return descriptor
    }

    /// - Returns: false where too much waits already, or the file could not be written.
    public func write(_ bytes: [UInt8]) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed, state.failure == nil,
                state.byteCount + bytes.count <= queueByteCount
            else { return false }
            state.pieces.append(bytes)
            state.byteCount += bytes.count
            return true
        }
        if isTaken { wake.post() }
        return isTaken
    }

    /// Why the file could not be written; nothing more is taken then.
    public var failure: String? { state.withLock { $0.failure } }

    /// Writes what waits, and ends the thread.
    public func close() {
        state.withLock { $0.isClosed = true }
        wake.post()
        thread.thread?.join()
    }

    private func run(_ box: DescriptorBox) {
        while true {
            wake.wait()
            let (pieces, isClosed) = state.withLock { state in
                var taken: [[UInt8]] = []
                swap(&taken, &state.pieces)
                state.byteCount = 0
                return (taken, state.isClosed)
            }
            do throws(SystemError) {
                for piece in pieces { try box.descriptor.writeAll(piece) }
            } catch { state.withLock { $0.failure = error.reason } }
            if isClosed { return }
        }
    }
}
