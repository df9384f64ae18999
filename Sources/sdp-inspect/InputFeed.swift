internal import Platform
internal import SDP

/// Cuts what is read into inputs: the whole of it, or each line where the first is one by itself;
/// SDP among such lines is one input with all of its own.
///
/// No more than one input is kept at a time.
struct InputFeed: ~Copyable {
    /// More than any session has; a line or a whole input beyond it is refused.
    static let byteCountLimit = 64 << 20
    private static let readByteCount = 64 << 10

    struct Input {
        /// The line of the input, from 1; nil where the input is the whole.
        let number: Int?
        var bytes: [UInt8]
    }

    private enum Shape { case unknown, lines, whole }

    private let file: InputFile
    private var splitter = LineSplitter(limit: byteCountLimit)
    private var shape = Shape.unknown
    private var whole: [UInt8] = []
    /// The SDP that began among lines and has not ended.
    private var block: Input?
    /// The line that ended it.
    private var held: Input?
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

    /// The next line that is not blank, or all lines of SDP, if lines are what there is.
    private mutating func nextLine() throws -> Input? {
        while true {
            if let held = takeHeldLine() { return held }
            guard let line = try splitLine() else { return hasEnded ? takeBlock() : nil }
            if block != nil {
                if Self.endsBlock(line) {
                    held = Input(number: splitter.lineNumber, bytes: line)
                    return takeBlock()
                }
                try extendBlock(line)
                continue
            }
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
            if shape == .unknown {
                shape = Self.isWhole(line) ? .lines : .whole
                if shape == .lines { whole = [] } else { splitter = LineSplitter() }
            }
            guard shape == .lines else { return nil }
            let input = Input(number: splitter.lineNumber, bytes: line)
            guard SDPInput.beginsDescription(line: line) else { return input }
            block = Input(number: input.number, bytes: line + splitter.ending)
        }
    }

    private mutating func splitLine() throws(InspectionError) -> [UInt8]? {
        do throws(LineSplitter.LineTooLong) { return try splitter.next() } catch {
            if shape == .unknown { shape = .whole }
            throw .lineTooLong(line: error.line, limit: Self.byteCountLimit)
        }
    }

    private mutating func extendBlock(_ line: [UInt8]) throws(FileError) {
        block?.bytes += line + splitter.ending
        if let block, block.bytes.count > Self.byteCountLimit {
            throw .tooLarge(file.name, limit: Self.byteCountLimit)
        }
    }

    private mutating func takeBlock() -> Input? {
        defer { block = nil }
        return block
    }

    private mutating func takeHeldLine() -> Input? {
        defer { held = nil }
        return held
    }

    /// Whether a line is no part of the SDP before it; JSON with a fault is none either.
    private static func endsBlock(_ line: [UInt8]) -> Bool {
        line.first == 0x7b || isWhole(line) && !line.starts(with: "a=".utf8)
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
