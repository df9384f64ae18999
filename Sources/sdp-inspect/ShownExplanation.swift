internal import JSON
internal import SDP
internal import SDPExplanation

extension [Explanation] {
    /// Each line with its meaning below it.
    var shown: [String] {
        var lines: [String] = []
        var section: Int?
        for explanation in self {
            if explanation.mediaIndex != section {
                section = explanation.mediaIndex
                lines.append("")
            }
            lines.append(explanation.line.text)
            let reference = explanation.reference.map { " [\($0)]" } ?? ""
            lines.append("    \(explanation.words)\(reference)")
        }
        return lines
    }

    func json(sdpType: String?) -> JSON {
        var members = [JSON.Member("type", "explanation")]
        if let sdpType { members.append(JSON.Member("sdpType", .string(sdpType))) }
        members.append(JSON.Member("lines", .array(map(\.json))))
        return .object(members)
    }
}

extension Explanation {
    fileprivate var json: JSON {
        let members = [
            line.number > 0 ? JSON.Member("line", .integer(line.number)) : nil,
            JSON.Member("text", .string(line.text)),
            mediaIndex.map { JSON.Member("mediaIndex", .integer($0)) },
            JSON.Member("meaning", .string(words)),
            reference.map { JSON.Member("reference", .string($0)) },
        ]
        return .object(members.compactMap(\.self))
    }
}
