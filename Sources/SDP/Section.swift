/// A part of a description that has lines of its own: the session, or one media description.
///
/// Values are asked for by their type: `section.first(Connection.self)`, `section.all(Candidate.self)`.
/// A line whose fields are wrong gives no value here, and stays; `line.value(as:)` says what is
/// wrong. Asking goes through the lines once, so who asks for each of many asks for all at once.
public protocol Section {
    var lines: [Line] { get set }
}

extension Section {
    /// What ends most lines: what ends the first, or CRLF where nothing does.
    public var lineEnding: LineEnding {
        guard let first = lines.first, first.hasEnding else { return .crlf }
        return first.ending
    }

    /// The lines of this form, in order, with their places in `lines`.
    public func indices(of form: LineForm) -> [Int] {
        lines.indices.filter { lines[$0].matches(form) }
    }

    @inlinable public func has(_ form: LineForm) -> Bool { lines.contains { $0.matches(form) } }

    /// The first value of this type that its line says without a fault.
    @inlinable public func first<Value: LineValue>(_ type: Value.Type = Value.self) -> Value? {
        for line in lines where line.matches(Value.form) {
            if let value = try? line.value(as: type) { return value }
        }
        return nil
    }

    /// The values of this type, in order.
    @inlinable public func all<Value: LineValue>(_ type: Value.Type = Value.self) -> [Value] {
        let form = Value.form
        return lines.compactMap { $0.matches(form) ? try? $0.value(as: type) : nil }
    }

    /// The same with their lines, whose `number` says where they stood.
    @inlinable public func allWithLines<Value: LineValue>(
        _ type: Value.Type = Value.self
    ) -> [(line: Line, value: Value)] {
        let form = Value.form
        return lines.compactMap { line in
            guard line.matches(form), let value = try? line.value(as: type) else { return nil }
            return (line, value)
        }
    }

    /// What is wrong with lines of this type.
    @inlinable public func faults<Value: LineValue>(_ type: Value.Type = Value.self) -> [SDPError] {
        let form = Value.form
        return lines.compactMap { line in
            guard line.matches(form) else { return nil }
            do throws(SDPError) {
                _ = try line.value(as: type)
                return nil
            } catch {
                return error
            }
        }
    }

    /// Makes the first line of this type say `value`, and makes one where there is none; nil takes
    /// every line of the type away.
    public mutating func set<Value: LineValue>(_ value: Value?, as type: Value.Type = Value.self) {
        guard let value else { return remove(Value.form) }
        if let index = lines.firstIndex(where: { $0.matches(Value.form) }) {
            lines[index].set(value)
        } else {
            append(value)
        }
    }

    /// Adds a line behind the last of its form, or where RFC 8866 section 5 has lines of its type.
    public mutating func append<Value: LineValue>(_ value: Value) {
        insert(Line(value, ending: lineEnding), as: Value.form)
    }

    public mutating func append(_ attribute: Attribute) {
        insert(Line(attribute, ending: lineEnding), as: .attribute(attribute.name))
    }

    /// Puts these values in the place of all values of this type. Lines that say the same as before
    /// are not touched; what is new comes behind the last of them.
    public mutating func setAll<Value: LineValue>(_ values: [Value]) {
        let places = indices(of: Value.form)
        for (place, value) in zip(places, values) { lines[place].set(value) }
        let isLeft = Set(places.dropFirst(values.count))
        if !isLeft.isEmpty {
            lines = lines.indices.filter { !isLeft.contains($0) }.map { lines[$0] }
        }
        guard values.count > places.count else { return }
        let new = values.dropFirst(places.count).map { Line($0, ending: lineEnding) }
        lines.insert(contentsOf: new, at: place(for: Value.form))
    }

    public mutating func remove(_ form: LineForm) { lines.removeAll { $0.matches(form) } }

    mutating func insert(_ line: Line, as form: LineForm) {
        lines.insert(line, at: place(for: form))
    }

    private func place(for form: LineForm) -> Int {
        if let last = lines.lastIndex(where: { $0.matches(form) }) { return last &+ 1 }
        let rank =
            switch form {
            case .line(let type): type.rank
            case .attribute: LineType.attribute.rank
            }
        let before = lines.lastIndex { line in
            guard let type = line.type, type.isKnown else { return false }
            return type.rank <= rank
        }
        return before.map { $0 &+ 1 } ?? 0
    }
}

extension LineType {
    /// The place of the type among those of RFC 8866 section 5; the same for t=, r= and z=, which
    /// come in turns.
    var rank: Int {
        switch self {
        case .repeatTimes, .timeZones: LineType.timing.rank
        default: Self.known.firstIndex(of: self) ?? Self.known.count
        }
    }
}
