import SDP
import SDPRules
import Testing

/// A way to break one rule, and if it helps, one that comes close and keeps it.
struct RuleCase: Sendable, CustomTestStringConvertible {
    /// Which descriptions are looked at, and by which profile.
    enum Subject: Sendable { case offer, answer, pair, sipOffer, sipPair }

    let rule: String
    let subject: Subject
    let breaking: [Edit]
    /// Edits of the offer, for pairs.
    let offer: [Edit]
    /// How the line begins that the finding has to point at; nil where there is none to check.
    let line: String?
    let keeping: [Edit]?

    init(
        _ rule: String, _ subject: Subject = .offer, _ breaking: Edit..., offer: [Edit] = [],
        at line: String? = nil, butNot keeping: [Edit]? = nil
    ) {
        (self.rule, self.subject, self.breaking, self.offer) = (rule, subject, breaking, offer)
        (self.line, self.keeping) = (line, keeping)
    }

    var testDescription: String { "\(rule): \(breaking)" }

    private var isSIP: Bool { subject == .sipOffer || subject == .sipPair }
    var profile: Profile { isSIP ? .sip : .webrtc }

    /// The text that is judged.
    func text(_ edits: [Edit]) -> String {
        let sample: Sample =
            switch subject {
            case .offer: .webrtcOffer
            case .answer, .pair: .webrtcAnswer
            case .sipOffer: .sipOffer
            case .sipPair: .sipAnswer
            }
        return sample.text.edited(edits)
    }

    func findings(_ edits: [Edit], offer: [Edit] = []) throws -> [Finding] {
        let description = try SessionDescription(parsing: text(edits).damagedBytes)
        switch subject {
        case .offer, .sipOffer: return description.lint(as: .offer, profile: profile)
        case .answer: return description.lint(as: .answer, profile: profile)
        case .pair, .sipPair:
            let other = (isSIP ? Sample.sipOffer : .webrtcOffer).text.edited(offer)
            return description.lint(
                asAnswerTo: try SessionDescription(parsing: other), profile: profile)
        }
    }

    static let all =
        ofText + ofSpelling + ofMedia + ofCodecs + ofStreams + ofBundles + ofICE + ofSecurity
        + ofAnswers
        + ofAnsweredTransport
}
