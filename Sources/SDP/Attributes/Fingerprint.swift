internal import Wire

/// `a=fingerprint`: the hash of the certificate that DTLS will show (RFC 8122 section 5).
public struct Fingerprint: LineValue {
    public static let form = LineForm.attribute("fingerprint")

    /// `sha-256`, …; its case does not count.
    public var algorithm: String
    /// Bytes in hexadecimal with colons between, as it was written.
    public var value: String

    public init(_ algorithm: String, _ value: String) {
        self.algorithm = algorithm
        self.value = value
    }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        algorithm = try reader.word("hash function")
        value = try reader.word("fingerprint")
    }

    public func write(to writer: inout ValueWriter) { writer.text("\(algorithm) \(value)") }

    /// The hash; nil where the value is not hexadecimal pairs with colons.
    public var bytes: [UInt8]? {
        let pairs = value.utf8.split(separator: 0x3a, omittingEmptySubsequences: false)
        let bytes = pairs.compactMap { pair -> UInt8? in
            guard pair.count == 2, let high = pair.first.flatMap({ UInt8(hexDigit: $0) }),
                let low = pair.last.flatMap({ UInt8(hexDigit: $0) })
            else { return nil }
            return high << 4 | low
        }
        return bytes.count == pairs.count ? bytes : nil
    }

    /// The bytes that the hash function gives; nil for one that RFC 8122 does not name.
    public var expectedByteCount: Int? {
        let counts = [
            "md2": 16, "md5": 16, "sha-1": 20, "sha-224": 28, "sha-256": 32, "sha-384": 48,
            "sha-512": 64,
        ]
        return counts.first { algorithm.isSameIgnoringCase($0.key) }?.value
    }
}
