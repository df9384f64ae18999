public import JSON

// The JSON form of a description. `sdp.schema.json` beside this folder is its JSON Schema.
//
// The object has "type": "sessionDescription", "lineEnding" (what ends a line unless the line says
// otherwise), the members of the session, and "media", an array of objects with the members of each
// media description. Members are, for a line of RFC 8866: version, origin, sessionName, information,
// uri, email, phone, connection, bandwidth, timing, repeatTimes, timeZones, key; for a media line:
// kind, port, portCount, protocol, formats; for an attribute: its name in camel case (rtpmap, rtcpFb,
// iceUfrag, candidate). Attributes without a member of their own, further ones of a kind that comes
// once, and those whose fields are wrong are in "attributes" as {"name", "value"}; lines that are
// nothing of that, or not UTF-8, in "otherLines" as {"raw"} or {"base64"}.
//
// Order and bytes: an element has "line", its place, and "lines" has the places of members that are
// no objects. Places only order the lines; a new element needs none, and stands behind the one before
// it in its array. An element also has "raw" (or "base64", where it is not UTF-8) if its line was not
// what its fields would be written as, and "ending" if it ends in another way. "raw" counts as long as
// its fields are the element's: so what is not changed is written as it was, and what is changed is
// written anew.
extension SessionDescription {
    /// The JSON form, as text on one line.
    ///
    /// - Parameter sdpType: `offer`, `answer`, …, where it is known; it becomes `sdpType`.
    public func encodedJSON(sdpType: String? = nil) -> [UInt8] {
        var json = JSONWriter(reserving: 1024)
        let ending = defaultEnding
        var number = 0
        json.beginObject()
        json.name("type")
        json.string("sessionDescription")
        if let sdpType {
            json.name("sdpType")
            json.string(sdpType)
        }
        json.name("lineEnding")
        json.string(ending.text)
        var section = SectionWriter(ending: ending)
        for line in lines {
            number &+= 1
            section.add(line, number: number)
        }
        section.finish(into: &json)
        json.name("media")
        json.beginArray()
        for media in media { media.write(to: &json, number: &number, ending: ending) }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    /// The members of the outermost object that stand for no line of the session.
    private static let ownMembers: Set<String> = ["type", "sdpType", "lineEnding", "media"]

    /// The ending of the first line, or CRLF where it has none.
    private var defaultEnding: LineEnding {
        lines.isEmpty ? media.first?.lineEnding ?? .crlf : lineEnding
    }

    /// Reads the JSON form.
    ///
    /// - Throws: `badMember`, `unknownMember`, `cannotBeWritten`.
    public init(json: JSON) throws(SDPError) {
        guard let members = json.members else {
            throw .badMember(path: ".", expected: "an object")
        }
        var fields = try FieldReader(json, path: "")
        guard let ending = LineEnding(text: try fields.optionalText("lineEnding") ?? "\r\n") else {
            throw .badMember(path: ".lineEnding", expected: "a line ending")
        }
        var section = SectionReader(path: "", ending: ending, isMedia: false)
        lines = try section.lines(members.filter { !Self.ownMembers.contains($0.name) })
        media = try fields.list("media") { json, path throws(SDPError) in
            try MediaDescription(json: json, path: path, ending: ending)
        }
        numberLines()
    }

    /// Gives each line the number that it has in the text.
    private mutating func numberLines() {
        var number = 0
        for index in lines.indices {
            number &+= 1
            lines[index].number = number
        }
        for media in media.indices {
            for index in self.media[media].lines.indices {
                number &+= 1
                self.media[media].lines[index].number = number
            }
        }
    }
}

extension MediaDescription {
    fileprivate func write(to json: inout JSONWriter, number: inout Int, ending: LineEnding) {
        json.beginObject()
        var section = SectionWriter(ending: ending)
        var rest = lines[...]
        if let first = rest.first, SectionWriter.writeMedia(first, into: &json) {
            number &+= 1
            section.addPlaceOfMedia(first, number: number)
            rest.removeFirst()
        }
        for line in rest {
            number &+= 1
            section.add(line, number: number)
        }
        section.finish(into: &json)
        json.endObject()
    }

    fileprivate init(json: JSON, path: String, ending: LineEnding) throws(SDPError) {
        guard let members = json.members else {
            throw .badMember(path: path, expected: "an object")
        }
        var section = SectionReader(path: path, ending: ending, isMedia: true)
        lines = try section.lines(members)
        guard lines.first?.type == .media else {
            throw .badMember(path: path + ".kind", expected: "a media type")
        }
    }
}

extension Candidate {
    /// The candidate as it stands in the JSON form.
    public var json: JSON {
        var writer = FieldWriter(json: JSONWriter())
        writer.object { write(to: &$0) }
        return (try? JSON(parsing: writer.json.bytes)) ?? .object([])
    }
}
