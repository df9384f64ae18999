internal import Crypto

/// A number that two people compare to know that nobody sits between them: 60 digits made of
/// both identities' fingerprints, the same whoever computes it.
///
/// Its 199 bits leave somebody who would pass off keys of his own on both sides a search of 2^99
/// pairs.
public struct SafetyNumber: Equatable, Sendable {
    /// Twelve groups of five digits.
    public let groups: [String]

    public init(_ one: Fingerprint, _ other: Fingerprint) {
        let sorted = [one.bytes, other.bytes].sorted { $0.lexicographicallyPrecedes($1) }
        var transcript = Transcript("parley/safety-number/v1")
        for fingerprint in sorted { transcript.append(fingerprint) }
        let digest = SHA512.hash(transcript.bytes)
        groups = stride(from: 0, to: 60, by: 5).map { start in
            let number = digest[start..<start + 5].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let digits = String(number % 100_000)
            return String(repeating: "0", count: 5 - digits.utf8.count) + digits
        }
    }

    /// The 60 digits without spaces, as a QR code carries them.
    public var digits: String { groups.joined() }
}

extension SafetyNumber: CustomStringConvertible {
    /// The groups with a space between.
    public var description: String { groups.joined(separator: " ") }
}
