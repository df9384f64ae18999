public import Platform

/// The formats that a sealed message or file may have, as its first bytes tell.
public enum SealedFormat: String, CaseIterable, Sendable {
    case envelope, age, cryptojs

    /// What the formats other than JSON begin with, after white space.
    private static let beginnings: [(String, SealedFormat)] = [
        ("age-encryption.org/", .age), ("-----BEGIN AGE ENCRYPTED FILE-----", .age),
        ("U2FsdGVkX1", .cryptojs), ("Salted__", .cryptojs),
    ]

    /// Reads as much as it takes to know.
    ///
    /// - Returns: the format, and what was read. Anything unknown counts as a line that should
    ///   have been an envelope.
    public static func find(
        in input: borrowing InputFile
    ) throws(FileError) -> (format: SealedFormat, start: [UInt8]) {
        var start: [UInt8] = []
        while true {
            let text = start.drop { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
            var mayFollow = false
            for (beginning, format) in beginnings {
                if text.starts(with: beginning.utf8) { return (format, start) }
                if beginning.utf8.starts(with: text) { mayFollow = true }
            }
            guard mayFollow, start.count < maximumWhiteSpace else { return (.envelope, start) }
            let more = try input.read(upTo: readByteCount)
            if more.isEmpty { return (.envelope, start) }
            start += more
        }
    }

    /// More of it in front than any program writes is not looked through.
    private static let maximumWhiteSpace = 64 << 10
    private static let readByteCount = 16 << 10
}
