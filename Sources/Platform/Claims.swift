internal import CLinux
internal import Clock
internal import Glibc

/// Claims of processes on things that have a number, kept by the kernel: each is a lock on one byte
/// of a file that has none, and ends with the process in whatever way that ends.
public struct Claims: ~Copyable {
    /// As long as for a lock that is held for a moment.
    public static let defaultTimeout = FileLock.defaultTimeout
    /// How often what another has is tried again.
    private static let retryMicroseconds: UInt32 = 5000

    private let path: String
    private let file: FileDescriptor
    private var isEmpty = true

    /// Makes the file (mode 0600) where it is not there.
    public init(_ path: String) throws(FileError) {
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .cannotCreate(path, reason: FileError.systemReason) }
        self.path = path
        file = FileDescriptor(owning: number)
    }

    /// Claims what has this number, and so is claimed by no other; false where another has it.
    public mutating func take(_ number: UInt64) throws(FileError) -> Bool {
        if shim_lock_bytes(file.number, Int16(F_WRLCK), Self.place(number), 1) == 0 {
            isEmpty = false
            return true
        }
        guard errno == EAGAIN || errno == EACCES || errno == EINTR else {
            throw .cannotWrite(path, reason: FileError.systemReason)
        }
        return false
    }

    /// Claims it once whoever has it lets go. Two that wait for each other would wait in vain, so
    /// call it with no claim held.
    public mutating func wait(
        for number: UInt64, timeout: Duration = Self.defaultTimeout
    ) throws(FileError) {
        let deadline = MonotonicClock().now + timeout
        while try !take(number) {
            guard MonotonicClock().now < deadline else { throw .locked(path, waited: timeout) }
            usleep(Self.retryMicroseconds)
        }
    }

    /// Lets go of all claims.
    public mutating func release() {
        guard !isEmpty else { return }
        _ = shim_lock_bytes(file.number, Int16(F_UNLCK), 0, 0)
        isEmpty = true
    }

    /// Offsets of files are signed, and a range ends before the last of them.
    private static func place(_ number: UInt64) -> Int64 { Int64(number >> 2) }
}
