internal import CLinux
internal import Failures
internal import Glibc
public import Platform

/// A socket in the file system (mode 0600) that accepts connections of its owner's processes.
public final class LocalListener: EventSource {
    private static let backlog: CInt = 16

    public let path: String
    private let descriptor: CInt
    private let loop: EventLoop
    private let accept: (TCPConnection) -> Void
    private var isClosed = false

    /// Listens, in place of a socket that a process which is gone left there. Who is not this
    /// process's user or root is turned away.
    ///
    /// - Precondition: no other process listens there; a lock beside it is the way to know.
    public init(
        on loop: EventLoop, path: String, accept: @escaping (TCPConnection) -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.path = path
        self.accept = accept
        descriptor = try Self.listeningSocket(path)
        do throws(SystemError) { try loop.watch(descriptor, for: .read, self) } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    private static func listeningSocket(_ path: String) throws(SystemError) -> CInt {
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
        let descriptor = socket(AF_UNIX, shim_STREAM, 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        let mask = umask(0o177)
        defer { umask(mask) }
        guard try withLocalAddress(path, { bind(descriptor, $0, $1) }) == 0,
            listen(descriptor, backlog) == 0
        else {
            let error = SystemError("listen on \"\(path)\"")
            Glibc.close(descriptor)
            throw error
        }
        return descriptor
    }

    public func descriptorIsReady(for readiness: Readiness) {
        while !isClosed {
            let accepted = accept4(descriptor, nil, nil, shim_ACCEPT)
            guard accepted >= 0 else { return }
            let user = shim_peer_user(accepted)
            guard user == 0 || user == Int64(geteuid()) else {
                Glibc.close(accepted)
                continue
            }
            guard let connection = try? TCPConnection(on: loop, adopting: accepted) else {
                continue
            }
            accept(connection)
        }
    }

    /// Stops listening and takes the socket away; connections that were accepted go on.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        loop.forget(descriptor)
        unlink(path)
        Glibc.close(descriptor)
    }
}

/// Connects to a socket in the file system, for a program that may wait.
///
/// - Returns: nil where nobody listens there.
public func connectLocally(to path: String) throws(SystemError) -> FileDescriptor? {
    let number = socket(AF_UNIX, shim_BLOCKING_STREAM, 0)
    guard number >= 0 else { throw SystemError("socket") }
    let descriptor = FileDescriptor(owning: number)
    guard try withLocalAddress(path, { connect(number, $0, $1) }) == 0 else {
        if errno == ENOENT || errno == ECONNREFUSED { return nil }
        let kind: FailureKind = errno == EACCES ? .notAllowed : .unavailable
        throw SystemError("connect to \"\(path)\"", kind: kind)
    }
    return descriptor
}

/// A path that is too long for an address is named by its directory's descriptor.
private func withLocalAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
) throws(SystemError) -> CInt {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path) - 1
    var name = Array(path.utf8)
    var directory: CInt = -1
    defer { if directory >= 0 { Glibc.close(directory) } }
    if name.count > room {
        let end = path.utf8.lastIndex(of: 0x2f) ?? path.startIndex
        directory = open(String(path[..<end]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw SystemError("open the directory of \"\(path)\"") }
        name = Array("/proc/self/fd/\(directory)\(path[end...])".utf8)
    }
    guard name.count <= room else {
        throw SystemError("the name of \"\(path)\"", errno: ENAMETOOLONG)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    return withUnsafePointer(to: address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
