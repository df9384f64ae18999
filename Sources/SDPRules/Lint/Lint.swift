public import SDP

/// The findings of one rule in one description that are told one by one; the rest is counted.
public let maximumFindingsPerRule = 50

extension SessionDescription {
    /// What is wrong with the description by itself, in the order of its lines; with a fragment
    /// (`isTrickleFragment`), by the rules that do not ask for the whole.
    ///
    /// - Parameters:
    ///   - kind: what it is used as; nil where that is not known, and then no rule on roles speaks.
    public func lint(as kind: DescriptionKind? = nil, profile: Profile = .webrtc) -> [Finding] {
        let context = DescriptionContext(self, kind, isNegotiated: profile != .rtsp)
        return Judge(profile: profile).findings(context).inOrder
    }

    /// What is wrong with the description as an answer to `offer`: by itself, and with it.
    ///
    /// Findings in the offer alone are not among them: `offer.lint(as: .offer)` gives those.
    public func lint(asAnswerTo offer: SessionDescription, profile: Profile = .webrtc) -> [Finding]
    {
        Judge(profile: profile).findingsInAnswer(PairContext(offer: offer, answer: self))
    }
}

/// Applies the table of rules.
struct Judge {
    let profile: Profile

    /// The findings of the rules on one description.
    func findings(_ context: DescriptionContext) -> [Finding] {
        judged { rule in
            if context.isFragment, !rule.isAboutFragments { return [] }
            return switch rule.check {
            case .session(let check): check(context)
            case .media(let check): context.active.flatMap(check)
            case .pair, .mediaPair: []
            }
        } finish: { rule, severity, observation in
            finding(rule, severity, observation, in: context)
        }
    }

    /// What is wrong with the answer, by itself and with its offer, in the order of its lines.
    func findingsInAnswer(_ pair: PairContext) -> [Finding] {
        (findings(pair.answer) + findings(pair)).inOrder
    }

    /// The findings of the rules on pairs.
    private func findings(_ pair: PairContext) -> [Finding] {
        judged { rule in
            switch rule.check {
            case .session, .media: []
            case .pair(let check): check(pair)
            case .mediaPair(let check): pair.accepted.flatMap(check)
            }
        } finish: { rule, severity, observation in
            finding(rule, severity, observation, in: pair.answer)
        }
    }

    private func judged(
        _ observe: (Rule) -> [Observation],
        finish: (Rule, Severity, Observation) -> Finding
    ) -> [Finding] {
        Rule.all.flatMap { rule -> [Finding] in
            guard let severity = rule.severity(in: profile) else { return [] }
            return limited(observe(rule)).map { finish(rule, severity, $0) }
        }
    }

    private func limited(_ observations: [Observation]) -> [Observation] {
        guard observations.count > maximumFindingsPerRule else { return observations }
        let rest = observations.count - maximumFindingsPerRule
        var last = observations[maximumFindingsPerRule]
        last.message = "\(rest) more of these, from here on"
        return observations.prefix(maximumFindingsPerRule) + [last]
    }

    private func finding(
        _ rule: Rule, _ severity: Severity, _ observation: Observation,
        in context: DescriptionContext
    ) -> Finding {
        let index = observation.mediaIndex
        return Finding(
            rule: rule, severity: severity, side: context.kind, position: observation.position,
            mediaIndex: index, mid: index.flatMap { context.media[$0].mid }.map { shown($0) },
            message: observation.message)
    }
}

extension [Finding] {
    /// By line; what has none comes behind the lines of its media, and of the session.
    fileprivate var inOrder: [Finding] {
        let places = map { finding in
            (finding.mediaIndex ?? -1, finding.position?.line ?? Int.max)
        }
        return indices.sorted {
            (places[$0].0, places[$0].1, $0) < (places[$1].0, places[$1].1, $1)
        }
        .map { self[$0] }
    }
}
