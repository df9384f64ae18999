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

    /// The lines of this form, in order, found as they are asked for.
    public func lines(of form: LineForm) -> LinesOfForm { LinesOfForm(lines, form) }

    public func has(_ form: LineForm) -> Bool {
        var found = lines(of: form)
        return found.next() != nil
    }

    /// The first value of this type that its line says without a fault.
    @inlinable public func first<Value: LineValue>(_ type: Value.Type = Value.self) -> Value? {
        let all = lines
        var search = FormSearch(Value.form)
        while let place = search.next(in: all.span) {
            if let value = try? Value(all.span, at: place) { return value }
        }
        return nil
    }

    /// The values of this type, in order.
    @inlinable public func all<Value: LineValue>(_ type: Value.Type = Value.self) -> [Value] {
        var values: [Value] = []
        each(type) { value in
            if values.isEmpty { values.reserveCapacity(4) }
            values.append(value)
        }
        return values
    }

    /// Hands over the values of this type, in order, and keeps none.
    @inlinable @inline(__always) func each<Value: LineValue>(
        _ type: Value.Type, _ take: (consuming Value) -> Void
    ) {
        let all = lines
        var search = FormSearch(Value.form)
        while let place = search.next(in: all.span) {
            if let value = try? Value(all.span, at: place) { take(value) }
        }
    }

    /// The same with their lines, whose `number` says where they stood.
    @inlinable public func allWithLines<Value: LineValue>(
        _ type: Value.Type = Value.self
    ) -> [(line: Line, value: Value)] {
        lines(of: Value.form).compactMap { line in
            (try? line.value(as: type)).map { (line, $0) }
        }
    }

    /// What is wrong with lines of this type.
    @inlinable public func faults<Value: LineValue>(_ type: Value.Type = Value.self) -> [SDPError] {
        lines(of: Value.form).compactMap { line in
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

/// The lines of one form among others, in order.
public struct LinesOfForm: Sequence, IteratorProtocol, Sendable {
    private let all: [Line]
    private var search: FormSearch

    init(_ all: [Line], _ form: LineForm) {
        self.all = all
        search = FormSearch(form)
    }

    public mutating func next() -> Line? {
        let all = all
        return search.next(in: all.span).map { all[$0] }
    }
}

/// Looks for the lines of one form, from the first on.
@usableFromInline struct FormSearch: Sendable {
    private let form: LineForm
    private let key: LineKey
    private let isExact: Bool
    private var at = 0

    @usableFromInline init(_ form: LineForm) {
        self.form = form
        key = LineKey(form)
        isExact = LineKey.isExact(form)
    }

    /// Where the next one is.
    @usableFromInline mutating func next(in lines: Span<Line>) -> Int? {
        var place = at
        if isExact {
            while place < lines.count, lines[place].key != key { place &+= 1 }
        } else {
            while place < lines.count {
                let line = lines[place]
                if line.matches(form) { break }
                place &+= 1
            }
        }
        at = place &+ 1
        return place < lines.count ? place : nil
    }
}
