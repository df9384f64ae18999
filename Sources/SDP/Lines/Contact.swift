/// `e=`: whom to write to (RFC 8866 section 5.6), as it stands.
public struct EmailAddress: LineValue {
    public static let form = LineForm.line(.email)

    public var value: String

    public init(_ value: String) { self.value = value }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        value = try reader.rest("email address")
    }

    public func write(to writer: inout ValueWriter) { writer.text(value) }
}

/// `p=`: whom to call (RFC 8866 section 5.6), as it stands.
public struct PhoneNumber: LineValue {
    public static let form = LineForm.line(.phone)

    public var value: String

    public init(_ value: String) { self.value = value }

    public init(_ reader: inout ValueReader) throws(SDPError) {
        value = try reader.rest("phone number")
    }

    public func write(to writer: inout ValueWriter) { writer.text(value) }
}

extension ValueReader {
    fileprivate mutating func rest(_ field: String) throws(SDPError) -> String {
        let start = position
        guard let text = try rest() else { throw .missingField(field, at: start) }
        return text
    }
}
