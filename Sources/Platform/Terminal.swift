internal import CLinux
internal import Crypto
internal import Glibc

/// The terminal of the user, which is there even where standard input and output are pipes.
public enum Terminal {
    /// More than anybody types.
    static let secretLimit = 4096

    /// The columns of the terminal behind standard output or error; 80 where there is none.
    public static var columns: Int {
        for number: CInt in [1, 2] {
            let columns = Int(shim_terminal_columns(number))
            if columns > 0 { return columns }
        }
        return 80
    }

    /// Whether colour is welcome on standard output (https://no-color.org).
    public static var showsColor: Bool {
        let environment = Environment.process
        return FileDescriptor.standardOutput.isTerminal && environment["NO_COLOR"] == nil
            && environment["TERM"] != "dumb"
    }

    /// Asks on /dev/tty without echo. ^C ends the process as ever, with the terminal restored.
    ///
    /// - Parameter hint: what to do where there is no terminal.
    static func readSecret(
        prompt: String, confirming: Bool, hint: String
    ) throws(SecretError) -> SecretBytes {
        let number = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard number >= 0 else { throw .noTerminal(prompt, hint: hint) }
        let terminal = FileDescriptor(owning: number)
        let first = try ask("\(prompt): ", on: terminal, hint)
        guard confirming else { return first }
        let second = try ask("\(prompt) again: ", on: terminal, hint)
        guard first == second else { throw .differ }
        return first
    }

    private static func ask(
        _ text: String, on terminal: borrowing FileDescriptor, _ hint: String
    ) throws(SecretError) -> SecretBytes {
        var saved = termios()
        guard tcgetattr(terminal.number, &saved) == 0 else { throw .noTerminal(text, hint: hint) }
        var silent = saved
        // ISIG goes too: a signal that ends the process here would leave the terminal silent.
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        // Silence first: whoever answers the prompt at once is not shown either.
        tcsetattr(terminal.number, TCSAFLUSH, &silent)
        try? terminal.writeAll(text)
        var secret: SecretBytes?
        let end = withSecretScratch(count: secretLimit) { scratch in
            var keys = TypedSecret(memory: scratch)
            let end = keys.read(from: terminal)
            secret = SecretBytes(count: keys.count) { bytes in
                _ = bytes.update(from: UnsafeBufferPointer(rebasing: scratch[..<keys.count]))
            }
            return end
        }
        tcsetattr(terminal.number, TCSAFLUSH, &saved)
        try? terminal.writeAll("\n")
        if end == .interrupted { raise(SIGINT) }
        guard end == .entered else { throw .cancelled }
        return secret!
    }
}

/// The keys of one line that is not shown, with the editing that a terminal would do.
private struct TypedSecret {
    enum End { case entered, interrupted, cancelled }

    let memory: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(memory: UnsafeMutableBufferPointer<UInt8>) { self.memory = memory }

    mutating func read(from terminal: borrowing FileDescriptor) -> End {
        while true {
            var key: UInt8 = 0
            let isRead = withUnsafeMutableBytes(of: &key) { (try? terminal.read(into: $0)) == 1 }
            guard isRead else { return .cancelled }
            if let end = take(key) { return end }
        }
    }

    private mutating func take(_ key: UInt8) -> End? {
        switch key {
        case 0x0a, 0x0d: return .entered
        case 0x03: return .interrupted
        case 0x04: return count == 0 ? .cancelled : .entered
        case 0x08, 0x7f: eraseCharacter()
        case 0x15: count = 0
        case 0..<0x20: break
        default:
            guard count < memory.count else { return nil }
            memory[count] = key
            count += 1
        }
        return nil
    }

    /// Takes back a whole character of UTF-8, which may be several bytes.
    private mutating func eraseCharacter() {
        while count > 0 {
            count -= 1
            if memory[count] & 0xc0 != 0x80 { return }
        }
    }
}
