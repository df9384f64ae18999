public import Foundation

/// Another program, as a peer in a test.
public enum Program {
    public struct Result {
        public let status: Int32
        public let output: [UInt8]
        public let errors: String
        public var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Whether `name` is found in the search path.
    public static func isInstalled(_ name: String) -> Bool { path(of: name) != nil }

    /// Runs `name` to its end with `input` on its standard input.
    public static func run(
        _ name: String, _ arguments: [String], input: [UInt8] = []
    ) throws -> Result {
        guard let path = path(of: name) else { throw CocoaError(.fileNoSuchFile) }
        _ = ignoreBrokenPipes
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let writer = Thread {
            try? standardInput.fileHandleForWriting.write(contentsOf: Data(input))
            try? standardInput.fileHandleForWriting.close()
        }
        writer.start()
        let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
        let complaint = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: bytes,
            errors: String(decoding: complaint, as: UTF8.self))
    }

    /// A program may end before it has read all of its input.
    private static let ignoreBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    private static func path(of name: String) -> String? {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return folders.split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

/// A folder that goes when the value does.
public final class TemporaryFolder: Sendable {
    public let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID())")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Writes a file with mode 0600 and gives its path.
    public func write(_ bytes: [UInt8], to name: String) throws -> String {
        let path = url.appending(path: name).path
        let isMade = FileManager.default.createFile(
            atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
        guard isMade else { throw CocoaError(.fileWriteUnknown) }
        return path
    }

    public func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url.appending(path: name)))
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
