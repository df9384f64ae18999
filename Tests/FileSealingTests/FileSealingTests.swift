import Age
import Crypto
import FileSealing
import Foundation
import Platform
import Support
import Testing

/// Files on disk and pipes through the workers, small ones on one thread and large ones on all.
@Suite struct FileSealingTests {
    private let folder: TemporaryFolder
    private let identity: Identity
    private let recipients: [Recipient]

    init() throws {
        folder = try TemporaryFolder()
        let pair = X25519Identity(secretKey: SharedSecret(.random(count: 32)))
        identity = .x25519(pair)
        recipients = [.x25519(pair.publicKey)]
    }

    /// Around the chunk, the batch, and where threads begin.
    static let sizes = [
        0, 1, 65_535, 65_536, 65_537, 262_144, 262_145, 1_048_575, 1_048_576, 1_048_577,
        3 << 20, 7_654_321,
    ]

    private func path(_ name: String) -> String { folder.url.appending(path: name).path }

    private func seal(_ from: String, _ to: String, armored: Bool = false) throws {
        var output = try OutputFile(path(to), replacing: true)
        try sealFile(
            try InputFile(path(from)), to: &output, for: recipients, armored: armored)
        try output.commit()
    }

    /// What was written before the end or the fault.
    private func open(_ from: String, _ to: String) throws -> (FileSealingError?, [UInt8]) {
        var fault: FileSealingError?
        var output = try OutputFile(path(to), replacing: true)
        let input = try InputFile(path(from))
        do throws(FileSealingError) {
            try SealedFile(input).open(with: [identity], to: &output)
        } catch { fault = error }
        try output.commit()
        return (fault, try folder.read(to))
    }

    @Test(arguments: sizes, [false, true])
    func filesGoBothWays(size: Int, armored: Bool) throws {
        let plaintext = randomBytes(size)
        _ = try folder.write(plaintext, to: "plain")
        try seal("plain", "sealed", armored: armored)
        let sealed = try folder.read("sealed")
        var decryptor = Decryptor([identity], form: armored ? .armored : .binary)
        var opened: [UInt8] = []
        try decryptor.receive(sealed[...], into: &opened)
        try decryptor.finish(into: &opened)
        #expect(opened == plaintext)
        let (fault, again) = try open("sealed", "again")
        #expect(fault == nil && again == plaintext)
    }

    /// Every byte before the damaged chunk comes out, and none after it.
    @Test(arguments: [0, 1, 17, 18, 40, 79])
    func writesNothingAfterDamage(chunk: Int) throws {
        let plaintext = randomBytes(80 * 65_536)
        _ = try folder.write(plaintext, to: "plain")
        try seal("plain", "sealed")
        var sealed = try folder.read("sealed")
        let payload = sealed.count - 80 * 65_552
        sealed[payload + chunk * 65_552 + 100] ^= 1
        _ = try folder.write(sealed, to: "damaged")
        let (fault, opened) = try open("damaged", "opened")
        #expect(fault == .age(.payload(.badChunk(UInt64(chunk)))))
        #expect(opened == Array(plaintext[..<(chunk * 65_536)]))
    }

    @Test(arguments: [1, 5, 16, 17, 32, 33, 50], [0, 1, -1])
    func noticesCutsAndAdditions(chunks: Int, extra: Int) throws {
        let plaintext = randomBytes(50 * 65_536)
        _ = try folder.write(plaintext, to: "plain")
        try seal("plain", "sealed")
        let sealed = try folder.read("sealed")
        let payload = sealed.count - 50 * 65_552
        let end = payload + chunks * 65_552 + extra
        let changed = end <= sealed.count ? Array(sealed[..<end]) : sealed + [0]
        _ = try folder.write(changed, to: "changed")
        let (fault, opened) = try open("changed", "opened")
        if changed == sealed {
            #expect(fault == nil && opened == plaintext)
        } else {
            guard case .age(.payload) = fault else {
                Issue.record("\(String(describing: fault))")
                return
            }
            #expect(plaintext.starts(with: opened))
        }
    }

    @Test func rewrapsAndInspects() throws {
        let plaintext = randomBytes(3_000_000)
        _ = try folder.write(plaintext, to: "plain")
        try seal("plain", "sealed", armored: true)
        let other = X25519Identity(secretKey: SharedSecret(.random(count: 32)))
        var output = try OutputFile(path("rewrapped"))
        try SealedFile(InputFile(path("sealed"))).rewrap(
            by: [identity], for: [.x25519(other.publicKey)], armored: false, to: &output)
        try output.commit()
        let (fault, opened) = try open("rewrapped", "opened")
        #expect(fault == .age(.noMatch(unsupported: [])) && opened.isEmpty)
        let file = try SealedFile(InputFile(path("rewrapped")))
        #expect(file.form == .binary)
        let inspection = try file.inspect()
        #expect(inspection.layout?.plaintextByteCount == plaintext.count)
        #expect(inspection.layout?.chunkCount == 46)
        var again = try OutputFile(path("again"))
        try SealedFile(InputFile(path("rewrapped"))).open(with: [.x25519(other)], to: &again)
        try again.commit()
        #expect(try folder.read("again") == plaintext)
    }

    /// A file that is cut between two batches is an error, not a file with an empty last chunk.
    @Test func noticesAFileThatIsCutMeanwhile() throws {
        _ = try folder.write(randomBytes(10 * 65_536), to: "plain")
        let path = path("plain")
        var output = try OutputFile(self.path("sealed"))
        var fault: FileSealingError?
        do throws(FileSealingError) {
            try sealFile(try! InputFile(path), to: &output, for: recipients) { written in
                // What is written first is the header, and then a batch of four chunks.
                if written > 65_536 { truncate(path, 4 * 65_536) }
            }
        } catch { fault = error }
        guard case .file(.cannotRead(path, _)) = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
    }

    /// A full chunk comes out of a pipe while the writer still has the pipe open.
    @Test func doesNotWaitForAFullBatch() throws {
        let plaintext = randomBytes(5 * 65_536)
        _ = try folder.write(plaintext, to: "plain")
        try seal("plain", "sealed")
        let sealed = try folder.read("sealed")
        let (input, output) = (Pipe(), Pipe())
        let reader = try Foundation.Thread.run { [identity] in
            var sink = try OutputFile("/dev/fd/\(output.fileHandleForWriting.fileDescriptor)")
            let source = InputFile(input.fileHandleForReading.fileDescriptor)
            try SealedFile(source).open(with: [identity], to: &sink)
        }
        let head = sealed.count - 3 * 65_552
        try input.fileHandleForWriting.write(contentsOf: Data(sealed[..<head]))
        var start = Data()
        while start.count < 2 * 65_536 {
            start += try #require(try output.fileHandleForReading.read(upToCount: 65_536))
        }
        #expect([UInt8](start) == Array(plaintext[..<(2 * 65_536)]))
        // On a thread of its own: neither pipe holds all of what is to come.
        let writer = try Foundation.Thread.run {
            try input.fileHandleForWriting.write(contentsOf: Data(sealed[head...]))
            try input.fileHandleForWriting.close()
        }
        var rest = start
        while rest.count < plaintext.count {
            rest += try #require(try output.fileHandleForReading.read(upToCount: 65_536))
        }
        #expect([UInt8](rest) == plaintext)
        #expect(writer.wait() == nil)
        #expect(reader.wait() == nil)
    }

    /// A bad chunk ends the work though the other thread waits for input that does not come.
    @Test func aFaultEndsAWaitForInput() throws {
        let plaintext = randomBytes(60 * 65_536)
        _ = try folder.write(plaintext, to: "plain")
        try seal("plain", "sealed")
        var sealed = try folder.read("sealed")
        // The last chunk that is sent: what the reader leaves unread would block the writer.
        sealed[sealed.count - 2 * 65_552] ^= 1
        let input = Pipe()
        let path = self.path("opened")
        let reader = try Foundation.Thread.run { [identity] in
            var sink = try OutputFile(path)
            let source = InputFile(input.fileHandleForReading.fileDescriptor)
            try SealedFile(source).open(with: [identity], to: &sink)
        }
        try input.fileHandleForWriting.write(contentsOf: Data(sealed.dropLast(65_552)))
        #expect(reader.wait() as? FileSealingError == .age(.payload(.badChunk(58))))
    }
}

/// A thread whose error is asked for.
private final class Running: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var error: (any Error)?

    init(_ body: @escaping @Sendable () throws -> Void) {
        Foundation.Thread {
            do { try body() } catch { self.error = error }
            self.done.signal()
        }.start()
    }

    func wait() -> (any Error)? {
        done.wait()
        return error
    }
}

extension Foundation.Thread {
    fileprivate static func run(_ body: @escaping @Sendable () throws -> Void) throws -> Running {
        Running(body)
    }
}
