/// `a=crypto`: an SRTP key in the description itself (SDES, RFC 4568 section 4).
public struct CryptoAttribute: LineValue {
    public static let form = LineForm.attribute("crypto")

    public var tag: UInt32
    /// `AES_CM_128_HMAC_SHA1_80`, …
    public var suite: String
    public var keys: [Key]
    /// `UNENCRYPTED_SRTCP`, `KDR=1`, …
    public var sessionParameters: [String]

    /// One key with its method: `inline:<key and salt>|<life time>|<MKI>:<length>`.
    public struct Key: Equatable, Sendable {
        public var method: String
        /// What follows the colon. It is secret.
        public var info: String

        public init(method: String = "inline", info: String) {
            self.method = method
            self.info = info
        }

        /// Key and salt in Base64. It is secret.
        public var keyAndSalt: String { parts.first ?? "" }

        /// The packets that the key may protect, as it was written: `2^20`, `1048576`.
        public var lifetime: String? { parts.dropFirst().first { !$0.contains(":") } }

        /// The master key identifier and its length in bytes, as in `1:4`.
        public var masterKeyIdentifier: String? { parts.dropFirst().first { $0.contains(":") } }

        private var parts: [String] {
            info.split(separator: "|", omittingEmptySubsequences: false).map { String($0) }
        }
    }

    public init(tag: UInt32, suite: String, keys: [Key], sessionParameters: [String] = []) {
        self.tag = tag
        self.suite = suite
        self.keys = keys
        self.sessionParameters = sessionParameters
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        tag = try reader.number("tag")
        suite = try reader.word("crypto suite")
        let start = reader.position
        guard let keys = Self.keys(in: try reader.word("key")) else {
            throw .badField("key", text: "…", at: start)
        }
        self.keys = keys
        sessionParameters = try reader.words()
    }

    public func write(to writer: inout ValueWriter) {
        writer.text("\(tag) \(suite) ")
        writer.text(Self.text(of: keys))
        writer.words(sessionParameters)
    }

    /// Key parameters, as they also stand in the session parameter `FEC_KEY` (RFC 4568 section
    /// 6.3.4): `<method>:<info>;…`. Nil where one has no method.
    public static func keys(in text: some StringProtocol) -> [Key]? {
        var keys: [Key] = []
        for part in text.split(separator: ";", omittingEmptySubsequences: false) {
            guard let colon = part.firstIndex(of: ":") else { return nil }
            keys.append(
                Key(
                    method: String(part[..<colon]), info: String(part[part.index(after: colon)...]))
            )
        }
        return keys
    }

    /// Keys as they are written in one word.
    public static func text(of keys: [Key]) -> String {
        keys.map { "\($0.method):\($0.info)" }.joined(separator: ";")
    }
}
