/// What one kind of line says: `Origin`, `RTPMap`, `Candidate`, …
///
/// A value is read from a line when it is asked for, and written into its own line when it is set.
public protocol LineValue: Equatable, Sendable {
    static var form: LineForm { get }
    init(_ reader: inout ValueReader) throws(SDPError)
    func write(to writer: inout ValueWriter)
}

/// Which lines hold a value: those of one type, or the attributes of one name.
public enum LineForm: Hashable, Sendable {
    case line(LineType)
    /// The name, as after `a=`; the case of its letters counts (RFC 8866 section 5).
    case attribute(String)

    /// What stands before the value: `o=`, `a=rtpmap:`.
    @usableFromInline var prefix: String {
        switch self {
        case .line(let type): type.text + "="
        case .attribute(let name): "a=" + name + ":"
        }
    }

    /// In bytes.
    @usableFromInline var prefixCount: Int {
        if case .attribute(let name) = self { name.utf8.count &+ 3 } else { 2 }
    }
}

extension LineValue {
    /// What a line of the value's form says; the place is taken and not the line, whose copy costs
    /// as much as a short value.
    @inlinable init(_ lines: Span<Line>, at place: Int) throws(SDPError) {
        var reader = ValueReader(lines, at: place, skipping: Self.form.prefixCount)
        try self.init(whole: &reader)
    }

    @inlinable init(whole reader: inout ValueReader) throws(SDPError) {
        try self.init(&reader)
        try reader.expectEnd()
    }

    /// The whole line as it is written, without its ending.
    var encodedLine: [UInt8] {
        var writer = ValueWriter()
        writer.text(Self.form.prefix)
        write(to: &writer)
        return writer.bytes
    }

    /// The value as text: what follows `o=` or `a=rtpmap:`.
    public var text: String {
        var writer = ValueWriter()
        write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension Line {
    /// A line of this value.
    public init(_ value: some LineValue, ending: LineEnding = .crlf) {
        self.init(content: value.encodedLine, ending: ending)
    }

    /// Whether the line is of this form, whatever its value.
    public func matches(_ form: LineForm) -> Bool {
        switch form {
        case .line(let type): self.type == type
        case .attribute(let name): isAttribute(name)
        }
    }

    /// What the line says.
    ///
    /// - Throws: `wrongLine` where it is another line, else what is wrong with its fields.
    @inlinable public func value<Value: LineValue>(as type: Value.Type = Value.self)
        throws(SDPError) -> Value
    {
        guard matches(Value.form) else {
            throw .wrongLine(expected: Value.form.prefix, at: position())
        }
        var reader = ValueReader(self, skipping: Value.form.prefixCount)
        return try Value(whole: &reader)
    }

    /// Makes the line say `value`; its bytes stay as they are where they say it already.
    public mutating func set<Value: LineValue>(_ value: Value) {
        if let old = try? self.value(as: Value.self), old == value { return }
        self = replacingContent(value.encodedLine)
    }
}
