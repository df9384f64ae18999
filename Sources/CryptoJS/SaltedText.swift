public import Crypto
internal import Wire

/// The passphrase form of CryptoJS and of `openssl enc -aes-256-cbc -md md5 -a`.
///
///     Base64: "Salted__", salt of 8 bytes, AES-256-CBC with PKCS#7
///
/// Key and IV are MD5 of passphrase and salt, one round. It keeps out who only looks and stops
/// nobody who tries passphrases or alters the text: it is here for what web clients have written.
public enum SaltedText {
    /// Of the text, and of the plaintext; a message is held in memory whole.
    public static let maximumByteCount = 64 << 20

    private static let magic = Array("Salted__".utf8)
    private static let saltByteCount = 8
    private static let charactersPerLine = 64

    /// What every text in this form begins with, which is enough to tell it from other formats.
    public static let beginning = "U2FsdGVkX1"

    /// - Parameter inLines: whether to break lines after 64 characters, as `openssl enc -a` reads
    ///   and writes it, or to write one long line, as CryptoJS does.
    /// - Returns: the text, without a line feed at its end.
    public static func seal(
        _ plaintext: [UInt8], passphrase: SharedSecret, inLines: Bool = false
    ) throws(CryptoJSError) -> [UInt8] {
        try seal(
            plaintext, passphrase: passphrase, salt: randomBytes(saltByteCount), inLines: inLines)
    }

    static func seal(
        _ plaintext: [UInt8], passphrase: SharedSecret, salt: [UInt8], inLines: Bool
    ) throws(CryptoJSError) -> [UInt8] {
        guard plaintext.count <= maximumByteCount else { throw .tooLong }
        var bytes = magic + salt
        do throws(LibcryptoMissing) {
            let secret = try derive(passphrase, salt: salt)
            bytes += try secret.withBytes { secret throws(LibcryptoMissing) in
                try LegacyCBC.seal(plaintext, key: key(secret), iv: iv(secret))
            }
        } catch { throw .unavailable }
        var text: [UInt8] = []
        Base64.standard.encode(bytes, to: &text)
        return inLines ? Array(lines(text).joined(separator: [UInt8(ascii: "\n")])) : text
    }

    /// The plaintext. That it comes out does not mean that nobody altered it.
    public static func open(
        _ text: [UInt8], passphrase: SharedSecret
    ) throws(CryptoJSError) -> [UInt8] {
        guard text.count <= maximumByteCount else { throw .tooLong }
        let lineEnds = Array("\r\n".utf8)
        let bytes = Base64.standard.decode(text.filter { !lineEnds.contains($0) }[...]) ?? []
        guard bytes.starts(with: magic), bytes.count >= magic.count + saltByteCount else {
            throw .notSalted
        }
        let salt = Array(bytes[magic.count..<(magic.count + saltByteCount)])
        let sealed = Array(bytes[(magic.count + saltByteCount)...])
        let plaintext: [UInt8]?
        do throws(LibcryptoMissing) {
            let secret = try derive(passphrase, salt: salt)
            plaintext = try secret.withBytes { secret throws(LibcryptoMissing) in
                try LegacyCBC.open(sealed, key: key(secret), iv: iv(secret))
            }
        } catch { throw .unavailable }
        guard let plaintext else { throw .refused }
        return plaintext
    }

    /// Whether a text that opens may still be the first line of a longer one: what ends between
    /// two blocks of AES, without padding of Base64, has a multiple of 64 characters, such as the
    /// lines of `openssl enc -a`.
    public static func mayGoOn(after line: [UInt8]) -> Bool {
        line.count % charactersPerLine == 0 && line.last != UInt8(ascii: "=")
    }

    private static func derive(
        _ passphrase: SharedSecret, salt: [UInt8]
    ) throws(LibcryptoMissing) -> SecretBytes {
        try passphrase.bytes.withBytes { passphrase throws(LibcryptoMissing) in
            try LegacyCBC.keyAndIV(passphrase: passphrase, salt: salt)
        }
    }

    private static func key(_ secret: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: secret[..<LegacyCBC.keyByteCount])
    }

    private static func iv(_ secret: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: secret[LegacyCBC.keyByteCount...])
    }

    private static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        stride(from: 0, to: text.count, by: charactersPerLine).map {
            text[$0..<min($0 + charactersPerLine, text.count)]
        }
    }
}
