import Crypto
import Support
import Testing

@testable import Age

@Suite struct DamageTests {
    private let identity: X25519Identity
    private let recipient: Recipient

    init() {
        identity = X25519Identity(secretKey: SharedSecret(.random(count: 32)))
        recipient = .x25519(identity.publicKey)
    }

    /// One changed byte anywhere: nothing but what was sealed ever comes out, and not all of it.
    @Test(arguments: 0..<4)
    func noDamageOpens(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let plaintext = random.bytes(seed % 2 == 0 ? 100 : 66_000)
        let file = try seal(plaintext, to: [recipient])
        for _ in 0..<100 {
            var damaged = file
            let at = Int(random.next() % UInt64(min(file.count, 500)))
            damaged[at] ^= UInt8(1 << (random.next() % 8))
            var decryptor = Decryptor([.x25519(identity)])
            var opened: [UInt8] = []
            #expect(throws: AgeError.self) {
                try decryptor.receive(damaged[...], into: &opened)
                try decryptor.finish(into: &opened)
            }
            #expect(plaintext.starts(with: opened) && opened.count < plaintext.count)
        }
    }

    @Test func noCutOpens() throws {
        let plaintext = randomBytes(300)
        for armored in [false, true] {
            let file = try seal(plaintext, to: [recipient], armored: armored)
            for count in 0..<(file.count - 1) {
                #expect(throws: AgeError.self) {
                    try open(Array(file[..<count]), with: [.x25519(identity)])
                }
            }
        }
    }

    /// A changed header that still parses is written back as it was read.
    @Test(arguments: 0..<4)
    func headersHaveOneEncoding(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let file = try seal([], to: [recipient, .x25519([UInt8](repeating: 9, count: 32))])
        let header = Array(file.dropLast(32))
        let alphabet = Array("ABCabc019+/= ->\n\r\t".utf8)
        var parsed = 0
        for _ in 0..<4000 {
            var damaged = header
            let at = Int(random.next() % UInt64(header.count))
            let byte = alphabet[Int(random.next() % UInt64(alphabet.count))]
            switch random.next() % 3 {
            case 0: damaged[at] = byte
            case 1: damaged.insert(byte, at: at)
            default: damaged.remove(at: at)
            }
            if let other = try? Header(decoding: damaged) {
                #expect(other.encoded == damaged)
                parsed += 1
            }
        }
        #expect(parsed > 100)
    }

    @Test(arguments: 0..<4)
    func armorHasOneEncoding(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let file = try seal(random.bytes(150), to: [recipient], armored: true)
        let alphabet = Array("ABCabc019+/=-\n ".utf8)
        var parsed = 0
        for _ in 0..<3000 {
            var damaged = file
            let at = Int(random.next() % UInt64(file.count))
            let byte = alphabet[Int(random.next() % UInt64(alphabet.count))]
            switch random.next() % 3 {
            case 0: damaged[at] = byte
            case 1: damaged.insert(byte, at: at)
            default: damaged.remove(at: at)
            }
            var reader = ArmorReader()
            var bytes: [UInt8] = []
            guard (try? reader.receive(damaged[...], into: &bytes)) != nil,
                (try? reader.finish()) != nil
            else { continue }
            parsed += 1
            var writer = ArmorWriter()
            var text: [UInt8] = []
            writer.receive(bytes[...], into: &text)
            writer.finish(into: &text)
            let original = String(decoding: damaged, as: UTF8.self).trimmed() + "\n"
            #expect(String(decoding: text, as: UTF8.self) == original)
        }
        #expect(parsed > 100)
    }

    @Test func boundsWhatAHostileFileCosts() throws {
        var parser = HeaderParser()
        #expect(throws: AgeError.header(.tooLong)) {
            _ = try parser.receive(Array("age-encryption.org/v1\n-> ".utf8)[...])
            let more = [UInt8](repeating: 0x41, count: 1 << 16)
            for _ in 0..<20 { _ = try parser.receive(more[...]) }
        }
        var reader = ArmorReader()
        var bytes: [UInt8] = []
        #expect(throws: AgeError.armor(.noBeginLine)) {
            try reader.receive([UInt8](repeating: 0x20, count: 2000)[...], into: &bytes)
        }
        #expect(throws: AgeError.header(.notAge(nil))) { try open([0x50, 0x4b], with: []) }
        #expect(throws: AgeError.header(.notAge(.utf16))) {
            try open([0xFF, 0xFE, 0x61], with: [])
        }
        #expect(throws: AgeError.header(.notAge(.carriageReturns))) {
            try open(Array("age-encryption.org/v1\r\n".utf8), with: [])
        }
        #expect(throws: AgeError.header(.unsupportedVersion)) {
            try open(Array("age-encryption.org/v2\n".utf8), with: [])
        }
    }

    @Test(arguments: [-1, 0, 1, 15, 17, 65_551, 65_553, 65_567, 65_568, 65_569])
    func layoutsFollowFromSizes(sealed: Int) {
        let layout = PayloadLayout(sealedByteCount: sealed)
        let whole = [16, 17, 65_551, 65_552, 65_569]
        #expect((layout != nil) == whole.contains(sealed))
    }
}
