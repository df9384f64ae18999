/// The text form of an age file: strict PEM (RFC 7468 section 3) in lines of 64 columns.
enum Armor {
    static let beginLine = "-----BEGIN AGE ENCRYPTED FILE-----"
    static let endLine = "-----END AGE ENCRYPTED FILE-----"
    static let charactersPerLine = 64
    static let bytesPerLine = 48
    /// How much white space may stand before and after; our limit, so that it ends.
    static let maximumOuterSpace = 1024

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == lineFeed
            || byte == carriageReturn
    }
}
