import Crypto
import Support
import Testing
import Wire

@testable import Age

@Suite struct KitTests {
    /// So that a kit that was not found, or a type that quietly became unsupported, is noticed.
    @Test func countsEveryFile() {
        guard !kit.isEmpty else { return }
        let unsupported = kit.filter { !$0.isSupported }
        print(
            "age test kit: \(kit.count - unsupported.count) run, \(unsupported.count) of "
                + "unsupported recipient types (\(unsupported.map(\.name).joined(separator: ", ")))"
        )
        #expect(kit.count == 143)
        #expect(unsupported.count == 18)
        #expect(unsupported.allSatisfy { $0.name.contains("hybrid") })
        #expect(kit.allSatisfy { $0.expected != nil })
    }

    @Test(arguments: kit.filter(\.isSupported))
    func endsAsExpected(vector: KitCase) throws {
        let sizes = vector.file.count < 4096 ? [1, 7, vector.file.count + 1] : [65_536, 99_991]
        for size in sizes {
            let (outcome, plaintext) = try vector.open(inPiecesOf: size)
            #expect(outcome == vector.expected, "in pieces of \(size)")
            if let hash = vector.payloadHash {
                #expect(Hex.encode(SHA256.hash(plaintext)) == hash, "in pieces of \(size)")
            } else {
                #expect(plaintext.isEmpty)
            }
        }
    }

    @Test(arguments: kit.filter { !$0.isSupported })
    func saysThatATypeIsUnsupported(vector: KitCase) {
        let text = Array(vector.identities[0].utf8)
        #expect(throws: AgeError.identity(.unsupported("post-quantum hybrid"), line: 1)) {
            try Identity.parseFile(text)
        }
    }

    /// Headers have one encoding: what parses is what the writer would have written.
    @Test(arguments: kit.filter { ![.headerFailure, .armorFailure].contains($0.expected) })
    func encodesHeadersBack(vector: KitCase) throws {
        let binary = try vector.binary()
        var parser = HeaderParser()
        let rest = try parser.receive(binary[...])
        let header = try #require(parser.header)
        #expect(header.encoded + rest == binary)
        #expect(try Header(decoding: header.encoded) == header)
    }

    @Test(arguments: kit.filter { $0.isArmored && $0.expected != .armorFailure })
    func encodesArmorBack(vector: KitCase) throws {
        var writer = ArmorWriter()
        var text: [UInt8] = []
        writer.receive(try vector.binary()[...], into: &text)
        writer.finish(into: &text)
        // What the reader tolerates: CRLF, and white space outside.
        let original =
            String(decoding: vector.file, as: UTF8.self)
            .replacing("\r\n", with: "\n").trimmed() + "\n"
        #expect(String(decoding: text, as: UTF8.self) == original)
    }

    /// A payload has one encoding too, given the file key and the nonce.
    @Test(arguments: kit.filter { $0.expected == .success && $0.isSupported })
    func sealsPayloadsBack(vector: KitCase) throws {
        let binary = try vector.binary()
        var parser = HeaderParser()
        let rest = try parser.receive(binary[...])
        let nonce = Array(rest.prefix(Preamble.nonceByteCount))
        var keyBytes = try #require(vector.fileKey.flatMap { Hex.decode($0) })
        let fileKey = try #require(FileKey(moving: &keyBytes))
        let preamble = Preamble(
            header: try #require(parser.header), nonce: nonce, fileKey: fileKey)
        var encryptor = Encryptor(preamble, armored: false)
        var sealed: [UInt8] = []
        let (_, plaintext) = try vector.open(inPiecesOf: 1 << 20)
        encryptor.receive(plaintext[...], into: &sealed)
        encryptor.finish(into: &sealed)
        #expect(sealed == binary)
    }
}

extension KitCase {
    /// The file without its armor.
    func binary() throws -> [UInt8] {
        guard isArmored else { return file }
        var reader = ArmorReader()
        var bytes: [UInt8] = []
        try reader.receive(file[...], into: &bytes)
        try reader.finish()
        return bytes
    }
}

extension String {
    func trimmed() -> String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
