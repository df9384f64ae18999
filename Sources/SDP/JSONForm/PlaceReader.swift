internal import JSON
internal import Wire

/// A line and where it stood; nil for one that stood nowhere.
struct PlacedLine {
    var line: Line
    var number: Int?
}

/// What an element of the JSON form says of its line beside the fields.
struct PlaceReader {
    private let number: Int?
    private let raw: [UInt8]?
    private let ending: LineEnding

    init(ending: LineEnding, number: Int? = nil, raw: [UInt8]? = nil) {
        self.ending = ending
        self.number = number
        self.raw = raw
    }

    init(_ fields: inout FieldReader, ending: LineEnding) throws(SDPError) {
        number = try fields.optionalNumber("line")
        if let text = try fields.optionalText("base64") {
            guard let bytes = Base64.standard.decode(text) else {
                throw .badMember(path: fields.path("base64"), expected: "Base64")
            }
            raw = bytes
            fields.ignore("raw")
        } else {
            raw = try fields.optionalText("raw").map { Array($0.utf8) }
        }
        guard let text = try fields.optionalText("ending") else {
            self.ending = ending
            return
        }
        guard let own = LineEnding(text: text) else {
            throw .badMember(path: fields.path("ending"), expected: "a line ending")
        }
        self.ending = own
    }

    /// The line as it was, if it is there and still right.
    func line(path: String, where isRight: (Line) -> Bool) throws(SDPError) -> PlacedLine? {
        guard let raw else { return nil }
        let placed = try line(content: raw, path: path)
        return isRight(placed.line) ? placed : nil
    }

    /// The line as it was if it says `value`, else as the value's fields are written, if they come
    /// back from that.
    func line<Value: LineValue>(
        saying value: Value, path: String
    ) throws(SDPError) -> PlacedLine {
        let old = try line(path: path) { line in
            guard let old = try? line.value(as: Value.self), old == value else { return false }
            // Strings are equal to Swift where they differ only in how letters are composed, and
            // parameters are equal in any order: equal values of other bytes were changed.
            return old.encodedLine.sorted() == value.encodedLine.sorted()
        }
        if let old { return old }
        let placed = try line(content: value.encodedLine, path: path)
        guard (try? placed.line.value(as: Value.self)) == value else {
            throw .cannotBeWritten(path: path)
        }
        return placed
    }

    func line(content: [UInt8], path: String) throws(SDPError) -> PlacedLine {
        guard !content.contains(where: { $0 == 0x0a || $0 == 0x0d }) else {
            throw .cannotBeWritten(path: path)
        }
        return PlacedLine(line: Line(content: content, ending: ending), number: number)
    }
}
