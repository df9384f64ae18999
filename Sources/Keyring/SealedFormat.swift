public import Failures
internal import JSON
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
    /// - Returns: the format, and what was read. Text of any other kind counts as lines that should
    ///   have been envelopes.
    /// - Throws: `FileError`, and `UnknownFormat` for what is no text.
    public static func find(
        in input: borrowing InputFile
    ) throws -> (format: SealedFormat, start: [UInt8]) {
        var start: [UInt8] = []
        while true {
            let text = start.drop { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
            var mayFollow = false
            for (beginning, format) in beginnings {
                if text.starts(with: beginning.utf8) { return (format, start) }
                if beginning.utf8.starts(with: text) { mayFollow = true }
            }
            guard mayFollow, start.count < maximumWhiteSpace else {
                if isBinary(text) { throw UnknownFormat(name: input.name) }
                return (.envelope, start)
            }
            let more = try input.read(upTo: readByteCount)
            if more.isEmpty { return (.envelope, start) }
            start += more
        }
    }

    /// Whether no line of this could ever be an envelope. What begins like one may be damaged, and
    /// good ones may follow it.
    private static func isBinary(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.first != UInt8(ascii: "{") else { return false }
        var start = text.prefix(judgedByteCount)
        if start.contains(where: { $0 < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].contains($0) }) {
            return true
        }
        // The last character may be cut.
        for _ in 0..<3 where start.count > 1 && start.last.map({ $0 >= 0x80 }) == true {
            start.removeLast()
        }
        return !JSONScanner.isUTF8(start)
    }

    private static let judgedByteCount = 512
    /// More of it in front than any program writes is not looked through.
    private static let maximumWhiteSpace = 64 << 10
    private static let readByteCount = 16 << 10
}

/// A file has nothing in it to open.
public struct EmptyInput: Failure, Equatable {
    public let name: String
    public init(name: String) { self.name = name }
    public var kind: FailureKind { .malformed }
    public var code: String { "emptyInput" }
    public var message: String { "\"\(name)\" is empty" }
    public var hint: String? { "an age file has a header, even where nothing is in it" }
}

/// An input is no text, and begins like none of the formats.
public struct UnknownFormat: Failure, Equatable {
    public let name: String
    public var kind: FailureKind { .malformed }
    public var code: String { "notAnEnvelope" }
    public var message: String { "\"\(name)\" is binary, and no age file" }
    public var hint: String? { "give an envelope, an age file, or the cryptojs form" }
}
