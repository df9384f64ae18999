internal import JSON

extension String {
    /// The text that the bytes are; nil where they are not UTF-8.
    ///
    /// Quicker by half than `String(validating:as:)`, which looks types up at run time.
    init?(utf8 bytes: ArraySlice<UInt8>) {
        guard JSONScanner.isUTF8(bytes) else { return nil }
        self = unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
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
