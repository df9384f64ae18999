internal import Crypto

extension Header {
    /// A header that wraps `fileKey` for each recipient, once where one is named twice.
    static func sealing(_ fileKey: FileKey, to recipients: [Recipient]) throws(AgeError) -> Header {
        var unique: [Recipient] = []
        for recipient in recipients where !unique.contains(where: { $0.isSame(as: recipient) }) {
            unique.append(recipient)
        }
        guard !unique.isEmpty else { throw .noRecipients }
        guard unique.count == 1 || !unique.contains(where: \.isPassphrase) else {
            throw .passphraseNotAlone
        }
        var stanzas: [Stanza] = []
        for recipient in unique { stanzas.append(try recipient.wrap(fileKey)) }
        let header = Header(stanzas, fileKey: fileKey)
        guard header.encoded.count <= maximumByteCount else { throw .tooManyRecipients }
        return header
    }

    /// The file key, from the first stanza that opens for one of the identities.
    ///
    /// - Throws: also where the header's HMAC is not that of the file key.
    func fileKey(for identities: [Identity]) throws(AgeError) -> FileKey {
        guard stanzas.count == 1 || !isSealedWithPassphrase else {
            throw .header(.scryptNotAlone)
        }
        for identity in identities {
            for stanza in stanzas {
                guard let fileKey = try identity.unwrap(stanza) else { continue }
                guard isAuthentic(under: fileKey) else { throw .forgedHeader }
                return fileKey
            }
        }
        throw noMatch(for: identities)
    }

    private func noMatch(for identities: [Identity]) -> AgeError {
        let haveKey = identities.contains { !$0.isPassphrase }
        let havePassphrase = identities.contains(where: \.isPassphrase)
        if isSealedWithPassphrase { return havePassphrase ? .wrongPassphrase : .needsPassphrase }
        let isSealedToKeys = stanzas.contains { Self.supportedTypes.contains($0.type) }
        if !haveKey && isSealedToKeys { return .needsIdentity }
        return .noMatch(unsupported: unsupportedTypes)
    }

    /// The key of the payload that follows the header and the nonce.
    public func payloadKey(
        for identities: [Identity], nonce: [UInt8]
    ) throws(AgeError) -> PayloadKey {
        try fileKey(for: identities).payloadKey(nonce: nonce)
    }

    /// A header for other recipients of the same file key: with it in front, the nonce and the
    /// payload stay as they are. Who could open the file before still can, if they kept it.
    public func rewrapped(
        by identities: [Identity], for recipients: [Recipient]
    ) throws(AgeError) -> Header {
        try Header.sealing(fileKey(for: identities), to: recipients)
    }
}

/// What stands before the first chunk of a new file, and the key of its chunks.
public struct Preamble: Sendable {
    /// The header and the nonce.
    public let bytes: [UInt8]
    public let payloadKey: PayloadKey

    public static let nonceByteCount = 16

    /// Makes a file key, and a header that wraps it for each recipient.
    public init(sealedTo recipients: [Recipient]) throws(AgeError) {
        let fileKey = FileKey.random()
        let header = try Header.sealing(fileKey, to: recipients)
        self.init(
            header: header, nonce: randomBytes(Self.nonceByteCount), fileKey: fileKey)
    }

    init(header: Header, nonce: [UInt8], fileKey: FileKey) {
        bytes = header.encoded + nonce
        payloadKey = fileKey.payloadKey(nonce: nonce)
    }
}

/// Reads the header and the nonce from bytes as they come.
public struct PreambleReader {
    private var parser = HeaderParser()
    /// The 16 bytes after the header, as far as they have come.
    public private(set) var nonce: [UInt8] = []

    public init() {}

    /// The header, once it is there and the nonce after it.
    public var header: Header? { isComplete ? parser.header : nil }
    private var isComplete: Bool { nonce.count == Preamble.nonceByteCount }

    /// Takes what is of the header and the nonce, and gives back the payload's bytes after it.
    public mutating func receive(
        _ bytes: ArraySlice<UInt8>
    ) throws(AgeError) -> ArraySlice<UInt8> {
        let rest = try parser.receive(bytes)
        guard parser.header != nil else { return rest }
        let taken = rest.prefix(Preamble.nonceByteCount - nonce.count)
        nonce += taken
        return rest.dropFirst(taken.count)
    }

    /// The header, or an error where the input ended before it was complete.
    public func finish() throws(AgeError) -> Header {
        guard let header else { throw .header(.truncated) }
        return header
    }
}
