/// Cuts a text into its lines, each with its ending, in one pass.
///
/// LF, CRLF and CR end a line, and so do CRs before an LF, which gateways make of CRLF. RFC 8866
/// section 9 allows neither CR nor LF inside a line.
struct LineSplitter {
    /// More CRs in a row are lines of their own; so a run of them is looked at once.
    static let maximumReturns = 8

    private let text: [UInt8]
    private var at = 0
    private var number = 0

    init(_ text: [UInt8]) { self.text = text }

    mutating func next() -> Line? {
        guard at < text.count else { return nil }
        let start = at
        let (end, isASCII) = content(from: start)
        let count = endingCount(at: end)
        at = end &+ count
        number &+= 1
        return Line(
            text, start..<end, endingCount: UInt8(truncatingIfNeeded: count), isASCII: isASCII,
            number: number)
    }

    private func endingCount(at end: Int) -> Int {
        var after = end
        while after < text.count, text[after] == 0x0d, after &- end < Self.maximumReturns {
            after &+= 1
        }
        if after < text.count, text[after] == 0x0a { return after &- end &+ 1 }
        return after > end ? 1 : 0
    }

    /// The index of the first CR or LF, found eight bytes at a step, and whether all before it is
    /// ASCII.
    private func content(from start: Int) -> (end: Int, isASCII: Bool) {
        unsafe text.withUnsafeBytes { bytes in
            var at = start
            var seen: UInt64 = 0
            while at &+ 8 <= bytes.count {
                let loaded = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                let word = UInt64(littleEndian: loaded)
                let found = lineBreaks(word)
                if found != 0 {
                    let before = (found & (0 &- found)) &- 1
                    return (at &+ found.trailingZeroBitCount / 8, isASCII(seen | word & before))
                }
                seen |= word
                at &+= 8
            }
            while at < bytes.count, unsafe bytes[at] != 0x0a, unsafe bytes[at] != 0x0d {
                seen |= UInt64(unsafe bytes[at])
                at &+= 1
            }
            return (at, isASCII(seen))
        }
    }
}

private let eachByte: UInt64 = 0x0101_0101_0101_0101

/// The high bit of each byte that is CR or LF; a borrow may mark more, but none below the first.
@inline(__always) private func lineBreaks(_ word: UInt64) -> UInt64 {
    let lineFeed = word ^ (0x0a &* eachByte)
    let carriageReturn = word ^ (0x0d &* eachByte)
    return
        ((lineFeed &- eachByte) & ~lineFeed | (carriageReturn &- eachByte) & ~carriageReturn)
        & (0x80 &* eachByte)
}

@inline(__always) private func isASCII(_ bytes: UInt64) -> Bool { bytes & (0x80 &* eachByte) == 0 }
