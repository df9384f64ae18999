internal import CLinux
internal import Glibc

/// What a process sets up about itself before it works.
public enum ProcessState {
    /// A closed pipe or socket, and a file that may not grow, is an error of the write that finds
    /// it, not the end of the process.
    public static func haveWritesFail() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    /// For tools that hold secrets: no core dump, and no other process of the user may look in.
    public static func forbidDumps() {
        _ = shim_forbid_dumps()
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }

    /// The last part of the path that the process was started by: `encrypt`.
    public static var programName: String {
        let path = CommandLine.arguments.first ?? ""
        return path.split(separator: "/").last.map(String.init) ?? path
    }
}
