/// What an age file says of itself without being opened.
public struct Inspection: Equatable, Sendable {
    /// One stanza: its type and how long its body is.
    public struct StanzaSummary: Equatable, Sendable {
        public let type: String
        public let argumentCount: Int
        public let bodyByteCount: Int
        public let isSupported: Bool
    }

    public let form: FileForm
    public let stanzas: [StanzaSummary]
    /// The header up to the line feed after the HMAC.
    public let headerByteCount: Int
    /// Everything after the header, in binary: the nonce and the chunks.
    public let nonceByteCount: Int
    public let sealedByteCount: Int
    /// Nil where no payload has that size, so the file was cut short or added to.
    public let layout: PayloadLayout?
    /// scrypt's exponent, where the file is sealed with a passphrase.
    public let workFactor: Int?

    /// - Parameter sealedByteCount: how many bytes follow the nonce.
    public init(_ header: Header, form: FileForm, sealedByteCount: Int) {
        self.form = form
        stanzas = header.stanzas.map {
            StanzaSummary(
                type: $0.type, argumentCount: $0.arguments.count - 1,
                bodyByteCount: $0.body.count,
                isSupported: Header.supportedTypes.contains($0.type))
        }
        headerByteCount = header.encoded.count
        nonceByteCount = Preamble.nonceByteCount
        self.sealedByteCount = sealedByteCount
        layout = PayloadLayout(sealedByteCount: sealedByteCount)
        workFactor = header.stanzas.first { $0.type == ScryptStanza.type }
            .flatMap { $0.arguments.count == 3 ? Int($0.arguments[2]) : nil }
    }
}
