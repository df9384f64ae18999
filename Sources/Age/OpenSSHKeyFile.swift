internal import Crypto
internal import Wire

/// A private key file of OpenSSH (`PROTOCOL.key`), without a passphrase.
///
///     "openssh-key-v1" NUL, cipher, KDF, KDF options, number of keys (1), public key,
///     private part: check, check, type, public key, secret key, comment, padding 1 2 3 …
enum OpenSSHKeyFile {
    static let beginLine = "-----BEGIN OPENSSH PRIVATE KEY-----"
    private static let endLine = "-----END OPENSSH PRIVATE KEY-----"
    private static let magic = Array("openssh-key-v1\0".utf8)
    private static let blockByteCount = 8
    /// Of the widest padding that any cipher of OpenSSH asks for.
    private static let maximumPadding = 255

    static func identity(_ text: ArraySlice<UInt8>) throws(KeyFault) -> SSHEd25519Identity {
        var encoded = try body(text)
        defer { wipe(&encoded) }
        guard var bytes = Base64.standard.decode(encoded[...]) else { throw .malformedKeyFile }
        defer { wipe(&bytes) }
        let identity: Result<SSHEd25519Identity, KeyFault>
        do throws(WireError) {
            identity = try decode(ByteReader(bytes[...]))
        } catch { throw .malformedKeyFile }
        return try identity.get()
    }

    /// What stands between the two lines, without line ends.
    private static func body(_ text: ArraySlice<UInt8>) throws(KeyFault) -> [UInt8] {
        var lines = text.split(separator: lineFeed, omittingEmptySubsequences: false)
            .map { $0.last == carriageReturn ? $0.dropLast() : $0 }
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count > 2, lines[0].elementsEqual(beginLine.utf8),
            lines[lines.count - 1].elementsEqual(endLine.utf8)
        else { throw .malformedKeyFile }
        return Array(lines[1..<(lines.count - 1)].joined())
    }

    private static func decode(
        _ start: ByteReader
    ) throws(WireError) -> Result<SSHEd25519Identity, KeyFault> {
        var reader = start
        guard try reader.bytes(magic.count).elementsEqual(magic) else {
            return .failure(.malformedKeyFile)
        }
        let isPlain = try reader.sshString().elementsEqual("none".utf8)
        let kdf = try reader.sshString()
        let options = try reader.sshString()
        let keyCount: UInt32 = try reader.integer()
        let publicPart = try reader.sshString()
        guard keyCount == 1 else { return .failure(.malformedKeyFile) }
        var publicReader = ByteReader(publicPart)
        let type = try publicReader.sshString()
        guard type.elementsEqual(SSHPublicKey.type.utf8) else {
            return .failure(.unsupported(String(decoding: type.prefix(40), as: UTF8.self)))
        }
        guard isPlain else { return .failure(.encryptedKeyFile) }
        guard kdf.elementsEqual("none".utf8), options.isEmpty else {
            return .failure(.malformedKeyFile)
        }
        let privatePart = try reader.sshString()
        try reader.expectEnd()
        return try decodePrivate(privatePart, publicPart: publicPart)
    }

    private static func decodePrivate(
        _ bytes: ArraySlice<UInt8>, publicPart: ArraySlice<UInt8>
    ) throws(WireError) -> Result<SSHEd25519Identity, KeyFault> {
        var reader = ByteReader(bytes)
        let checks = try (reader.bytes(4), reader.bytes(4))
        let type = try reader.sshString()
        let publicKey = try reader.sshString()
        let secretKey = try reader.sshString()
        _ = try reader.sshString()
        let padding = reader.rest()
        let isPadding =
            padding.count <= maximumPadding
            && padding.enumerated().allSatisfy { $0.element == UInt8($0.offset + 1) }
        guard checks.0 == checks.1, type.elementsEqual(SSHPublicKey.type.utf8), isPadding,
            bytes.count % blockByteCount == 0,
            secretKey.count == Ed25519.secretKeyByteCount,
            secretKey.suffix(Ed25519.publicKeyByteCount) == publicKey
        else { return .failure(.malformedKeyFile) }
        do throws(KeyFault) {
            guard try SSHPublicKey(decoding: publicPart).ed25519 == Array(publicKey) else {
                return .failure(.malformedKeyFile)
            }
            return .success(
                try secretKey.prefix(Ed25519.seedByteCount).withUnsafeBufferPointer {
                    seed throws(KeyFault) in
                    try SSHEd25519Identity(seed: seed, publicKey: Array(publicKey))
                })
        } catch { return .failure(error) }
    }
}
