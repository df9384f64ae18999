internal import Glibc
internal import Synchronization

/// An open file or socket with one owner, closed when the owner goes.
public struct FileDescriptor: ~Copyable, Sendable {
    public let number: CInt
    private let closesAtEnd: Bool

    /// Takes over an open descriptor.
    public init(owning number: CInt) {
        self.number = number
        closesAtEnd = true
    }

    /// - Parameters:
    ///   - result: what the system returned.
    ///   - call: the call it came from, for the message if the result is a refusal.
    public init(_ result: CInt, from call: String) throws(SystemError) {
        guard result >= 0 else { throw SystemError(call) }
        self.init(owning: result)
    }

    /// A descriptor that belongs to somebody else and stays open.
    public init(borrowing number: CInt) {
        self.number = number
        closesAtEnd = false
    }

    public static var standardInput: FileDescriptor { FileDescriptor(borrowing: 0) }
    public static var standardOutput: FileDescriptor { FileDescriptor(borrowing: 1) }
    public static var standardError: FileDescriptor { FileDescriptor(borrowing: 2) }

    public var isTerminal: Bool { isatty(number) == 1 }

    deinit { if closesAtEnd { close(number) } }
}

extension FileDescriptor {
    /// Reads what there is, waiting for the first byte; 0 is the end.
    public borrowing func read(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemError) -> Int {
        while true {
            let count = Glibc.read(number, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            try retryOrThrow("read", waitingFor: Int16(POLLIN))
        }
    }

    /// The next bytes, at most `count`; empty at the end.
    public borrowing func read(upTo count: Int) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(SystemError) {
                filled = try read(into: UnsafeMutableRawBufferPointer(buffer))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// The next bytes, at most `count`; empty at the end, nil where none came in time.
    public borrowing func read(
        upTo count: Int, waitingAtMost limit: Duration
    ) throws(SystemError) -> [UInt8]? {
        var wanted = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        let (seconds, attoseconds) = max(limit, .zero).components
        let milliseconds = min(seconds, 1_000_000) * 1000 + attoseconds / 1_000_000_000_000_000
        while poll(&wanted, 1, CInt(clamping: milliseconds)) < 0 {
            guard errno == EINTR else { throw SystemError("poll") }
        }
        return wanted.revents == 0 ? nil : try read(upTo: count)
    }

    /// Writes all of it, in as many calls as that takes.
    public borrowing func writeAll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = Glibc.write(number, part.baseAddress, part.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else {
                if errno == EPIPE && number == 1 { StandardOutput.noteClosed() }
                try retryOrThrow("write", waitingFor: Int16(POLLOUT))
            }
        }
    }

    public borrowing func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        try writeAll(bytes[...])
    }

    public borrowing func writeAll(_ bytes: ArraySlice<UInt8>) throws(SystemError) {
        var failure: SystemError?
        bytes.withUnsafeBytes { buffer in
            do throws(SystemError) { try writeAll(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    public borrowing func writeAll(_ text: String) throws(SystemError) {
        try writeAll(Array(text.utf8))
    }

    /// Moves the place of the next read back; false where the file has no such place.
    public borrowing func seekBack(_ byteCount: Int) -> Bool {
        lseek(number, -off_t(byteCount), SEEK_CUR) >= 0
    }

    /// Brings what was written to the disk. What cannot be synchronised (a pipe) is not an error.
    public borrowing func synchronize() throws(SystemError) {
        while fsync(number) != 0 {
            if errno == EINVAL || errno == EROFS { return }
            guard errno == EINTR else { throw SystemError("fsync") }
        }
    }

    /// A descriptor that somebody set non-blocking is waited for with poll(2).
    private borrowing func retryOrThrow(
        _ call: String, waitingFor events: Int16
    ) throws(SystemError) {
        if errno == EINTR { return }
        guard errno == EAGAIN else { throw SystemError(call) }
        var wanted = pollfd(fd: number, events: events, revents: 0)
        _ = poll(&wanted, 1, -1)
    }
}

/// Standard output's one peculiarity: whoever reads it may stop reading.
///
/// Parley's tools ignore SIGPIPE, since a socket must not kill them either, and take a closed
/// standard output as "enough": the tool ends at once, says nothing, and its status is 0, so that
/// `recvmsg --follow | head -1` is a success under `set -o pipefail` too.
public enum StandardOutput {
    private static let closed = Atomic<Bool>(false)

    /// Whether a write found that nobody reads any more.
    public static var readerIsGone: Bool { closed.load(ordering: .relaxed) }

    /// Looks whether anybody reads still. What is in a pipe whose reader has gone was not read.
    public static func findReaderGone() -> Bool {
        var output = pollfd(fd: 1, events: 0, revents: 0)
        if poll(&output, 1, 0) > 0, output.revents & Int16(POLLERR) != 0 { noteClosed() }
        return readerIsGone
    }

    static func noteClosed() { closed.store(true, ordering: .relaxed) }
}
