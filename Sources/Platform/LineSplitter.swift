/// Cuts a stream of bytes into lines, in memory that is bounded by the longest line allowed.
///
/// It does no input of its own, so that an event loop can feed it too. A last line without a line
/// feed is a line. `\r\n` ends a line as `\n` does, as JSON Lines asks, unless carriage returns are
/// kept.
public struct LineSplitter: Sendable {
    /// A family C chunk is 1.4 MB in Base64; eight times that leaves room for what wraps it.
    public static let defaultLimit = 16 << 20

    public let limit: Int
    /// Whether a carriage return before a line feed is a part of the line.
    private let keepsCarriageReturns: Bool
    /// The number of the line that `next()` gave last, from 1.
    public private(set) var lineNumber = 0
    private var buffer: [UInt8] = []
    private var start = 0
    /// Where the line that `next()` gave last ends, without its ending.
    private var lineEnd = 0
    /// No line feed is between `start` and here.
    private var searched = 0
    private var isFinished = false
    /// Whether the rest of a line that is too long is still to come.
    private var isSkipping = false

    public init(limit: Int = Self.defaultLimit, keepingCarriageReturns: Bool = false) {
        self.limit = limit
        keepsCarriageReturns = keepingCarriageReturns
    }

    /// The line that comes next is longer than the limit. It is passed over, and the one after
    /// it comes next.
    public struct LineTooLong: Error, Equatable {
        public let line: Int
    }

    public mutating func append(_ bytes: some Collection<UInt8>) {
        if isSkipping {
            guard let end = bytes.firstIndex(of: 0x0a) else { return }
            isSkipping = false
            return append(Array(bytes[bytes.index(after: end)...]))
        }
        if start > 0 && (start == buffer.count || start >= buffer.count / 2) {
            buffer.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        lineEnd = start
        buffer.append(contentsOf: bytes)
    }

    /// Says that no more bytes come, so what is left is the last line.
    public mutating func finish() { isFinished = true }

    /// Whether `next()` has a line to give without more bytes.
    public mutating func hasLine() -> Bool {
        findEnd() != nil || (isFinished && start < buffer.count)
    }

    /// The next line without its end, or nil until more bytes come (after `finish()`: at the end).
    public mutating func next() throws(LineTooLong) -> [UInt8]? {
        let end = findEnd()
        guard (end ?? buffer.count) - start <= limit else {
            skip(upTo: end)
            throw LineTooLong(line: lineNumber)
        }
        guard let end else {
            guard isFinished, start < buffer.count else { return nil }
            return take(upTo: buffer.count, next: buffer.count)
        }
        return take(upTo: end, next: end + 1)
    }

    /// The bytes that ended the line that `next()` gave last, until more are appended.
    public var ending: [UInt8] { Array(buffer[lineEnd..<start]) }

    private mutating func findEnd() -> Int? {
        let found = buffer.withUnsafeBufferPointer { bytes -> Int? in
            var index = searched
            while index < bytes.count {
                if bytes[index] == 0x0a { return index }
                index += 1
            }
            return nil
        }
        searched = found ?? buffer.count
        return found
    }

    /// Drops the line that ends there; without an end also what is still to come of it.
    private mutating func skip(upTo end: Int?) {
        if let end {
            start = end + 1
        } else {
            buffer = []
            start = 0
            isSkipping = true
        }
        (searched, lineEnd) = (start, start)
        lineNumber += 1
    }

    private mutating func take(upTo end: Int, next: Int) -> [UInt8] {
        var last = end
        if !keepsCarriageReturns, last > start, buffer[last - 1] == 0x0d { last -= 1 }
        let line = Array(buffer[start..<last])
        lineEnd = last
        start = next
        searched = next
        lineNumber += 1
        return line
    }
}
