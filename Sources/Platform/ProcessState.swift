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

    /// Takes the places of standard input, output and error that the process was started without,
    /// so that no file which is opened later gets what is meant for them. Call it before anything
    /// is opened.
    ///
    /// Standard input is then empty. Nothing can be written to the other two: an answer that nobody
    /// can get is an error.
    public static func openStandardDescriptors() {
        for number: CInt in 0...2 where fcntl(number, F_GETFD) < 0 {
            // The lowest number that is free is this one.
            _ = open("/dev/null", O_RDONLY)
        }
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
