import SDP

/// The lines of one section by the name of their attribute, found in one pass.
struct AttributeTable: Sendable {
    private var linesByName: [String: [Line]] = [:]
    private(set) var directions: [(line: Line, direction: Direction)] = []

    init(_ section: some Section) {
        for line in section.lines {
            guard let name = line.attributeName, !name.isEmpty else { continue }
            linesByName[String(decoding: name, as: UTF8.self), default: []].append(line)
            if let direction = line.direction { directions.append((line, direction)) }
        }
    }

    var names: Dictionary<String, [Line]>.Keys { linesByName.keys }

    func lines(_ name: String) -> [Line] { linesByName[name] ?? [] }
    func has(_ name: String) -> Bool { linesByName[name] != nil }

    /// The values of the attribute with this name; empty for one without a value.
    func texts(_ name: String) -> [(line: Line, text: String)] {
        lines(name).map { ($0, $0.attributeText ?? "") }
    }

    func text(_ name: String) -> String? { lines(name).first?.attributeText }

    /// The values of an attribute's type, of lines that say it without a fault.
    func values<Value: LineValue>(_ type: Value.Type = Value.self) -> [(line: Line, value: Value)] {
        guard case .attribute(let name) = Value.form else { return [] }
        return lines(name).compactMap { line in
            (try? line.value(as: type)).map { (line, $0) }
        }
    }

    func first<Value: LineValue>(_ type: Value.Type = Value.self) -> Value? {
        guard case .attribute(let name) = Value.form else { return nil }
        for line in lines(name) { if let value = try? line.value(as: type) { return value } }
        return nil
    }
}
