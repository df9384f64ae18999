internal import Glibc

/// A directory that holds a file a message, as in a Maildir: written in `tmp`, and moved to `new`
/// complete and on the disk, for whoever to take from there.
public struct Maildir: Sendable {
    public let path: String

    /// Makes the directory and its parts (mode 0700) where they are not there.
    public init(_ path: String) throws(FileError) {
        for part in ["tmp", "new", "cur"] { try makeDirectory("\(path)/\(part)") }
        self.init(existing: path)
    }

    /// One that is there, or was; nothing is made.
    public init(existing path: String) {
        guard let real = realpath(path, nil) else {
            self.path = path
            return
        }
        self.path = String(cString: real)
        free(real)
    }

    private func temporary(_ name: String) -> String { "\(path)/tmp/\(name)" }

    /// Writes a file into `tmp` and brings it to the disk. One that a crash left there is replaced.
    ///
    /// - Precondition: `name` is the name of a file and not a path.
    public func stage(_ name: String, _ contents: [UInt8]) throws(FileError) {
        precondition(!name.isEmpty && !name.contains("/") && !name.hasPrefix("."))
        let path = temporary(name)
        let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard number >= 0 else { throw .cannotCreate(path, reason: FileError.systemReason) }
        let file = FileDescriptor(owning: number)
        do throws(SystemError) {
            try file.writeAll(contents)
            try file.synchronize()
        } catch {
            let failure = FileError.cannotWrite(path, reason: error.reason)
            unlink(path)
            throw failure
        }
    }

    /// Moves staged files to `new`, where they are seen in the order of their names.
    ///
    /// - Returns: how many were moved, and why no more were; the others are staged as before.
    public func publish(_ names: [String]) -> (count: Int, failure: FileError?) {
        var (count, failure) = (0, FileError?.none)
        for name in names {
            let target = "\(path)/new/\(name)"
            guard rename(temporary(name), target) == 0 else {
                failure = .cannotCreate(target, reason: FileError.systemReason)
                break
            }
            count += 1
        }
        if count > 0 { synchronizeDirectory(of: "\(path)/new/.") }
        return (count, failure)
    }

    /// What is staged and not published, sorted.
    public func staged() -> [String] { StateDirectory("\(path)/tmp").fileNames() }

    public func discard(_ name: String) { unlink(temporary(name)) }
}
