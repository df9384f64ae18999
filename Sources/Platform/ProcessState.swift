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

    /// The first word of the command line that is not UTF-8, with its bad bytes as `\xff`; nil where
    /// all are. Swift would put other characters in their place, and so name other files.
    public static var argumentThatIsNotUTF8: String? {
        for index in 0..<Int(CommandLine.argc) {
            guard let word = CommandLine.unsafeArgv[index] else { return nil }
            if String(validatingCString: word) == nil { return shown(word) }
        }
        return nil
    }

    private static func shown(_ word: UnsafePointer<CChar>) -> String {
        UnsafeBufferPointer(start: word, count: strlen(word)).map { byte in
            let byte = UInt8(bitPattern: byte)
            let isPlain = (0x20..<0x7f).contains(byte)
            let digits = String(byte, radix: 16)
            return isPlain
                ? String(Unicode.Scalar(byte)) : (byte < 16 ? "\\x0" : "\\x") + digits
        }.joined()
    }

    /// The last part of the path that the process was started by: `encrypt`.
    public static var programName: String {
        let path = CommandLine.arguments.first ?? ""
        return path.split(separator: "/").last.map(String.init) ?? path
    }
}
