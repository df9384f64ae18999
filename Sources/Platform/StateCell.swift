internal import Glibc

/// A few bytes that several processes share: a file that is read and written in place by whoever
/// holds its lock, which is held until the value goes.
///
/// It is never renamed, so all wait for the same lock, and its few bytes lie in one sector, which
/// disks write whole.
public struct StateCell: ~Copyable {
    public let path: String
    private let byteCount: Int
    private let lock: FileLock
    private let number: CInt

    /// Waits for the lock.
    public init(
        _ path: String, byteCount: Int, timeout: Duration = FileLock.defaultTimeout
    ) throws(FileError) {
        let lock = try FileLock(path, timeout: timeout)
        let number = open(path, O_RDWR | O_CLOEXEC)
        guard number >= 0 else { throw .cannotCreate(path, reason: FileError.systemReason) }
        self.path = path
        self.byteCount = byteCount
        self.lock = lock
        self.number = number
    }

    /// What was written last; nil where nothing was yet.
    ///
    /// - Throws: `cannotRead` also where a part of it is missing.
    public borrowing func read() throws(FileError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        let count = pread(number, &bytes, byteCount, 0)
        guard count >= 0 else { throw .cannotRead(path, reason: FileError.systemReason) }
        guard count == 0 || count == byteCount else {
            throw .cannotRead(path, reason: "it is damaged")
        }
        return count == 0 ? nil : bytes
    }

    /// Writes over it.
    ///
    /// - Parameter durably: whether it must survive a loss of power, and not just of the process.
    public borrowing func write(_ bytes: [UInt8], durably: Bool) throws(FileError) {
        precondition(bytes.count == byteCount)
        guard pwrite(number, bytes, byteCount, 0) == byteCount,
            !durably || fdatasync(number) == 0
        else { throw .cannotWrite(path, reason: FileError.systemReason) }
    }

    deinit { close(number) }
}

/// Names the time since the machine started; nil where the system does not say.
public var bootIdentifier: [UInt8]? {
    guard let file = try? InputFile("/proc/sys/kernel/random/boot_id"),
        let bytes = try? file.read(upTo: 64), !bytes.isEmpty
    else { return nil }
    return bytes
}
