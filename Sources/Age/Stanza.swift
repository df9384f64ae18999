internal import Wire

/// One recipient stanza of a header: a type, arguments, and a body that wraps the file key.
public struct Stanza: Equatable, Sendable {
    /// One or more words of printable ASCII; the first is the type.
    public let arguments: [String]
    public let body: [UInt8]

    /// - Precondition: there is a first argument, and each is printable ASCII without spaces.
    init(_ arguments: [String], body: [UInt8]) {
        precondition(!arguments.isEmpty)
        self.arguments = arguments
        self.body = body
    }

    public var type: String { arguments[0] }

    /// A line of arguments, then the body in lines of 64 characters of which the last is shorter.
    func encode(to text: inout [UInt8]) {
        text += Array("-> \(arguments.joined(separator: " "))\n".utf8)
        var rest = body[...]
        while rest.count >= Self.bytesPerLine {
            Base64.unpadded.encode(Array(rest.prefix(Self.bytesPerLine)), to: &text)
            text.append(lineFeed)
            rest = rest.dropFirst(Self.bytesPerLine)
        }
        Base64.unpadded.encode(Array(rest), to: &text)
        text.append(lineFeed)
    }

    static let bytesPerLine = 48
    static let charactersPerLine = 64
}

let lineFeed = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")
