internal import JSON

extension JSON {
    /// Whether this is a candidate as `--candidates` prints it, whose fields are members, too. What
    /// others call `candidate` has no foundation beside it.
    var isCandidateForm: Bool {
        self["type"]?.string == "candidate" && self["foundation"] != nil && self["priority"] != nil
            && self["candidateType"] != nil
    }
}

extension TrickledCandidate {
    /// The line of a candidate in the JSON form: its text for as long as that says what the members
    /// say.
    ///
    /// - Throws: `badMember`, `cannotBeWritten`.
    static func line(saying json: JSON) throws(SDPError) -> Line {
        var fields = try FieldReader(json, path: "")
        let candidate = try Candidate(fields: &fields)
        let text = json["candidate"]?.string ?? ""
        let old = TrickledCandidate(text: text.utf8).line
        let place = PlaceReader(ending: .none, raw: old.map { Array($0.content) })
        return try place.line(saying: candidate, path: ".").line
    }
}
