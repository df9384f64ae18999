import Crypto
import Failures
import Foundation
import Testing

@testable import Platform

/// A directory that goes with the test.
final class ScratchDirectory {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("parley-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
    }

    func path(_ name: String) -> String { path + "/" + name }

    func write(_ text: String, to name: String, mode: Int = 0o644) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
    }

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }

    func mode(_ name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path(name))
        return (attributes[.posixPermissions] as? Int) ?? 0
    }

    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite struct OutputFileTests {
    let scratch: ScratchDirectory
    init() throws { scratch = try ScratchDirectory() }

    @Test func appearsWhenItIsCommitted() throws {
        var file = try OutputFile(scratch.path("out"), mode: 0o600)
        try file.write("half")
        #expect(scratch.names == [])
        try file.write(" and half")
        try file.commit()
        #expect(try scratch.text("out") == "half and half")
        #expect(try scratch.mode("out") == 0o600)
        #expect(scratch.names == ["out"])
    }

    @Test(arguments: [0, 1, 4096, 100_000])
    func whatWasReservedIsNotInTheFile(byteCount: Int) throws {
        try scratch.write("old", to: "out")
        var file = try OutputFile(scratch.path("out"), mode: 0o600, replacing: true)
        try file.reserve(1 << 16)
        #expect(scratch.names == ["out"])
        let bytes = [UInt8](repeating: 0x61, count: byteCount)
        try file.write(bytes)
        try file.commit()
        #expect(try scratch.text("out") == String(decoding: bytes, as: UTF8.self))
        #expect(scratch.names == ["out"])
    }

    @Test func whereThereIsNoRoomItShowsAtOnce() throws {
        var file = try OutputFile(scratch.path("out"))
        let refusal = #expect(throws: FileError.self) { try file.reserve(.max) }
        #expect(refusal?.kind == .inputOutput)
        #expect(refusal?.file == scratch.path("out"))
    }

    @Test func leavesNothingWhenItIsNot() throws {
        do {
            var file = try OutputFile(scratch.path("out"))
            try file.write("half")
        }
        #expect(scratch.names == [])
    }

    @Test func doesNotWriteOverAFile() throws {
        try scratch.write("old", to: "out")
        let path = scratch.path("out")
        #expect(throws: FileError.exists(path)) { _ = try OutputFile(path) }
        #expect(try scratch.text("out") == "old")
    }

    /// The file that appears between the first look and the end is not written over either.
    @Test func doesNotWriteOverAFileThatAppearsLater() throws {
        let path = scratch.path("out")
        var file = try OutputFile(path)
        try file.write("new")
        try scratch.write("theirs", to: "out")
        do {
            try file.commit()
            Issue.record("it was written over")
        } catch { #expect(error == .exists(path)) }
        #expect(try scratch.text("out") == "theirs")
        #expect(scratch.names == ["out"])
    }

    @Test func replacesAndKeepsTheMode() throws {
        try scratch.write("old", to: "out", mode: 0o600)
        var file = try OutputFile(scratch.path("out"), replacing: true)
        try file.write("new")
        #expect(try scratch.text("out") == "old")
        try file.commit()
        #expect(try scratch.text("out") == "new")
        #expect(try scratch.mode("out") == 0o600)
        #expect(scratch.names == ["out"])
    }

    @Test func followsALinkInsteadOfReplacingIt() throws {
        try scratch.write("old", to: "target")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("link"), withDestinationPath: "target")
        var file = try OutputFile(scratch.path("link"), replacing: true)
        try file.write("new")
        try file.commit()
        #expect(try scratch.text("target") == "new")
        #expect(scratch.names == ["link", "target"])
    }

    @Test func refusesToBeTheInput() throws {
        try scratch.write("old", to: "file")
        let path = scratch.path("file")
        #expect(throws: FileError.sameFile(path)) {
            _ = try OutputFile(path, replacing: true, inputs: [scratch.path + "/./file"])
        }
    }

    @Test func writesDevicesInPlace() throws {
        var file = try OutputFile("/dev/null")
        try file.write("gone")
        try file.commit()
        #expect(FileManager.default.fileExists(atPath: "/dev/null"))
    }

    @Test func saysWhatCannotBeMade() throws {
        let path = "/no/such/directory/out"
        var file = try OutputFile(path)
        do {
            try file.write("x")
            Issue.record("it was made")
        } catch {
            #expect(error == .cannotCreate(path, reason: "No such file or directory"))
            #expect(error.kind == .cannotCreate)
        }
    }
}

@Suite struct KeyFileTests {
    let scratch: ScratchDirectory
    init() throws { scratch = try ScratchDirectory() }

    private func text(of secret: borrowing SecretBytes) -> String {
        secret.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test func areMadeForTheirOwnerAlone() throws {
        var bytes = Array("secret\n".utf8)
        try KeyFile.write(SecretBytes(moving: &bytes), to: scratch.path("key"))
        #expect(try scratch.mode("key") == 0o600)
        #expect(text(of: try KeyFile.read(scratch.path("key"))) == "secret\n")
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o610])
    func areRefusedWhenOthersCanReadThem(mode: Int) throws {
        try scratch.write("secret", to: "my key", mode: mode)
        let path = scratch.path("my key")
        do {
            _ = try KeyFile.read(path)
            Issue.record("it was read")
        } catch {
            #expect(error == .readableByOthers(path, mode: UInt32(mode)))
            #expect(error.hint == "run chmod 600 '\(path)'")
            #expect(error.kind == .notAllowed)
        }
    }

    @Test func haveALimit() throws {
        let text = String(repeating: "x", count: KeyFile.sizeLimit + 1)
        try scratch.write(text, to: "key", mode: 0o600)
        let path = scratch.path("key")
        do {
            _ = try KeyFile.read(path)
            Issue.record("it was read")
        } catch { #expect(error == .tooLarge(path, limit: KeyFile.sizeLimit)) }
    }

    @Test(arguments: ["pass word", "pass word\n", "pass word\r\n", "pass word\nsecond line\n"])
    func passphrasesAreTheFirstLine(contents: String) throws {
        try scratch.write(contents, to: "pass", mode: 0o600)
        let secret = try SecretSource.file(scratch.path("pass")).read()
        #expect(text(of: secret) == "pass word")
    }

    @Test func passphrasesAreNotEmpty() throws {
        try scratch.write("\n", to: "pass", mode: 0o600)
        do {
            _ = try SecretSource.file(scratch.path("pass")).read()
            Issue.record("it was read")
        } catch { #expect(error.code == "emptySecret") }
    }

    @Test func passphrasesComeFromTheEnvironmentToo() throws {
        let path = try #require(Environment.process["PATH"])
        #expect(text(of: try SecretSource.environment("PATH").read()) == path)
        do {
            _ = try SecretSource.environment("PARLEY_TEST_NOT_SET").read()
            Issue.record("it was read")
        } catch { #expect(error == .notSet("PARLEY_TEST_NOT_SET")) }
    }
}

@Suite struct StateDirectoryTests {
    let scratch: ScratchDirectory
    let state: StateDirectory
    init() throws {
        scratch = try ScratchDirectory()
        state = StateDirectory(scratch.path("a/b/parley"))
    }

    @Test func isMadePrivateWithWhatIsAboveIt() throws {
        try state.replace("counter", with: Array("1".utf8))
        try state.replace("counter", with: Array("2".utf8))
        #expect(try scratch.mode("a/b/parley") == 0o700)
        #expect(try scratch.mode("a/b/parley/counter") == 0o600)
        #expect(try state.read("counter") == Array("2".utf8))
        #expect(try state.read("nothing") == nil)
        try state.remove("counter")
        #expect(try state.read("counter") == nil)
    }

    @Test func aHeldLockIsNamedInTheRefusal() throws {
        let lock = try state.lock("lock")
        do {
            _ = try state.lock("lock", timeout: .zero)
            Issue.record("two hold it")
        } catch {
            #expect(error == .locked(state.path(of: "lock"), waited: .zero))
            #expect(error.kind == .temporary)
        }
        _ = consume lock
        _ = try state.lock("lock", timeout: .zero)
    }

    @Test func aJournalGrows() throws {
        try state.create()
        for record in ["one\n", "two\n"] {
            try Journal(state.path(of: "journal")).append(Array(record.utf8))
        }
        #expect(try state.read("journal") == Array("one\ntwo\n".utf8))
    }

    @Test func directoriesFollowTheXDGSpecification() {
        let own = Environment(["HOME": "/home/asha", "XDG_CONFIG_HOME": "/c"])
        #expect(own.configDirectory == "/c/parley")
        #expect(own.stateDirectory == "/home/asha/.local/state/parley")
        #expect(own.identityPath == "/c/parley/identity.key")
        let relative = Environment(["HOME": "/home/asha", "XDG_CONFIG_HOME": "c"])
        #expect(relative.configDirectory == "/home/asha/.config/parley")
        #expect(Environment(["PARLEY_IDENTITY": "k"]).identityPath == "k")
    }
}
