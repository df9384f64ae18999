import Foundation
import Testing

@testable import Platform

@Suite struct BackgroundFileTests {
    private let directory: ScratchDirectory

    init() throws { directory = try ScratchDirectory() }

    @Test func whatIsWrittenIsThereInOrderAfterTheEnd() throws {
        let path = directory.path("log")
        try directory.write("before\n", to: "log", mode: 0o600)
        let file = try BackgroundFile(path, queueByteCount: 1 << 20)
        let lines = (0..<1000).map { "line \($0)\n" }
        for line in lines { #expect(file.write(Array(line.utf8))) }
        file.close()
        #expect(try directory.text("log") == "before\n" + lines.joined())
        #expect(file.failure == nil)
        #expect(!file.write([1]), "it is closed")
    }

    @Test func aNewFileIsForItsOwnerAlone() throws {
        let file = try BackgroundFile(directory.path("new"), queueByteCount: 10)
        file.close()
        #expect(try directory.mode("new") == 0o600)
    }

    @Test func moreThanMayWaitIsNotTaken() throws {
        let file = try BackgroundFile(directory.path("log"), queueByteCount: 10)
        #expect(!file.write(Array(repeating: 0x78, count: 11)))
        #expect(file.failure == nil, "the next one may fit")
        #expect(file.write(Array("0123456789".utf8)))
        file.close()
        #expect(try directory.text("log") == "0123456789")
    }

    /// The room of the queue comes back as its bytes are written.
    @Test func aQueueThatWasWrittenHasRoomAgain() throws {
        let file = try BackgroundFile(directory.path("log"), queueByteCount: 10)
        var written = 0
        let deadline = Date(timeIntervalSinceNow: 60)
        while written < 50, Date() < deadline {
            if file.write(Array("0123456789".utf8)) { written += 1 } else { sched_yield() }
        }
        file.close()
        #expect(try directory.text("log") == String(repeating: "0123456789", count: 50))
    }

    /// A file that ends at the largest offset there is takes the first bytes of a write, and then
    /// fails: what was taken stays, the failure is told, and nothing more is taken.
    @Test func aWriteThatIsCutShortIsGoneOnWithAndItsFailureTold() throws {
        let path = "/dev/shm/parley-\(UUID().uuidString)"
        guard
            FileManager.default.createFile(
                atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { return }
        defer { try? FileManager.default.removeItem(atPath: path) }
        guard truncate(path, .max - 5) == 0 else { return }
        let file = try BackgroundFile(path, queueByteCount: 100)
        #expect(file.write(Array("0123456789".utf8)))
        let deadline = Date(timeIntervalSinceNow: 60)
        while file.failure == nil, Date() < deadline { sched_yield() }
        #expect(file.failure?.isEmpty == false)
        #expect(!file.write([1]))
        file.close()
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        try handle.seek(toOffset: UInt64(Int64.max - 5))
        #expect(try handle.read(upToCount: 5) == Data("01234".utf8))
    }

    @Test func whatIsNoFileOfOurOwnIsRefused() throws {
        try directory.write("", to: "open", mode: 0o644)
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("link"), withDestinationPath: directory.path("open"))
        #expect(mkfifo(directory.path("pipe"), 0o600) == 0)
        for name in ["open", "link", "pipe", "none/log", "."] {
            #expect(throws: FileError.self, "\(name)") {
                _ = try BackgroundFile(directory.path(name), queueByteCount: 10)
            }
        }
    }
}
