internal import JSON

extension String {
    /// The text that the bytes are; nil where they are not UTF-8.
    ///
    /// Quicker by half than `String(validating:as:)`, which looks types up at run time.
    init?(utf8 bytes: ArraySlice<UInt8>) {
        guard JSONScanner.isUTF8(bytes) else { return nil }
        self = unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// The text that the bytes are, all of which are known to be below 128.
    init(ascii bytes: Span<UInt8>) {
        self.init(copying: unsafe UTF8Span(unchecked: bytes, isKnownASCII: true))
    }
}

extension Line {
    /// A part of the line as text; nil where it is not UTF-8.
    func text(of part: ArraySlice<UInt8>) -> String? {
        isASCII ? String(ascii: part.span) : String(utf8: part)
    }

    var valueText: String? { text(of: value) }
}

extension ArraySlice<UInt8> {
    /// Without spaces and tabs at both ends.
    var trimmed: ArraySlice<UInt8> {
        var (start, end) = (startIndex, endIndex)
        while start < end, self[start] == 0x20 || self[start] == 0x09 { start &+= 1 }
        while start < end, self[end &- 1] == 0x20 || self[end &- 1] == 0x09 { end &-= 1 }
        return self[start..<end]
    }
}

extension BidirectionalCollection<UInt8> {
    /// Without spaces, tabs, CR and LF at both ends.
    var trimmingWhiteSpace: SubSequence {
        let isSpace = { (byte: UInt8) in
            byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
        }
        guard let first = firstIndex(where: { !isSpace($0) }),
            let last = lastIndex(where: { !isSpace($0) })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
