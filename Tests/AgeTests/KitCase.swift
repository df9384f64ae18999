import Crypto
import Foundation
import Support
import Testing
import Wire

@testable import Age

/// One file of the age test kit (C2SP/CCTV, age/testdata; 0BSD, CC0 or Unlicense).
struct KitCase: CustomTestStringConvertible {
    enum Outcome: String {
        case success
        case noMatch = "no match"
        case hmacFailure = "HMAC failure"
        case headerFailure = "header failure"
        case armorFailure = "armor failure"
        case payloadFailure = "payload failure"
    }

    let name: String
    private(set) var expected: Outcome?
    private(set) var payloadHash: String?
    private(set) var identities: [String] = []
    private(set) var passphrases: [String] = []
    private(set) var isArmored = false
    private(set) var fileKey: String?
    private(set) var file: [UInt8]

    var testDescription: String { name }

    init(_ url: URL) throws {
        name = url.lastPathComponent
        let bytes = [UInt8](try Data(contentsOf: url))
        let end = try #require(bytes.indices.first { bytes[$0...].starts(with: [10, 10]) })
        file = Array(bytes[(end + 2)...])
        var isCompressed = false
        for line in String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
            try #require(parts.count == 2)
            switch parts[0] {
            case "expect": expected = Outcome(rawValue: parts[1])
            case "payload": payloadHash = parts[1]
            case "identity": identities.append(parts[1])
            case "passphrase": passphrases.append(parts[1])
            case "armored": isArmored = parts[1] == "yes"
            case "file key": fileKey = parts[1]
            case "compressed": isCompressed = parts[1] == "zlib"
            case "comment": break
            default: Issue.record("unknown key \(parts[0]) in \(name)")
            }
        }
        if isCompressed { file = try Self.inflate(url) }
    }

    /// The file after the empty line, uncompressed (RFC 1950).
    private static func inflate(_ url: URL) throws -> [UInt8] {
        let script = """
            import sys, zlib
            data = open(sys.argv[1], 'rb').read()
            sys.stdout.buffer.write(zlib.decompress(data[data.index(b'\\n\\n') + 2:]))
            """
        return try Program.run("python3", ["-c", script, url.path]).output
    }

    /// Whether every identity is of a type that this module has, or one is enough to see the fault.
    var isSupported: Bool {
        identities.isEmpty || identities.contains { !$0.hasPrefix("AGE-SECRET-KEY-PQ-") }
    }

    func parsedIdentities() throws -> [Identity] {
        var result: [Identity] = []
        for text in identities where !text.hasPrefix("AGE-SECRET-KEY-PQ-") {
            result += try Identity.parseFile(Array(text.utf8))
        }
        for passphrase in passphrases {
            var bytes = Array(passphrase.utf8)
            result.append(.passphrase(SharedSecret(SecretBytes(moving: &bytes))))
        }
        return result
    }

    /// What came out before the end or the fault, and how it ended.
    func open(inPiecesOf size: Int) throws -> (outcome: Outcome, plaintext: [UInt8]) {
        var decryptor = Decryptor(
            try parsedIdentities(), form: isArmored ? .armored : .binary)
        var plaintext: [UInt8] = []
        do throws(AgeError) {
            for start in stride(from: 0, to: file.count, by: size) {
                let end = min(file.count, start + size)
                try decryptor.receive(file[start..<end], into: &plaintext)
            }
            try decryptor.finish(into: &plaintext)
            return (.success, plaintext)
        } catch { return (Outcome(error), plaintext) }
    }
}

extension KitCase.Outcome {
    init(_ error: AgeError) {
        switch error {
        case .header: self = .headerFailure
        case .armor: self = .armorFailure
        case .noMatch, .wrongPassphrase, .needsIdentity, .needsPassphrase: self = .noMatch
        case .forgedHeader: self = .hmacFailure
        case .payload: self = .payloadFailure
        default: preconditionFailure("\(error) is no outcome of opening a file")
        }
    }
}

/// The whole kit, read once; empty where it is not there.
let kit: [KitCase] = {
    guard let folder = PublishedVectors.directory?.appending(path: "age-testkit") else {
        PublishedVectors.absent("the 143 files of the age test kit")
        return []
    }
    do {
        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        return try files.map(KitCase.init).sorted { $0.name < $1.name }
    } catch { fatalError("the age test kit cannot be read: \(error)") }
}()
