internal import JSON
internal import SDP
internal import SDPRules

/// What lint says of one description, or of a candidate by itself.
struct LintResult {
    let findings: [Finding]
    var sdpType: String?
    /// Where there are several.
    var file: String?
    var candidate: TrickledCandidate?
    /// The line of the input.
    var line: Int?

    var errorCount: Int { findings.count(of: .error) }

    var json: JSON {
        var members = [JSON.Member("type", "lint")]
        if let file { members.append(JSON.Member("file", .string(file))) }
        if let line { members.append(JSON.Member("line", .integer(line))) }
        if let sdpType { members.append(JSON.Member("sdpType", .string(sdpType))) }
        if let candidate { members.append(JSON.Member("candidate", .string(candidate.sdpLine))) }
        members += [
            JSON.Member("errors", .integer(errorCount)),
            JSON.Member("warnings", .integer(findings.count(of: .warning))),
            JSON.Member("infos", .integer(findings.count(of: .info))),
            JSON.Member("findings", .array(findings.map(\.json))),
        ]
        return .object(members)
    }

    var lines: [String] {
        let place = [file.map { "\($0): " }, line.map { "line \($0): " }].compactMap(\.self)
            .joined()
        if findings.isEmpty { return [place + "nothing found"] }
        let counts = [(errorCount, "error"), (findings.count(of: .warning), "warning")]
            .map { "\($0) \($1)\($0 == 1 ? "" : "s")" }.joined(separator: ", ")
        let told = findings.flatMap { finding in
            finding.explanation.enumerated().map { $0 == 0 ? place + $1 : $1 }
        }
        return told + [place + counts]
    }
}
