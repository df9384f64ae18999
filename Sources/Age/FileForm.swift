/// The two forms of an age file.
public enum FileForm: Equatable, Sendable {
    case binary
    case armored
}

/// Gives the binary form of a file in either form.
public struct FormReader {
    /// Which form it is; nil until a byte has told.
    public private(set) var form: FileForm?
    private var armor = ArmorReader()
    private var leadingSpace = 0

    /// - Parameter form: nil finds out: no binary file begins with white space or a hyphen.
    public init(_ form: FileForm? = nil) { self.form = form }

    /// Appends the binary form of `bytes`.
    public mutating func receive(
        _ bytes: ArraySlice<UInt8>, into binary: inout [UInt8]
    ) throws(AgeError) {
        if form == nil {
            // Space is handed to the armor reader, which counts it; binary files have none.
            guard let first = bytes.first(where: { !Armor.isSpace($0) }) else {
                leadingSpace += bytes.count
                return try armor.receive(bytes, into: &binary)
            }
            form = first == UInt8(ascii: "-") ? .armored : .binary
        }
        if form == .armored {
            try armor.receive(bytes, into: &binary)
        } else {
            guard leadingSpace == 0 else { throw .header(.notAge(nil)) }
            binary += bytes
        }
    }

    /// Call at the end of the file.
    public mutating func finish() throws(AgeError) {
        if form == .armored { try armor.finish() }
    }
}
