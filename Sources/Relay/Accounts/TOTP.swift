internal import Clock
internal import Crypto
internal import Wire

/// Time-based one-time codes (RFC 6238) with SHA-1, six digits and steps of 30 seconds: what every
/// authenticator app takes.
enum TOTP {
    static let secretByteCount = 20
    static let digitCount = 6
    static let stepSeconds: Int64 = 30
    /// Steps by which the clocks of both sides may differ.
    static let skew: Int64 = 1

    static func step(at time: Timestamp) -> Int64 { time.seconds / stepSeconds }

    /// RFC 4226 section 5.3.
    static func code(
        _ secret: borrowing SecretBytes, step: Int64, digits: Int = digitCount
    ) throws(LibcryptoMissing) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> Int64(56 - 8 * $0)) }
        let tag = try HMACSHA1.authenticate(counter, key: secret)
        let offset = Int(tag[19] & 15)
        let word = tag[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let modulus = (0..<digits).reduce(UInt32(1)) { product, _ in product * 10 }
        let text = String((word & 0x7FFF_FFFF) % modulus)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }

    /// The step that a code is of; nil for a code that is of none around now. Takes as long for a
    /// wrong code as for a right one.
    static func step(
        of code: String, _ secret: borrowing SecretBytes, at time: Timestamp
    ) throws(LibcryptoMissing) -> Int64? {
        let now = step(at: time)
        var found: Int64?
        for step in max(0, now - skew)...max(0, now + skew) {
            let expected = try self.code(secret, step: step)
            if constantTimeEqual(Array(expected.utf8), Array(code.utf8)) { found = step }
        }
        return found
    }

    /// What apps read from a QR code.
    static func url(_ secret: borrowing SecretBytes, account: String) -> String {
        let secret = unsafe secret.withBytes { unsafe Base32.encode(Array($0)) }
        let label = issuer + ":" + percentEncoded(account)
        return "otpauth://totp/\(label)?secret=\(secret)&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=\(digitCount)&period=\(stepSeconds)"
    }

    private static let issuer = "Parley"

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { encoded, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%" + Hex.encode([byte]).uppercased()
            }
        }
    }
}

/// Codes that each work once in place of a one-time code, for whoever lost the device.
enum RecoveryCode {
    static let count = 10
    private static let byteCount = 10

    /// Eighty random bits, so that a plain digest keeps them secret: `ABCD-EFGH-IJKL-MNOP`.
    static func random() -> String {
        let text = Array(Base32.encode(randomBytes(byteCount)))
        return stride(from: 0, to: text.count, by: 4)
            .map { String(text[$0..<min($0 + 4, text.count)]) }.joined(separator: "-")
    }

    /// What the store keeps of one; nil for a text that cannot be one.
    static func digest(_ text: String) -> [UInt8]? {
        let letters = text.uppercased().utf8.filter { $0 != 0x2D && $0 != 0x20 }
        guard letters.count == 16 else { return nil }
        return SHA256.hash(letters)
    }
}
