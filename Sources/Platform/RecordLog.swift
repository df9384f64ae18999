internal import Glibc

/// A file of records of one size, which several processes read and append to. Whoever uses it holds
/// a `FileLock` meanwhile, so that nobody judges by what another is just adding to.
public struct RecordLog: ~Copyable {
    public let path: String
    private let recordByteCount: Int
    private var number: CInt = -1
    /// How much of the file has been read or was written here.
    private var position = 0
    /// How much of a last record was cut off, since a part of it was missing.
    public private(set) var cutByteCount = 0

    /// Opens nothing yet: the file is made by the first `append`.
    public init(_ path: String, recordByteCount: Int) {
        precondition(recordByteCount > 0)
        self.path = path
        self.recordByteCount = recordByteCount
    }

    /// The records that were added since the last call, by anybody; all where the file was replaced.
    ///
    /// A part of a record at the end, which a crash left, is cut off.
    public mutating func newRecords() throws(FileError) -> [UInt8] {
        try follow()
        guard number >= 0 else { return [] }
        var status = stat()
        guard fstat(number, &status) == 0 else { throw unreadable }
        let end = Int(status.st_size) / recordByteCount * recordByteCount
        if end < Int(status.st_size) {
            guard ftruncate(number, off_t(end)) == 0 else { throw unreadable }
            cutByteCount += Int(status.st_size) - end
        }
        guard end > position else { return [] }
        let bytes = try read(position..<end)
        position = end
        return bytes
    }

    /// Adds records at the end. They are safe from a crash after `synchronize()`.
    ///
    /// - Precondition: all new records have been read.
    public mutating func append(_ records: [UInt8]) throws(FileError) {
        precondition(records.count % recordByteCount == 0)
        if number < 0 { try open(O_CREAT) }
        do throws(SystemError) { try FileDescriptor(borrowing: number).writeAll(records) } catch {
            throw .cannotWrite(path, reason: error.reason)
        }
        position += records.count
    }

    /// Brings what was appended to the disk.
    public func synchronize() throws(FileError) {
        guard number < 0 || fdatasync(number) == 0 else {
            throw .cannotWrite(path, reason: FileError.systemReason)
        }
    }

    /// Opens the file anew where somebody put another in its place.
    private mutating func follow() throws(FileError) {
        var (there, ours) = (stat(), stat())
        let isThere = stat(path, &there) == 0
        if number >= 0 {
            if isThere, fstat(number, &ours) == 0, ours.st_ino == there.st_ino,
                Int(there.st_size) >= position
            {
                return
            }
            close(number)
            (number, position) = (-1, 0)
        }
        if isThere { try open(0) }
    }

    private mutating func open(_ flags: CInt) throws(FileError) {
        number = Glibc.open(path, O_RDWR | O_APPEND | O_CLOEXEC | flags, 0o600)
        guard number >= 0 else { throw .cannotCreate(path, reason: FileError.systemReason) }
    }

    private func read(_ range: Range<Int>) throws(FileError) -> [UInt8] {
        var (bytes, filled) = ([UInt8](repeating: 0, count: range.count), 0)
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(
                    number, buffer.baseAddress! + filled, buffer.count - filled,
                    off_t(range.lowerBound + filled))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw unreadable }
            filled += count
        }
        return bytes
    }

    private var unreadable: FileError { .cannotRead(path, reason: FileError.systemReason) }

    deinit { if number >= 0 { close(number) } }
}

extension StateDirectory {
    /// The names of the files in it, sorted; none where there is no such directory.
    public func fileNames() -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
