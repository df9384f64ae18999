internal import Crypto
internal import Wire

/// An Ed25519 public key as OpenSSH writes it (RFC 8709 section 4).
public struct SSHPublicKey: Equatable, Sendable {
    /// The Ed25519 key, 32 bytes.
    public let ed25519: [UInt8]
    /// The X25519 key of the same point.
    let x25519: [UInt8]

    static let type = "ssh-ed25519"

    init(ed25519: [UInt8]) throws(KeyFault) {
        guard ed25519.count == Ed25519.publicKeyByteCount else { throw .badLength }
        guard let x25519 = Ed25519.x25519PublicKey(of: ed25519) else { throw .lowOrder }
        self.ed25519 = ed25519
        self.x25519 = x25519
    }

    /// Reads a line of a `.pub` file: the type, the key in Base64, and maybe a comment.
    init(line: ArraySlice<UInt8>) throws(KeyFault) {
        let words = line.split(
            maxSplits: 2, whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") })
        guard words.count >= 2 else { throw .notAKey }
        guard words[0].elementsEqual(Self.type.utf8) else {
            throw .unsupported(String(decoding: words[0].prefix(40), as: UTF8.self))
        }
        guard let blob = Base64.standard.decode(words[1]) else { throw .notAKey }
        try self.init(decoding: blob[...])
    }

    /// Reads the wire form: the type and the key, each after its length.
    init(decoding blob: ArraySlice<UInt8>) throws(KeyFault) {
        var reader = ByteReader(blob)
        let key: ArraySlice<UInt8>
        do throws(WireError) {
            guard try reader.sshString().elementsEqual(Self.type.utf8) else {
                throw WireError.badText(field: "type")
            }
            key = try reader.sshString()
            try reader.expectEnd()
        } catch { throw .notAKey }
        try self.init(ed25519: Array(key))
    }

    /// The wire form.
    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.lengthPrefixed(by: UInt32.self) { $0.append(Self.type.utf8) }
        writer.lengthPrefixed(by: UInt32.self) { $0.append(ed25519) }
        return writer.bytes
    }

    /// SHA-256 of the wire form.
    var hash: [UInt8] { SHA256.hash(encoded) }
}

extension ByteReader {
    /// A string of RFC 4251 section 5: 4 bytes of length, then as many.
    mutating func sshString() throws(WireError) -> ArraySlice<UInt8> {
        let count: UInt32 = try integer()
        return try bytes(Int(count))
    }
}
