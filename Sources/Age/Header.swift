internal import Crypto
internal import Wire

/// The header of an age file: who may open it, and the HMAC that binds that to the file key.
public struct Header: Equatable, Sendable {
    public let stanzas: [Stanza]
    public let mac: [UInt8]

    /// Our limit, so that a hostile file cannot fill the memory; room for some 9,000 recipients.
    public static let maximumByteCount = 1 << 20

    static let versionLine = "age-encryption.org/v1\n"
    static let macByteCount = 32

    /// The stanzas with the HMAC that belongs to them under `fileKey`.
    init(_ stanzas: [Stanza], fileKey: FileKey) {
        self.stanzas = stanzas
        mac = fileKey.mac(of: Self.authenticatedBytes(stanzas))
    }

    init(_ stanzas: [Stanza], mac: [UInt8]) {
        self.stanzas = stanzas
        self.mac = mac
    }

    /// Reads a whole header and refuses anything after it.
    public init(decoding bytes: [UInt8]) throws(AgeError) {
        var parser = HeaderParser()
        let rest = try parser.receive(bytes[...])
        guard let header = parser.header else { throw .header(.truncated) }
        guard rest.isEmpty else { throw .header(.badLine(parser.lineNumber + 1)) }
        self = header
    }

    /// The one encoding of this header, up to the line feed after the HMAC.
    public var encoded: [UInt8] {
        var text = Self.authenticatedBytes(stanzas)
        text.append(UInt8(ascii: " "))
        Base64.unpadded.encode(mac, to: &text)
        text.append(lineFeed)
        return text
    }

    /// What the HMAC is over: the header up to and with `---`.
    private static func authenticatedBytes(_ stanzas: [Stanza]) -> [UInt8] {
        var text = Array(versionLine.utf8)
        for stanza in stanzas { stanza.encode(to: &text) }
        return text + Array("---".utf8)
    }

    func isAuthentic(under fileKey: FileKey) -> Bool {
        constantTimeEqual(mac, fileKey.mac(of: Self.authenticatedBytes(stanzas)))
    }
}

extension Header {
    /// Whether the file is sealed with a passphrase, so that it is worth asking for one.
    public var isSealedWithPassphrase: Bool { stanzas.contains { $0.type == ScryptStanza.type } }

    /// The types of stanza that are not among ours, each once, in order, few and short enough to
    /// show.
    public var unsupportedTypes: [String] {
        var types: [String] = []
        for stanza in stanzas where !Self.supportedTypes.contains(stanza.type) {
            let name = String(stanza.type.prefix(Self.shownTypeLength))
            if !stanza.type.hasSuffix("-grease"), !types.contains(name) { types.append(name) }
            if types.count == Self.shownTypes { break }
        }
        return types
    }

    public static let supportedTypes = [
        X25519Stanza.type, ScryptStanza.type, SSHEd25519Stanza.type,
    ]
    private static let shownTypes = 4
    private static let shownTypeLength = 40
}
