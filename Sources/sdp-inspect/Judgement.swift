internal import Failures
internal import JSON
internal import SDP
internal import SDPRules

/// Why the answer to what was asked is no.
enum Judgement: Failure, Equatable {
    case lintErrors(Int, looksLikeTelephony: Bool = false)
    case notAcceptable
    case different(Int)

    var kind: FailureKind { .refused }

    var code: String {
        switch self {
        case .lintErrors: "lintErrors"
        case .notAcceptable: "notAcceptable"
        case .different: "different"
        }
    }

    var message: String {
        switch self {
        case .lintErrors(1, _): "lint found one error"
        case .lintErrors(let count, _): "lint found \(count) errors"
        case .notAcceptable: "the answer would not be accepted"
        case .different(1): "the descriptions differ in one point"
        case .different(let count): "the descriptions differ in \(count) points"
        }
    }

    var hint: String? {
        guard case .lintErrors(_, looksLikeTelephony: true) = self else { return nil }
        return "there is neither ICE nor DTLS; --profile sip judges it as telephony does"
    }
}

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
            .map { "\($0) \($1)\($0 == 1 ? "" : "s")" }
        let told = findings.flatMap { finding in
            finding.explanation.enumerated().map { $0 == 0 ? place + $1 : $1 }
        }
        return told + [place + "\(counts[0]), \(counts[1])"]
    }
}

extension Rule {
    /// A row of `--rules`.
    fileprivate func row(in profile: Profile) -> [String] {
        [identifier, severity(in: profile)?.rawValue ?? "off", reference.text, summary]
    }

    static func table(for profile: Profile) -> [String] {
        var table = Table(["rule", "severity", "reference", "what holds"])
        for rule in all { table.add(rule.row(in: profile)) }
        return table.lines
    }
}

extension DescriptionKind {
    /// From the type of an RTCSessionDescription; nil for `rollback` and what is not known.
    init?(sdpType: String?) {
        guard let sdpType else { return nil }
        self.init(rawValue: sdpType == "pranswer" ? "answer" : sdpType)
    }
}
