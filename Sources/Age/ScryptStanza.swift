internal import Crypto
internal import Wire

/// The stanza `scrypt SALT LOG2N`: the file key under a passphrase. It stands alone in its header,
/// since whoever knows the passphrase of one stanza could else pass for the writer of all.
enum ScryptStanza {
    static let type = "scrypt"
    private static let label = Array("age-encryption.org/v1/scrypt".utf8)
    private static let saltByteCount = 16
    private static let blockSize: UInt32 = 8

    static func wrap(
        _ fileKey: FileKey, with passphrase: SharedSecret, workFactor: Int
    ) throws(AgeError) -> Stanza {
        let salt = randomBytes(saltByteCount)
        let wrapKey = try derive(passphrase, salt: salt, workFactor: workFactor)
        return Stanza(
            [type, Base64.unpadded.encode(salt), String(workFactor)],
            body: fileKey.wrapped(with: wrapKey))
    }

    /// Nil where the passphrase is another one.
    static func unwrap(
        _ stanza: Stanza, with passphrase: SharedSecret, maximumWorkFactor: Int
    ) throws(AgeError) -> FileKey? {
        guard stanza.type == type else { return nil }
        guard stanza.arguments.count == 3,
            let salt = Base64.unpadded.decode(stanza.arguments[1]), salt.count == saltByteCount,
            let workFactor = workFactor(stanza.arguments[2]),
            stanza.body.count == FileKey.wrappedByteCount
        else { throw .header(.badStanza(type)) }
        // Before computing: each step doubles the time and the memory, 256 MiB at 18.
        guard workFactor <= maximumWorkFactor else {
            throw .header(.workFactor(workFactor, maximum: maximumWorkFactor))
        }
        let wrapKey = try derive(passphrase, salt: salt, workFactor: workFactor)
        return FileKey(unwrapping: stanza.body, with: wrapKey)
    }

    /// A decimal number above 0 without sign or leading zeros, as nothing else reads one way only.
    private static func workFactor(_ text: String) -> Int? {
        guard let first = text.utf8.first, (0x31...0x39).contains(first),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text)
    }

    private static func derive(
        _ passphrase: SharedSecret, salt: [UInt8], workFactor: Int
    ) throws(AgeError) -> SecretBytes {
        do throws(OutOfMemory) {
            return try passphrase.bytes.withBytes { passphrase throws(OutOfMemory) in
                try Scrypt.derive(
                    password: passphrase, salt: label + salt, n: 1 << UInt64(workFactor),
                    r: blockSize, p: 1, count: AEADKey.byteCount)
            }
        } catch { throw .outOfMemory }
    }
}
