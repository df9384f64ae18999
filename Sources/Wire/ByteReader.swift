/// Takes big-endian fields off the front of a byte string, and cannot read past its end.
///
/// A read that fails takes nothing, so the caller may try again when more bytes have come.
public struct ByteReader {
    private var remaining: ArraySlice<UInt8>

    public init(_ bytes: ArraySlice<UInt8>) { remaining = bytes }

    public var count: Int { remaining.count }

    public mutating func bytes(_ count: Int) throws(WireError) -> ArraySlice<UInt8> {
        guard count <= remaining.count else { throw .truncated }
        defer { remaining = remaining.dropFirst(count) }
        return remaining.prefix(count)
    }

    public mutating func integer<T: FixedWidthInteger & UnsignedInteger>(
        _: T.Type = T.self
    ) throws(WireError) -> T {
        try bytes(T.bitWidth / 8).reduce(0) { $0 << 8 | T($1) }
    }

    /// Call last: bytes that nobody asked for mean the message is not what we took it for.
    public func expectEnd() throws(WireError) {
        guard remaining.isEmpty else { throw .trailingBytes(remaining.count) }
    }
}

extension ByteReader {
    /// Everything not read yet.
    public mutating func rest() -> ArraySlice<UInt8> {
        defer { remaining = [] }
        return remaining
    }
}
