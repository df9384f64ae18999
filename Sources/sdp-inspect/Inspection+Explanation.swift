internal import CLI
internal import JSON
internal import Platform
internal import SDP
internal import SDPExplanation
internal import SDPRules

extension Inspection {
    func explain(_ description: SessionDescription, _ type: String?) throws(FileError) {
        if printsText { return try explainForPerson(description) }
        var json = JSONWriter()
        json.beginExplanation(sdpType: type)
        description.explain(isDeclarative: isDeclarative) { $0.write(to: &json) }
        json.endExplanation()
        try console.print(json.bytes)
    }

    /// RTSP is never negotiated; for the others the description tells.
    private var isDeclarative: Bool? { profile == .rtsp ? true : nil }

    /// Each line with its meaning below it, and a blank line between sections.
    private func explainForPerson(_ description: SessionDescription) throws(FileError) {
        var section: Int?
        try description.explain(isDeclarative: isDeclarative) { explanation throws(FileError) in
            if explanation.mediaIndex != section { try give([""]) }
            section = explanation.mediaIndex
            try give(explanation.shown)
        }
    }

    func explain(_ candidate: TrickledCandidate) throws(FileError) {
        let explanation = candidate.explanation
        if printsText { return try give(explanation?.shown ?? ["no more candidates come"]) }
        var json = JSONWriter()
        json.beginExplanation(sdpType: nil)
        explanation?.write(to: &json)
        json.endExplanation()
        try console.print(json.bytes)
    }
}

extension Explanation {
    fileprivate var shown: [String] {
        [line.text, "    \(words) [\(reference)]"]
    }

    /// `{"line", "text", "mediaIndex", "meaning", "reference"}`.
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        if line.number > 0 {
            json.name("line")
            json.integer(line.number)
        }
        json.name("text")
        json.string(line.text)
        if let mediaIndex {
            json.name("mediaIndex")
            json.integer(mediaIndex)
        }
        json.name("meaning")
        json.string(words)
        json.name("reference")
        json.string(reference)
        json.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func beginExplanation(sdpType: String?) {
        beginObject()
        name("type")
        string("explanation")
        if let sdpType {
            name("sdpType")
            string(sdpType)
        }
        name("lines")
        beginArray()
    }

    fileprivate mutating func endExplanation() {
        endArray()
        endObject()
    }
}
