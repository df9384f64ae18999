public import Crypto
internal import Glibc

/// Key files: private to their owner, read into guarded memory, never written over by accident.
public enum KeyFile {
    /// No key file of ours or of others comes near this.
    public static let sizeLimit = 64 << 10

    /// The contents of a key file that nobody but the user (or root) owns and may read.
    ///
    /// A pipe is as good as a file, so `-i <(pass show key)` works; "-" is standard input.
    ///
    /// - Parameter isPublic: whether the contents are such as anybody may read.
    public static func read(
        _ path: String, unless isPublic: (borrowing SecretBytes) -> Bool = { _ in false }
    ) throws(FileError) -> SecretBytes {
        let file = try InputFile(path)
        let contents = try readSecret(from: file)
        if !isPublic(contents) { try checkPrivacy(of: file.descriptor, named: file.name) }
        return contents
    }

    /// Makes a file of mode 0600; `.exists` unless it may be replaced.
    public static func write(
        _ contents: borrowing SecretBytes, to path: String, replacing: Bool = false
    ) throws(FileError) {
        var file = try OutputFile(path, mode: 0o600, replacing: replacing)
        try contents.withBytes { bytes throws(FileError) in
            try file.write(UnsafeRawBufferPointer(bytes))
        }
        try file.commit()
    }

    static func checkPrivacy(
        of file: borrowing FileDescriptor, named name: String
    ) throws(FileError) {
        var status = stat()
        guard fstat(file.number, &status) == 0 else {
            throw .cannotRead(name, reason: FileError.systemReason)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return }
        guard status.st_uid == geteuid() || status.st_uid == 0 else { throw .ownedByAnother(name) }
        guard status.st_mode & 0o077 == 0 else {
            throw .readableByOthers(name, mode: status.st_mode & 0o777)
        }
    }

    /// Reads to the end; the bytes pass through no memory that is not wiped.
    static func readSecret(from file: borrowing InputFile) throws(FileError) -> SecretBytes {
        var secret: SecretBytes?
        try withSecretScratch(count: sizeLimit + 1) { scratch throws(FileError) in
            let count = try fill(UnsafeMutableRawBufferPointer(scratch), from: file)
            guard count <= sizeLimit else { throw .tooLarge(file.name, limit: sizeLimit) }
            secret = SecretBytes(count: count) { bytes in
                _ = bytes.update(from: UnsafeBufferPointer(rebasing: scratch[..<count]))
            }
        }
        return secret!
    }

    private static func fill(
        _ memory: UnsafeMutableRawBufferPointer, from file: borrowing InputFile
    ) throws(FileError) -> Int {
        var count = 0
        while count < memory.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: memory[count...])
            let part = try file.read(into: rest)
            if part == 0 { break }
            count += part
        }
        return count
    }
}

/// Where a password or passphrase comes from. Never from the command line, which others can see.
public enum SecretSource: Sendable, Equatable {
    /// The first line of a file, which must be as private as a key file.
    case file(String)
    /// The first line of an open descriptor: `--passphrase-fd 3`.
    case descriptor(CInt)
    /// A variable of the environment.
    case environment(String)
    /// The terminal, without echo, twice where a new secret is chosen; `otherwise` says what to do
    /// where there is none.
    case prompt(String, confirming: Bool, otherwise: String)

    /// The secret without the end of its line.
    public func read() throws(SecretError) -> SecretBytes {
        let secret = try readWhole()
        let count = secret.withBytes { bytes in
            let end = bytes.firstIndex(of: 0x0a) ?? bytes.count
            return end > 0 && end < bytes.count && bytes[end - 1] == 0x0d ? end - 1 : end
        }
        guard count > 0 else { throw .empty(description) }
        return SecretBytes(count: count) { copy in
            secret.withBytes { _ = copy.update(from: UnsafeBufferPointer(rebasing: $0[..<count])) }
        }
    }

    private func readWhole() throws(SecretError) -> SecretBytes {
        switch self {
        case .file(let path):
            do throws(FileError) { return try KeyFile.read(path) } catch { throw .file(error) }
        case .descriptor(let number):
            guard fcntl(number, F_GETFD) >= 0 else { throw .notOpen(number) }
            do throws(FileError) {
                return try KeyFile.readSecret(from: InputFile(number))
            } catch { throw .file(error) }
        case .environment(let name):
            guard let value = getenv(name) else { throw .notSet(name) }
            return SecretBytes(count: strlen(value)) { bytes in
                UnsafeMutableRawBufferPointer(bytes).copyMemory(
                    from: UnsafeRawBufferPointer(start: value, count: bytes.count))
            }
        case .prompt(let text, let confirming, let hint):
            return try Terminal.readSecret(prompt: text, confirming: confirming, hint: hint)
        }
    }

    private var description: String {
        switch self {
        case .file(let path): "\"\(path)\""
        case .descriptor(let number): "descriptor \(number)"
        case .environment(let name): "$\(name)"
        case .prompt: "the terminal"
        }
    }
}
