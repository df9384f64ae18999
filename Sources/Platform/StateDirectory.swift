internal import Clock
internal import Glibc

/// A directory of Parley's own (mode 0700), whose files (0600) several processes may use at once.
///
/// Every file is replaced as a whole or appended to; a lock is a file of its own that is never
/// renamed, so two processes that wait for it wait for the same thing.
public struct StateDirectory: Sendable, Equatable {
    public let path: String

    public init(_ path: String) { self.path = path }

    public static func configuration(in environment: Environment = .process) -> StateDirectory {
        StateDirectory(environment.configDirectory)
    }

    public static func state(in environment: Environment = .process) -> StateDirectory {
        StateDirectory(environment.stateDirectory)
    }

    public func path(of name: String) -> String { "\(path)/\(name)" }

    public func subdirectory(_ name: String) -> StateDirectory {
        StateDirectory(path(of: name))
    }

    /// Makes it and what is above it, where that is not there.
    public func create() throws(FileError) { try makeDirectory(path) }

    /// The contents of a file; nil where there is none.
    public func read(_ name: String, limit: Int = 16 << 20) throws(FileError) -> [UInt8]? {
        guard access(path(of: name), F_OK) == 0 else { return nil }
        return try InputFile(path(of: name)).readAll(limit: limit)
    }

    /// The contents of a file with secrets, which others must not be able to read; nil where there is
    /// none.
    public func readPrivate(_ name: String, limit: Int) throws(FileError) -> [UInt8]? {
        guard access(path(of: name), F_OK) == 0 else { return nil }
        let file = try InputFile(path(of: name))
        try KeyFile.checkPrivacy(of: file.descriptor, named: file.name)
        return try file.readAll(limit: limit)
    }

    /// Replaces a file at one stroke; a crash leaves the old contents or the new ones.
    public func replace(_ name: String, with contents: [UInt8]) throws(FileError) {
        try create()
        var file = try OutputFile(path(of: name), mode: 0o600, replacing: true)
        try file.write(contents)
        try file.commit()
    }

    /// What is to replace a file, with room for this many bytes: where that is not to be had, it shows
    /// before anything else was done.
    public func replacement(
        of name: String, reserving byteCount: Int
    ) throws(FileError) -> OutputFile {
        try create()
        var file = try OutputFile(path(of: name), mode: 0o600, replacing: true)
        try file.reserve(byteCount)
        return file
    }

    /// Removes a file; one that is not there is no error.
    public func remove(_ name: String) throws(FileError) {
        guard unlink(path(of: name)) == 0 || errno == ENOENT else {
            throw .cannotWrite(path(of: name), reason: FileError.systemReason)
        }
        synchronizeDirectory(of: path(of: name))
    }

    /// Waits for the lock `name`, which is held until the value that comes back goes.
    public func lock(
        _ name: String, timeout: Duration = FileLock.defaultTimeout
    ) throws(FileError) -> FileLock {
        try create()
        return try FileLock(path(of: name), timeout: timeout)
    }
}

/// The permissions of a file, such as 0o600; nil where there is none.
public func fileMode(of path: String) -> UInt32? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
}

/// Makes a directory of mode 0700, and what is above it, where that is not there.
public func makeDirectory(_ path: String) throws(FileError) {
    if mkdir(path, 0o700) == 0 { return }
    if errno == EEXIST { return try checkDirectory(path) }
    guard errno == ENOENT, directoryName(of: path) != path else {
        throw .cannotCreate(path, reason: FileError.systemReason)
    }
    try makeDirectory(directoryName(of: path))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
        throw .cannotCreate(path, reason: FileError.systemReason)
    }
}

/// - Throws: `cannotCreate`, for what is to be in it, where there is no such directory.
public func checkDirectory(_ path: String) throws(FileError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
        throw .cannotCreate(path, reason: FileError.systemReason)
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
        throw .cannotCreate(path, reason: String(cString: strerror(ENOTDIR)))
    }
}

/// An exclusive flock(2), held until the value goes or the process ends in whatever way.
public struct FileLock: ~Copyable, Sendable {
    /// Long enough for a neighbour's fsync on a slow disk, and not for a hung one.
    public static let defaultTimeout = Duration.seconds(10)
    /// How often a held lock is tried again.
    private static let retryMicroseconds: UInt32 = 10_000

    private let file: FileDescriptor

    public init(_ path: String, timeout: Duration = Self.defaultTimeout) throws(FileError) {
        file = try Self.acquire(path, timeout)
    }

    private static func acquire(
        _ path: String, _ timeout: Duration
    ) throws(FileError) -> FileDescriptor {
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .cannotCreate(path, reason: FileError.systemReason) }
        let file = FileDescriptor(owning: number)
        let deadline = MonotonicClock().now + timeout
        while flock(number, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw .cannotWrite(path, reason: FileError.systemReason)
            }
            guard MonotonicClock().now < deadline else { throw .locked(path, waited: timeout) }
            usleep(Self.retryMicroseconds)
        }
        return file
    }
}

/// A file that only grows: what `append` has returned from survives a crash.
public struct Journal: ~Copyable, Sendable {
    public let path: String
    private let file: FileDescriptor

    /// Opens it for appending, and makes it (mode 0600) where it is not there.
    public init(_ path: String) throws(FileError) {
        let isNew = access(path, F_OK) != 0
        let number = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .cannotCreate(path, reason: FileError.systemReason) }
        self.path = path
        file = FileDescriptor(owning: number)
        if isNew { synchronizeDirectory(of: path) }
    }

    /// Appends a record in one write, and brings it to the disk.
    public borrowing func append(_ record: [UInt8]) throws(FileError) {
        do throws(SystemError) { try file.writeAll(record) } catch {
            throw .cannotWrite(path, reason: error.reason)
        }
        guard fdatasync(file.number) == 0 else {
            throw .cannotWrite(path, reason: FileError.systemReason)
        }
    }
}
