/// The bytes that end a line: nothing, LF, CRLF, CR, or CRs and an LF.
public struct LineEnding: Hashable, Sendable {
    public let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    public static let none = LineEnding(bytes: [])
    public static let lf = LineEnding(bytes: [0x0a])
    public static let crlf = LineEnding(bytes: [0x0d, 0x0a])
    public static let cr = LineEnding(bytes: [0x0d])

    /// Nothing, an LF, or one to eight CRs, which an LF may follow; nil for anything else.
    init?(text: String) {
        let bytes = Array(text.utf8)
        let returns = bytes.prefix { $0 == 0x0d }.count
        let rest = bytes.dropFirst(returns)
        guard returns <= LineSplitter.maximumReturns, rest.isEmpty || Array(rest) == [0x0a] else {
            return nil
        }
        self.bytes = bytes
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
