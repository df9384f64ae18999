internal import JSON
internal import Wire

/// Turns the members of one section of the JSON form back into lines.
struct SectionReader {
    let path: String
    let ending: LineEnding
    let isMedia: Bool
    private var places: [String: JSON] = [:]
    private var lines = LineOrder()
    /// The members of the m= line.
    private var mediaMembers: [JSON.Member] = []

    init(path: String, ending: LineEnding, isMedia: Bool) {
        self.path = path
        self.ending = ending
        self.isMedia = isMedia
    }

    mutating func lines(_ members: [JSON.Member]) throws(SDPError) -> [Line] {
        let all = members.filter { $0.value != .null }
        if let places = all.first(where: { $0.name == "lines" })?.value { try readPlaces(places) }
        for member in all where member.name != "lines" { try read(member) }
        if !mediaMembers.isEmpty { try readMediaLine() }
        return lines.sorted(isMedia: isMedia)
    }

    private mutating func readPlaces(_ json: JSON) throws(SDPError) {
        guard let members = json.members else {
            throw .badMember(path: path + ".lines", expected: "an object")
        }
        places = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    }

    private mutating func read(_ member: JSON.Member) throws(SDPError) {
        let path = "\(path).\(member.name)"
        if let index = MemberForm.indexByName[member.name] {
            return try read(member.value, as: MemberForm.all[index], path: path)
        }
        switch member.name {
        case "attributes":
            lines.add(try list(member.value, path: path, attribute), of: .attribute)
        case "otherLines": lines.add(try list(member.value, path: path, otherLine), of: nil)
        case _ where isMedia && MediaLine.memberNames.contains(member.name):
            mediaMembers.append(member)
        default: throw .unknownMember(path: path)
        }
    }

    private mutating func read(
        _ json: JSON, as form: MemberForm, path: String
    ) throws(SDPError) {
        let type: LineType = if case .line(let type) = form.form { type } else { .attribute }
        switch form.shape {
        case .many(let value):
            let placed = try list(json, path: path) { json, path throws(SDPError) in
                try element(value, json, path: path)
            }
            lines.add(placed, of: type)
        case .one(let value):
            lines.add([try element(value, json, path: path)], of: type)
        case .flag where json == .bool(false): break
        default: lines.add([try bareLine(json, as: form, path: path)], of: type)
        }
    }

    private func list(
        _ json: JSON, path: String, _ read: (JSON, String) throws(SDPError) -> PlacedLine
    ) throws(SDPError) -> [PlacedLine] {
        guard let array = json.array else { throw .badMember(path: path, expected: "an array") }
        var placed: [PlacedLine] = []
        placed.reserveCapacity(array.count)
        for (index, json) in array.enumerated() where json != .null {
            placed.append(try read(json, "\(path)[\(index)]"))
        }
        return placed
    }

    /// An object with the fields of a value.
    private func element<Value: JSONFields>(
        _ type: Value.Type, _ json: JSON, path: String
    ) throws(SDPError) -> PlacedLine {
        let (place, value) = try placed(json, path: path) { fields throws(SDPError) in
            try Value(fields: &fields)
        }
        return try place.line(saying: value, path: path)
    }

    private func attribute(_ json: JSON, path: String) throws(SDPError) -> PlacedLine {
        let (place, attribute) = try placed(json, path: path) { fields throws(SDPError) in
            Attribute(try fields.text("name"), try fields.optionalText("value"))
        }
        let line = try place.line(content: attribute.encodedLine, path: path)
        guard line.line.attribute == attribute else { throw .cannotBeWritten(path: path) }
        return line
    }

    private func otherLine(_ json: JSON, path: String) throws(SDPError) -> PlacedLine {
        let place = try placed(json, path: path) { _ in }.place
        guard let line = try place.line(path: path, where: { _ in true }) else {
            throw .badMember(path: path + ".raw", expected: "a string")
        }
        return line
    }

    private func bareLine(
        _ json: JSON, as form: MemberForm, path: String
    ) throws(SDPError) -> PlacedLine {
        let content = try form.content(of: json, path: path)
        let place = try place(of: form.name)
        let canonical = try place.line(content: content, path: path)
        let value = form.bareValue(of: canonical.line)
        // A value that reads as another one would not come back: a space at its end, a line break.
        guard let value, canonical.line.matchesShape(of: form) else {
            throw .badMember(path: path, expected: "of the kind that this attribute has")
        }
        return try place.line(path: path) { line in
            guard let old = form.bareValue(of: line), old == value else { return false }
            return (try? form.content(of: old, path: path)) == content
        } ?? canonical
    }

    private func place(of name: String) throws(SDPError) -> PlaceReader {
        let path = "\(path).lines.\(name)"
        switch places[name] {
        case nil, .null: return PlaceReader(ending: ending)
        case .number(let text): return PlaceReader(ending: ending, number: Int(text))
        case let json?: return try placed(json, path: path) { _ in }.place
        }
    }

    /// An object that tells of a line's place beside what `read` asks for.
    private func placed<Value>(
        _ json: JSON, path: String, _ read: (inout FieldReader) throws(SDPError) -> Value
    ) throws(SDPError) -> (place: PlaceReader, value: Value) {
        try FieldReader.value(of: json, path: path) { fields throws(SDPError) in
            (try PlaceReader(&fields, ending: ending), try read(&fields))
        }
    }

    private mutating func readMediaLine() throws(SDPError) {
        var fields = try FieldReader(.object(mediaMembers), path: path)
        let media = try MediaLine(fields: &fields)
        lines.add([try place(of: "media").line(saying: media, path: path)], of: .media)
    }
}

extension Line {
    fileprivate func matchesShape(of form: MemberForm) -> Bool {
        MemberForm.index(of: self).map { MemberForm.all[$0].name == form.name } ?? false
    }
}
