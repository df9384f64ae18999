internal import CLI
internal import JSON
internal import Platform
internal import SDP
internal import SDPRules

// What is judged: by rules, with its offer, and against another description.
extension Inspection {
    func lint(_ description: SessionDescription, _ type: String?) throws {
        let kind = DescriptionKind(sdpType: type) ?? role
        if other == nil, description.isTrickleFragment {
            console.note("this is a fragment of trickled candidates and is judged as one")
        }
        let findings =
            other.map { description.lint(asAnswerTo: $0, profile: profile) }
            ?? description.lint(as: kind, profile: profile)
        try give(LintResult(findings: findings, sdpType: type, file: fileName))
        guard other == nil, !isProfileGiven, findings.hasErrors, description.looksLikeTelephony,
            !description.lint(as: kind, profile: .sip).hasErrors
        else { return }
        looksLikeTelephony = true
    }

    func lint(_ candidate: TrickledCandidate, line: Int?) throws {
        var result = LintResult(findings: candidate.lint(profile: profile), file: fileName)
        result.candidate = candidate
        result.line = line
        try give(result)
    }

    private func give(_ result: LintResult) throws {
        if printsText { try give(result.lines) } else { try console.print(result.json.text) }
        guard result.errorCount > 0 else { return }
        if case .lintErrors(let count, _) = judgement {
            judgement = .lintErrors(count + result.errorCount)
        } else {
            judgement = .lintErrors(result.errorCount)
        }
    }

    func compare(_ description: SessionDescription) throws {
        guard let other else { return }
        let differences = description.differences(from: other)
        if printsText {
            try give(
                differences.isEmpty ? ["no difference in meaning"] : differences.map(\.explanation))
        } else {
            for difference in differences { try console.print(difference.json.text) }
        }
        if !differences.isEmpty { judgement = .different(differences.count) }
    }

    func negotiate(_ description: SessionDescription) throws {
        guard let other else { return }
        let negotiation = Negotiation(offer: other, answer: description, profile: profile)
        if printsText {
            try give(negotiation.explanation + negotiation.findings.flatMap(\.explanation))
        } else {
            try console.print(negotiation.json.text)
        }
        if !negotiation.isLegal { judgement = .notAcceptable }
    }

    func listRules() throws {
        if printsText { return try give(Rule.table(for: profile)) }
        for rule in Rule.all { try console.print(rule.json.text) }
    }

    /// Says once, at the end, that the answer is no.
    func reportJudgement() throws(FileError) {
        guard var judgement else { return }
        if looksLikeTelephony, case .lintErrors(let count, _) = judgement {
            judgement = .lintErrors(count, looksLikeTelephony: true)
        }
        // What it is about comes first, on a terminal too.
        try console.flush()
        console.report(judgement)
    }
}

extension SessionDescription {
    /// Whether there is RTP and nothing that browsers need for it.
    fileprivate var looksLikeTelephony: Bool {
        let sections: [any Section] = [self] + media
        let forBrowsers = ["ice-ufrag", "candidate", "fingerprint"]
        return media.contains { $0.media?.transport.isRTP == true }
            && !sections.contains { section in
                section.lines.contains { line in forBrowsers.contains { line.isAttribute($0) } }
            }
    }
}

extension Rule {
    /// A row of `--rules`.
    private func row(in profile: Profile) -> [String] {
        [identifier, severity(in: profile)?.rawValue ?? "off", reference.text, summary]
    }

    fileprivate static func table(for profile: Profile) -> [String] {
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
