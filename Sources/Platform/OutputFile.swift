internal import CLinux
internal import Glibc

/// Where a command writes its answer: a file, or standard output where there is no path or "-".
///
/// A file appears under its name when `commit()` is called, complete and on the disk, or never.
/// Until then it has no name at all (O_TMPFILE) where the file system can do that, so that not
/// even a kill leaves a part of it behind; elsewhere it has a temporary one in the same directory,
/// which goes with this value. What is not a regular file (`/dev/null`, a FIFO) is written in place.
public struct OutputFile: ~Copyable {
    /// What messages call it: the path, or `standard output`.
    public let name: String
    private let path: String?
    private let mode: mode_t
    private let replacing: Bool
    /// The open file; -1 before the first write.
    private var number: CInt = -1
    /// Whether the file is longer than what was written.
    private var hasReserve = false
    private var naming = Naming.none

    /// What is still to be done for the file to have its name.
    private enum Naming {
        /// Nothing: it has one.
        case none
        case link
        case rename(String)
    }

    /// - Parameters:
    ///   - mode: the permission bits of a file that is made, as for chmod(1).
    ///   - replacing: whether a file that is there is replaced; if not, that is `.exists`.
    ///   - inputs: the paths that are read, none of which may be the output.
    public init(
        _ path: String?, mode: UInt32 = 0o666, replacing: Bool = false,
        inputs: [String?] = []
    ) throws(FileError) {
        self.path = path == "-" ? nil : path
        self.mode = mode
        self.replacing = replacing
        name = self.path ?? "standard output"
        guard let path = self.path else { return }
        for input in inputs where Self.isSame(path, input ?? "-") { throw .sameFile(path) }
        if !replacing && access(path, F_OK) == 0 && Self.isRegular(path) { throw .exists(path) }
    }

    public var isStandardOutput: Bool { path == nil }

    /// Whether the bytes go to a person's screen.
    public var isTerminal: Bool { path == nil && FileDescriptor.standardOutput.isTerminal }

    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        try open()
        do throws(SystemError) { try FileDescriptor(borrowing: number).writeAll(bytes) } catch {
            throw .cannotWrite(name, reason: error.reason)
        }
    }

    public mutating func write(_ bytes: ArraySlice<UInt8>) throws(FileError) {
        try open()
        do throws(SystemError) { try FileDescriptor(borrowing: number).writeAll(bytes) } catch {
            throw .cannotWrite(name, reason: error.reason)
        }
    }

    public mutating func write(_ bytes: [UInt8]) throws(FileError) { try write(bytes[...]) }

    public mutating func write(_ text: String) throws(FileError) { try write(Array(text.utf8)) }

    /// Makes the file and takes this many bytes of the disk for it, so that no want of room, and no
    /// missing permission, stands in the way of writing as many later. What is not a regular file has
    /// no need of that.
    public mutating func reserve(_ byteCount: Int) throws(FileError) {
        try open()
        if case .none = naming { return }
        var status: CInt
        repeat { status = posix_fallocate(number, 0, off_t(byteCount)) } while status == EINTR
        guard status == 0 else {
            throw .cannotWrite(name, reason: String(cString: strerror(status)))
        }
        hasReserve = true
    }

    /// Brings the file to the disk and gives it its name. Without it nothing is left behind.
    public consuming func commit() throws(FileError) {
        try open()
        guard let path else { return }
        if hasReserve { try giveBackReserve() }
        let resolved = Self.resolved(path)
        switch naming {
        case .none: return
        case .link:
            try synchronize()
            try link(to: resolved)
        case .rename(let temporary):
            try synchronize()
            let moved =
                replacing
                ? rename(temporary, resolved)
                : shim_rename_without_replacing(temporary, resolved)
            guard moved == 0 else { throw Self.refusal(resolved) }
        }
        naming = .none
        synchronizeDirectory(of: resolved)
    }

    deinit {
        if case .rename(let path) = naming { unlink(path) }
        if number > 2 { close(number) }
    }
}

extension OutputFile {
    /// Opens the file at the first write, so a command that failed before it left nothing.
    private mutating func open() throws(FileError) {
        guard number < 0 else { return }
        guard let path else {
            number = 1
            return
        }
        let resolved = Self.resolved(path)
        var old = stat()
        let isThere = stat(resolved, &old) == 0
        if isThere && old.st_mode & S_IFMT != S_IFREG {
            number = Glibc.open(resolved, O_WRONLY | O_CLOEXEC)
        } else if isThere && !replacing {
            throw .exists(path)
        } else {
            openTemporary(beside: resolved)
        }
        guard number >= 0 else { throw .cannotCreate(path, reason: FileError.systemReason) }
        // A private file stays private when its contents are replaced.
        if isThere && mode == 0o666 { fchmod(number, old.st_mode & 0o777) }
    }

    private mutating func openTemporary(beside resolved: String) {
        let directory = directoryName(of: resolved)
        number = Glibc.open(directory, O_WRONLY | O_CLOEXEC | shim_O_TMPFILE, mode)
        if number >= 0 {
            naming = .link
            return
        }
        let temporary = Self.temporaryPath(beside: resolved)
        number = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        if number >= 0 { naming = .rename(temporary) }
    }

    private borrowing func giveBackReserve() throws(FileError) {
        let end = lseek(number, 0, SEEK_CUR)
        guard end >= 0, ftruncate(number, end) == 0 else {
            throw .cannotWrite(name, reason: FileError.systemReason)
        }
    }

    private borrowing func synchronize() throws(FileError) {
        do throws(SystemError) { try FileDescriptor(borrowing: number).synchronize() } catch {
            throw .cannotWrite(name, reason: error.reason)
        }
    }

    /// Names a nameless file. linkat(2) never replaces, so a replacement goes by a second name.
    private borrowing func link(to path: String) throws(FileError) {
        let source = "/proc/self/fd/\(number)"
        if linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 { return }
        guard errno == EEXIST && replacing else { throw Self.refusal(path) }
        let temporary = Self.temporaryPath(beside: path)
        guard linkat(AT_FDCWD, source, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0 else {
            throw Self.refusal(path)
        }
        guard rename(temporary, path) == 0 else {
            let failure = Self.refusal(path)
            unlink(temporary)
            throw failure
        }
    }

    private static func refusal(_ path: String) -> FileError {
        errno == EEXIST
            ? .exists(path) : .cannotCreate(path, reason: FileError.systemReason)
    }

    private static func temporaryPath(beside path: String) -> String {
        var number = UInt64.random(in: 0 ... .max)
        number |= 1 << 63
        return "\(directoryName(of: path))/.parley-\(String(number, radix: 36))"
    }

    /// The path with symbolic links followed, so that a link is kept and its target replaced.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func isRegular(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func isSame(_ path: String, _ input: String) -> Bool {
        var (output, source) = (stat(), stat())
        guard stat(path, &output) == 0, output.st_mode & S_IFMT == S_IFREG else { return false }
        let result = input == "-" ? fstat(0, &source) : stat(input, &source)
        return result == 0 && output.st_dev == source.st_dev && output.st_ino == source.st_ino
    }
}

/// The directory that holds a path: `.` where it has no slash.
func directoryName(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: 0x2f) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Brings a new name to the disk; a file system that cannot is not an error.
public func synchronizeDirectory(of path: String) {
    let number = open(directoryName(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { return }
    fsync(number)
    close(number)
}
