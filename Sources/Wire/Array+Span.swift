extension [UInt8] {
    /// Appends bytes that are lent; a slice, which has an owner, would be counted up and down.
    @inlinable
    public mutating func append(contentsOf bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// The same of an array, to which `append(contentsOf:)` would become another owner.
    @inlinable
    public mutating func append(lent bytes: [UInt8]) { append(contentsOf: bytes.span) }

    /// Appends what stands at these indices of a slice.
    @inlinable
    public mutating func append(contentsOf range: Range<Int>, of slice: ArraySlice<UInt8>) {
        let start = slice.startIndex
        append(
            contentsOf: slice.span.extracting(
                range.lowerBound &- start..<range.upperBound &- start))
    }
}

extension OutputSpan<UInt8> {
    /// Appends bytes that are lent.
    ///
    /// - Precondition: there is room for them.
    @inlinable
    public mutating func append(contentsOf bytes: Span<UInt8>) {
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                _ = unsafe buffer.extracting(count...).update(fromContentsOf: bytes)
            }
            count &+= bytes.count
        }
    }
}
