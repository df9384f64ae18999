internal import Glibc

/// A way to end another thread's wait for input.
public final class Interrupt: Sendable {
    private let reader: FileDescriptor
    private let writer: FileDescriptor

    public init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reader = FileDescriptor(owning: ends[0])
        writer = FileDescriptor(owning: ends[1])
    }

    /// Ends every wait, those that begin later too.
    public func raise() {
        var byte: UInt8 = 0
        _ = write(writer.number, &byte, 1)
    }

    fileprivate var number: CInt { reader.number }
}

extension FileDescriptor {
    /// Whether a read would not wait: there is input, or its end.
    public var hasInput: Bool {
        var wanted = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return poll(&wanted, 1, 0) > 0
    }

    /// Waits until a read would not; false where it was interrupted instead.
    public borrowing func waitForInput(or interrupt: Interrupt) -> Bool {
        while true {
            var wanted = [
                pollfd(fd: number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: interrupt.number, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&wanted, 2, -1)
            if count > 0 { return wanted[1].revents == 0 }
            // What poll(2) cannot wait for, read(2) will say more about.
            if count < 0 && errno != EINTR { return true }
        }
    }

    /// Whether it is a file in which nothing has to be waited for.
    public var isRegularFile: Bool {
        var status = stat()
        return fstat(number, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
