/// An attribute (RFC 8866 section 5.13) as it stands: its name and its value, known or not.
public struct Attribute: Equatable, Sendable {
    public var name: String
    /// What follows the colon; nil where there is none.
    public var value: String?

    public init(_ name: String, _ value: String? = nil) {
        self.name = name
        self.value = value
    }

    /// The line, without its ending.
    public var encodedLine: [UInt8] {
        Array("a=\(name)".utf8) + (value.map { Array(":\($0)".utf8) } ?? [])
    }
}

extension Attribute {
    /// The names of attributes that have no value (RFC 8866 section 5.13).
    public static let properties: Set<String> = [
        "sendrecv", "sendonly", "recvonly", "inactive", "rtcp-mux", "rtcp-mux-only", "rtcp-rsize",
        "ice-lite", "ice-mismatch", "end-of-candidates", "bundle-only", "extmap-allow-mixed",
    ]
}

extension Line {
    public init(_ attribute: Attribute, ending: LineEnding = .crlf) {
        self.init(content: attribute.encodedLine, ending: ending)
    }

    /// The bytes of the attribute's name; nil where the line is no attribute.
    public var attributeName: ArraySlice<UInt8>? {
        type == .attribute ? value.prefix { $0 != 0x3a } : nil
    }

    /// The bytes after the attribute's colon; nil where there is none.
    public var attributeValue: ArraySlice<UInt8>? {
        guard let name = attributeName, name.endIndex < content.endIndex else { return nil }
        return content[(name.endIndex &+ 1)...]
    }

    /// What is wrong with a property attribute, such as `a=rtcp-mux`, that has a value, so that it
    /// does not count as the property; nil for other attributes.
    public var propertyFault: SDPError? {
        guard let value = attributeValue, let name = attributeName,
            Attribute.properties.contains(String(decoding: name, as: UTF8.self))
        else { return nil }
        return .unexpectedText(
            String(decoding: value.prefix(40), as: UTF8.self),
            at: position(column: 3 &+ name.count))
    }

    /// The line as an attribute; nil where it is none, has no name, or is not UTF-8.
    public var attribute: Attribute? {
        guard let name = attributeName, !name.isEmpty,
            let name = text(of: name)
        else { return nil }
        guard let value = attributeValue else { return Attribute(name) }
        return text(of: value).map { Attribute(name, $0) }
    }

    /// Why the line is not `<type>=<value>` of a letter of RFC 8866; nil where it is.
    public var syntaxError: SDPError? {
        guard let type else {
            return .notALine(
                at: position(
                    column: count > 1 && LineType(letter: content[content.startIndex]) != nil
                        ? 2 : 1))
        }
        if !type.isKnown { return .notALine(at: position()) }
        if let bad = content.firstIndex(of: 0) {
            return .badField(
                "value", text: "\0", at: position(column: bad &- content.startIndex &+ 1))
        }
        return nil
    }
}
