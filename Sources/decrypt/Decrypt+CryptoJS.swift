internal import CLI
internal import Crypto
internal import CryptoJS
internal import Keyring
internal import Platform
internal import Wire

extension Decrypt {
    /// Opens one text, in as many lines as it has, or several that each begin a line.
    static func openCryptoJS(
        _ input: consuming InputFile, startingWith start: [UInt8], _ passphrase: SharedSecret,
        to output: consuming OutputFile, _ console: Console
    ) throws {
        guard !start.starts(with: "Salted__".utf8) else {
            return try openBinary(input, startingWith: start, passphrase, to: output)
        }
        var opening = CryptoJSOpening(console, passphrase, to: output)
        let source = LineSource(
            input, startingWith: start, limit: SaltedText.maximumByteCount)
        while let batch = try source.nextBatch() {
            for line in batch { try opening.take(line) }
        }
        try opening.finish()
    }

    /// What `openssl enc` writes without -a.
    private static func openBinary(
        _ input: consuming InputFile, startingWith start: [UInt8], _ passphrase: SharedSecret,
        to output: consuming OutputFile
    ) throws {
        let limit = SaltedText.maximumByteCount
        let sealed = start + (try input.readAll(limit: max(0, limit - start.count)))
        var text: [UInt8] = []
        Base64.standard.encode(sealed, to: &text)
        var plaintext = try SaltedText.open(text, passphrase: passphrase)
        defer { wipe(&plaintext) }
        try output.write(plaintext)
        try output.commit()
    }
}
