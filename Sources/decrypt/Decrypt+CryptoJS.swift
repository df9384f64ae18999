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
        to output: consuming OutputFile
    ) throws {
        let limit = SaltedText.maximumByteCount
        let sealed = start + (try input.readAll(limit: max(0, limit - start.count)))
        let texts = sealed.starts(with: "Salted__".utf8) ? [binary(sealed)] : split(sealed)
        for text in texts {
            var plaintext = try SaltedText.open(text, passphrase: passphrase)
            defer { wipe(&plaintext) }
            let needsEnd = texts.count > 1 && plaintext.last != 0x0a
            try output.write(needsEnd ? plaintext + [0x0a] : plaintext)
        }
        try output.commit()
    }

    /// What `openssl enc` writes without -a.
    private static func binary(_ sealed: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        Base64.standard.encode(sealed, to: &text)
        return text
    }

    private static func split(_ sealed: [UInt8]) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        for line in sealed.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
            if texts.isEmpty || line.starts(with: SaltedText.beginning.utf8) { texts.append([]) }
            texts[texts.count - 1] += line.filter { $0 != 0x20 && $0 != 0x09 }
        }
        return texts
    }
}
