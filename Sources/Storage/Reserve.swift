internal import Glibc

/// Room on the disk that is given back when the disk is full: SQLite needs some to delete.
///
/// It is a file of zeros beside the database, which is there while the database is open.
final class Reserve {
    private let path: String
    private let byteCount: Int
    /// Whether the room is held. A disk that is not full but takes no such file counts as held.
    private(set) var isHeld = false

    init(_ path: String, byteCount: Int) {
        self.path = path
        self.byteCount = byteCount
        release()
    }

    deinit { release() }

    /// Takes the room, if there is so much.
    func hold() {
        guard !isHeld else { return }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            isHeld = errno != ENOSPC && errno != EDQUOT
            return
        }
        let status = posix_fallocate(descriptor, 0, off_t(byteCount))
        close(descriptor)
        isHeld = status != ENOSPC && status != EDQUOT
        if status != 0 { unlink(path) }
    }

    func release() {
        unlink(path)
        isHeld = false
    }
}

/// What the file system of a file has left for us; all there can be where it does not say.
func availableByteCount(beside path: String) -> Int {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return .max }
    let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
        by: Int(clamping: status.f_frsize))
    return overflow ? .max : bytes
}
