internal import Platform
internal import SDP

/// Cuts what is read into inputs: the whole of it, or each line where the first is one by itself.
///
/// No more than one input is kept at a time.
struct InputFeed: ~Copyable {
    /// More than any session has; a line or a whole input beyond it is refused.
    static let byteCountLimit = 64 << 20
    private static let readByteCount = 64 << 10

    struct Input {
        /// The line of the input, from 1; nil where the input is the whole.
        let number: Int?
        let bytes: [UInt8]
    }

    private enum Shape { case unknown, lines, whole }

    private let file: InputFile
    private var splitter = LineSplitter(limit: byteCountLimit)
    private var shape = Shape.unknown
    private var whole: [UInt8] = []
    private var hasEnded = false

    init(_ file: consuming InputFile) { self.file = file }

    /// The next input; nil at the end.
    ///
    /// - Parameter wait: called before more is waited for.
    /// - Throws: `FileError`, and `InspectionError` for a line that is too long, after which comes the
    ///   next one.
    mutating func next(beforeWaiting wait: () throws -> Void) throws -> Input? {
        while true {
            if shape != .whole, let line = try nextLine() { return line }
            if hasEnded { return takeWhole() }
            try wait()
            let bytes = try file.read(upTo: Self.readByteCount)
            hasEnded = bytes.isEmpty
            if shape != .lines { whole += bytes }
            if whole.count > Self.byteCountLimit {
                throw FileError.tooLarge(file.name, limit: Self.byteCountLimit)
            }
            if shape != .whole { splitter.append(bytes) }
            if hasEnded { splitter.finish() }
        }
    }

    /// The next line that is not blank, if lines are what there is.
    private mutating func nextLine() throws -> Input? {
        while true {
            let line: [UInt8]?
            do throws(LineSplitter.LineTooLong) { line = try splitter.next() } catch {
                if shape == .unknown { shape = .whole }
                throw InspectionError.lineTooLong(line: error.line, limit: Self.byteCountLimit)
            }
            guard let line else { return nil }
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
            if shape == .unknown {
                shape = Self.isWhole(line) ? .lines : .whole
                if shape == .lines { whole = [] } else { splitter = LineSplitter() }
            }
            guard shape == .lines else { return nil }
            return Input(number: splitter.lineNumber, bytes: line)
        }
    }

    private mutating func takeWhole() -> Input? {
        guard shape != .lines, hasEnded else { return nil }
        // An input of nothing is one too, and no description.
        shape = .lines
        let bytes = whole
        whole = []
        return Input(number: nil, bytes: bytes)
    }

    private static func isWhole(_ line: [UInt8]) -> Bool {
        SDPInput.isWhole(line: line) || SDPInput.isTransportPacket(line)
            || line.starts(with: "candidate:".utf8)
            || line.starts(with: "a=candidate:".utf8)
    }
}
