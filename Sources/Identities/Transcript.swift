internal import Wire

/// What a signature, a key or a hash is bound to, as bytes that can be read in one way only: a
/// list of fields, each behind its length in 4 bytes, the first one a name for what is meant.
///
/// JSON is never signed or hashed: two readers may differ about what a text says, but not about
/// this.
public struct Transcript: Sendable {
    public private(set) var bytes: [UInt8] = []

    /// - Parameter domain: says what the bytes are for, so that one kind is never taken for another.
    public init(_ domain: StaticString, reserving count: Int = 256) {
        bytes.reserveCapacity(count)
        integer(UInt32(truncatingIfNeeded: domain.utf8CodeUnitCount))
        unsafe bytes.append(
            contentsOf: UnsafeBufferPointer(
                start: domain.utf8Start, count: domain.utf8CodeUnitCount))
    }

    /// - Precondition: the field is shorter than 4 GiB.
    public mutating func append(_ field: [UInt8]) {
        integer(UInt32(field.count))
        bytes.append(contentsOf: field)
    }

    public mutating func append(_ field: String) { append(Array(field.utf8)) }

    /// A number, as a field of 8 bytes, the highest first.
    public mutating func append(_ number: UInt64) {
        integer(UInt32(8))
        integer(number)
    }

    private mutating func integer<T: FixedWidthInteger & UnsignedInteger>(_ value: T) {
        for shift in stride(from: T.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
