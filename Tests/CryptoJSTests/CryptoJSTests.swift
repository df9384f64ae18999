import Crypto
import Support
import Testing
import Wire

@testable import CryptoJS

private func secret(_ text: String) -> SharedSecret {
    var bytes = Array(text.utf8)
    return SharedSecret(SecretBytes(moving: &bytes))
}

private func open(_ text: String, _ passphrase: String) throws -> String {
    String(
        decoding: try SaltedText.open(Array(text.utf8), passphrase: secret(passphrase)),
        as: UTF8.self)
}

@Suite struct CryptoJSTests {
    /// From brix/crypto-js issue 198 (MIT).
    @Test func opensWhatCryptoJSWrote() throws {
        let text = "U2FsdGVkX19YeQ3ARTtc7acC7f2cm8mibbu8J6v9Fh4="
        #expect(try open(text, "s3cr3t") == "hello!")
        let salt = try #require(Base64.standard.decode(text))[8..<16]
        let again = try SaltedText.seal(
            Array("hello!".utf8), passphrase: secret("s3cr3t"), salt: Array(salt), inLines: false)
        #expect(String(decoding: again, as: UTF8.self) == text)
        #expect(text.hasPrefix(SaltedText.beginning))
    }

    /// From mdp/gibberish-aes (MIT), made by its command line, hence the line feed.
    @Test func opensWhatGibberishWrote() throws {
        let text = "U2FsdGVkX1+21O5RB08bavFTq7Yq/gChmXrO3f00tvJaT55A5pPvqw0zFVnHSW1o"
        #expect(try open(text, "password") == "Made with Gibberish\n")
    }

    @Test(arguments: [0, 1, 15, 16, 17, 47, 48, 1000], [false, true])
    func opensWhatItSealed(count: Int, inLines: Bool) throws {
        let plaintext = randomBytes(count)
        let text = try SaltedText.seal(plaintext, passphrase: secret("p"), inLines: inLines)
        #expect(try SaltedText.open(text, passphrase: secret("p")) == plaintext)
        #expect(text.split(separator: 10).allSatisfy { $0.count <= 64 } || !inLines)
    }

    /// 16 to 31 bytes fill one line of `openssl enc -a`, 64 to 79 two.
    @Test(arguments: [(0, false), (15, false), (16, true), (31, true), (32, false), (79, true)])
    func tellsWhatMayGoOn(count: Int, mayGoOn: Bool) throws {
        let text = try SaltedText.seal([UInt8](repeating: 1, count: count), passphrase: secret("p"))
        #expect(SaltedText.mayGoOn(after: text) == mayGoOn)
        let first = try SaltedText.seal(
            [UInt8](repeating: 1, count: 1000), passphrase: secret("p"), inLines: true
        ).split(separator: 10)[0]
        #expect(SaltedText.mayGoOn(after: Array(first)))
    }

    /// Whatever is wrong with the ciphertext, the answer is the same.
    @Test func saysNothingAboutWhy() throws {
        let text = try SaltedText.seal([1, 2, 3], passphrase: secret("right"))
        let bytes = try #require(Base64.standard.decode(text[...]))
        for damaged in [Array(bytes[..<16]), Array(bytes.dropLast()), bytes + [0]] {
            let damagedText = Array(Base64.standard.encode(damaged).utf8)
            #expect(throws: CryptoJSError.refused) {
                try SaltedText.open(damagedText, passphrase: secret("right"))
            }
        }
        // A wrong passphrase gives a right padding once in some 256 times, and then no error.
        let refusals = (0..<64).filter { number in
            do throws(CryptoJSError) {
                _ = try SaltedText.open(text, passphrase: secret("wrong \(number)"))
                return false
            } catch { return error == .refused }
        }
        #expect(refusals.count > 48)
    }

    @Test(arguments: ["", "hello", "U2FsdGVkX1", "U2FsdGVkX1*", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="])
    func refusesOtherTexts(text: String) {
        #expect(throws: CryptoJSError.notSalted) {
            try SaltedText.open(Array(text.utf8), passphrase: secret("p"))
        }
    }

    @Test(.enabled(if: Program.isInstalled("openssl")), arguments: [0, 5, 16, 100, 5000])
    func agreesWithOpenSSL(count: Int) throws {
        let plaintext = randomBytes(count)
        let options = ["enc", "-aes-256-cbc", "-md", "md5", "-a", "-pass", "pass:s3cr3t"]
        let theirs = try Program.run("openssl", options, input: plaintext)
        #expect(try SaltedText.open(theirs.output, passphrase: secret("s3cr3t")) == plaintext)
        let oneLine = try SaltedText.seal(plaintext, passphrase: secret("s3cr3t"))
        let lines = try SaltedText.seal(plaintext, passphrase: secret("s3cr3t"), inLines: true)
        #expect(
            try Program.run("openssl", options + ["-d", "-A"], input: oneLine).output == plaintext)
        #expect(
            try Program.run("openssl", options + ["-d"], input: lines + [10]).output == plaintext)
    }
}
