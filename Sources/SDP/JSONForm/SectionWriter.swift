internal import JSON
internal import Wire

/// Gathers the lines of one section into the members of the JSON form, in one pass.
struct SectionWriter {
    private let ending: LineEnding
    /// What each member of `MemberForm.all` holds so far.
    private var members: [FieldWriter?]
    private var attributes = ElementList()
    private var otherLines = ElementList()
    /// Where bare values stand.
    private var places = ElementList()

    init(ending: LineEnding) {
        self.ending = ending
        members = Array(repeating: nil, count: MemberForm.all.count)
    }

    /// - Parameter number: the line's place in the description, from 1.
    mutating func add(_ line: Line, number: Int) {
        let place = Place(line: line, number: number, ending: ending)
        if let index = MemberForm.index(of: line), add(line, place, at: index) { return }
        if let attribute = line.attribute {
            attributes.add { writer in
                writer.number("line", place.number)
                writer.text("name", attribute.name)
                writer.text("value", attribute.value)
                place.write(to: &writer, raw: nil)
            }
        } else {
            otherLines.add { writer in
                writer.number("line", place.number)
                place.write(to: &writer, raw: line.content)
            }
        }
    }

    private mutating func add(_ line: Line, _ place: Place, at index: Int) -> Bool {
        let form = MemberForm.all[index]
        switch form.shape {
        case .one(let type):
            return members[index] == nil && addObject(type, line, place, at: index)
        case .many(let type): return addObject(type, line, place, at: index)
        default:
            guard members[index] == nil, let value = form.bareValue(of: line) else { return false }
            var writer = FieldWriter(json: JSONWriter(reserving: 16))
            writer.json.value(value)
            members[index] = writer
            let content = try? form.content(of: value, path: "")
            let isCanonical = content.map { $0[...] == line.content } ?? false
            places.addMember(form.name, place, raw: isCanonical ? nil : line.content)
            return true
        }
    }

    private mutating func addObject<Value: JSONFields>(
        _ type: Value.Type, _ line: Line, _ place: Place, at index: Int
    ) -> Bool {
        guard let value = try? line.value(as: type) else { return false }
        var writer = members[index] ?? FieldWriter(json: JSONWriter(reserving: 64))
        members[index] = nil
        let isList = if case .many = MemberForm.all[index].shape { true } else { false }
        if isList, writer.json.bytes.isEmpty { writer.json.beginArray() }
        writer.object { writer in
            writer.number("line", place.number)
            value.write(to: &writer)
            let isCanonical = value.isOrderSafe && value.encodedLine[...] == line.content
            place.write(to: &writer, raw: isCanonical ? nil : line.content)
        }
        members[index] = writer
        return true
    }

    /// Writes the members into an object that is open.
    mutating func finish(into json: inout JSONWriter) {
        for (form, member) in zip(MemberForm.all, members) {
            guard var member else { continue }
            if case .many = form.shape { member.json.endArray() }
            json.name(form.name)
            json.raw(member.json.bytes)
        }
        attributes.finish("attributes", isArray: true, into: &json)
        otherLines.finish("otherLines", isArray: true, into: &json)
        places.finish("lines", isArray: false, into: &json)
    }

    /// The m= line's fields, which are members of the media description itself.
    static func writeMedia(_ line: Line, into json: inout JSONWriter) -> Bool {
        guard let media = try? line.value(as: MediaLine.self) else { return false }
        var writer = FieldWriter(json: json)
        media.write(to: &writer)
        json = writer.json
        return true
    }

    mutating func addPlaceOfMedia(_ line: Line, number: Int) {
        let isCanonical =
            (try? line.value(as: MediaLine.self)).map { $0.encodedLine[...] == line.content }
        places.addMember(
            "media", Place(line: line, number: number, ending: ending),
            raw: isCanonical ?? false ? nil : line.content)
    }
}

/// Where a line stands, and what it needs beside its fields to be written as it was.
struct Place {
    let number: Int
    /// The ending, where it is not that of the description.
    let ending: LineEnding?

    init(line: Line, number: Int, ending: LineEnding) {
        self.number = number
        let own = line.ending
        self.ending = own == ending ? nil : own
    }

    /// - Parameter raw: the content, where the fields would be written in another way.
    func write(to fields: inout FieldWriter, raw: ArraySlice<UInt8>?) {
        if let raw {
            if let text = String(utf8: raw) {
                fields.text("raw", text)
            } else {
                fields.text("base64", Base64.standard.encode(raw))
            }
        }
        fields.text("ending", ending?.text)
    }

    /// A number alone where nothing else is needed.
    fileprivate func writeMember(to fields: inout FieldWriter, raw: ArraySlice<UInt8>?) {
        if raw == nil, ending == nil { return fields.json.integer(number) }
        fields.object { fields in
            fields.number("line", number)
            write(to: &fields, raw: raw)
        }
    }
}

/// The inside of an array or object that grows while others do.
private struct ElementList {
    private var writer: FieldWriter?

    mutating func add(_ write: (inout FieldWriter) -> Void) {
        var list = writer ?? Self.open(isArray: true)
        writer = nil
        list.object(nil, write)
        writer = list
    }

    mutating func addMember(_ name: String, _ place: Place, raw: ArraySlice<UInt8>?) {
        var list = writer ?? Self.open(isArray: false)
        writer = nil
        list.json.name(name)
        place.writeMember(to: &list, raw: raw)
        writer = list
    }

    private static func open(isArray: Bool) -> FieldWriter {
        var writer = FieldWriter(json: JSONWriter(reserving: 64))
        if isArray { writer.json.beginArray() } else { writer.json.beginObject() }
        return writer
    }

    func finish(_ name: String, isArray: Bool, into json: inout JSONWriter) {
        guard var writer else { return }
        if isArray { writer.json.endArray() } else { writer.json.endObject() }
        json.name(name)
        json.raw(writer.json.bytes)
    }
}
