internal import CLinux
internal import Glibc

/// A POSIX thread.
public final class Thread {
    private let handle: pthread_t
    private var isJoined = false

    /// Starts a thread that runs `body`. Signals that the loop answers stay blocked in it, and so do
    /// those that `holdingBackSignals` holds back, which are the main thread's to take.
    ///
    /// - Parameters:
    ///   - name: what the system shows it as; its first 15 bytes count.
    ///   - niceness: 0 to 19; how far it stands back behind the other threads where there are not
    ///     processors enough.
    ///   - stackByteCount: rounded up to what the system asks for.
    public init(
        _ name: StaticString, niceness: CInt = 0, stackByteCount: Int = 512 * 1024,
        _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        pthread_attr_setstacksize(attributes, max(stackByteCount, 64 * 1024))
        let start = Unmanaged.passRetained(
            ThreadBody {
                shim_name_thread(name.utf8Start)
                if niceness > 0 { shim_set_niceness(niceness) }
                body()
            })
        var handle = pthread_t()
        let status = holdingBackSignals {
            pthread_create(
                &handle, attributes,
                { argument in
                    if let argument {
                        Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
                    }
                    return nil
                }, start.toOpaque())
        }
        guard status == 0 else {
            start.release()
            throw SystemError("pthread_create", errno: status)
        }
        self.handle = handle
    }

    /// Does nothing for a while.
    public static func sleep(for time: Duration) {
        let (seconds, attoseconds) = max(time, .zero).components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        var left = timespec()
        while nanosleep(&time, &left) != 0, errno == EINTR { time = left }
    }

    /// Waits until the thread's body has returned.
    public func join() {
        guard !isJoined else { return }
        isJoined = true
        pthread_join(handle, nil)
    }

    deinit { if !isJoined { pthread_detach(handle) } }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Lets the process have as many descriptors open as its hard limit allows.
///
/// - Returns: how many that is.
@discardableResult
public func raiseDescriptorLimit() -> Int {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(clamping: limit.rlim_cur)
}
