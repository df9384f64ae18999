internal import CLI
internal import JSON
internal import Platform
internal import SDP
internal import SDPRules

// What is judged: by rules, with its offer, and against another description.
extension Inspection {
    func lint(_ description: SessionDescription, _ type: String?) throws {
        let kind = DescriptionKind(sdpType: type) ?? role
        let findings =
            other.map { description.lint(asAnswerTo: $0, profile: profile) }
            ?? description.lint(as: kind, profile: profile)
        let result = LintResult(findings: findings, sdpType: type)
        if printsText { try give(result.lines) } else { try console.print(result.json.text) }
        guard result.errorCount > 0 else { return }
        if case .lintErrors(let count) = judgement {
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
        guard let judgement else { return }
        // What it is about comes first, on a terminal too.
        try console.flush()
        console.report(judgement)
    }
}
