internal import Glibc

/// Where a command reads from: a file, or standard input where there is no path or "-".
public struct InputFile: ~Copyable {
    /// What messages call it: the path, or `standard input`.
    public let name: String
    public let descriptor: FileDescriptor

    public init(_ path: String?) throws(FileError) {
        let path = path == "-" ? nil : path
        name = path ?? "standard input"
        if let path { descriptor = try Self.open(path) } else { descriptor = .standardInput }
    }

    /// A descriptor that the caller was given, and that stays open.
    public init(_ number: CInt) {
        name = "descriptor \(number)"
        descriptor = FileDescriptor(borrowing: number)
    }

    private static func open(_ path: String) throws(FileError) -> FileDescriptor {
        let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw .notThere(path, reason: FileError.systemReason) }
        let descriptor = FileDescriptor(owning: number)
        var status = stat()
        if fstat(number, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR {
            throw .notThere(path, reason: "is a directory")
        }
        return descriptor
    }

    /// How many bytes a regular file has; nil for what has no size beforehand.
    public var byteCount: UInt64? {
        var status = stat()
        guard fstat(descriptor.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return UInt64(clamping: status.st_size)
    }

    public borrowing func read(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(FileError) -> Int {
        do throws(SystemError) { return try descriptor.read(into: buffer) } catch {
            throw .cannotRead(name, reason: error.reason)
        }
    }

    /// The next bytes, at most `count`; empty at the end.
    public borrowing func read(upTo count: Int) throws(FileError) -> [UInt8] {
        do throws(SystemError) { return try descriptor.read(upTo: count) } catch {
            throw .cannotRead(name, reason: error.reason)
        }
    }

    /// All of it, where that is at most `limit` bytes.
    public borrowing func readAll(limit: Int) throws(FileError) -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let part = try read(upTo: min(Self.blockSize, limit + 1 - all.count))
            if part.isEmpty { return all }
            all += part
            if all.count > limit { throw .tooLarge(name, limit: limit) }
        }
    }

    /// How much is asked of the system at once.
    static let blockSize = 64 << 10
}
