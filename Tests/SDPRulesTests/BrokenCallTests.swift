import SDP
import SDPRules
import Testing

/// A call that failed, from Tests/Vectors/sdp/broken-calls.
struct BrokenCall: CustomTestStringConvertible, Sendable {
    let name: String
    let offer: SessionDescription
    /// Nil where the fault is in the offer.
    let answer: SessionDescription?
    let rule: String
    let profile: Profile

    var testDescription: String { name }

    init(_ name: String) throws {
        let folder = "broken-calls/\(name)"
        self.name = name
        offer = try OwnVectors.description("\(folder)/offer.sdp")
        let answerPath = "\(folder)/answer.sdp"
        answer = OwnVectors.has(answerPath) ? try OwnVectors.description(answerPath) : nil
        let text = String(decoding: try OwnVectors.bytes("\(folder)/expect"), as: UTF8.self)
        let fields = text.split(separator: "\n").map { $0.split(separator: ": ").map(String.init) }
        rule = try #require(fields.first { $0[0] == "rule" })[1]
        profile = try #require(Profile(rawValue: fields.first { $0[0] == "profile" }?[1] ?? ""))
    }

    static let names = [
        "answer-with-extra-media", "bundle-missing", "fingerprint-missing",
        "h264-profiles-do-not-meet", "loopback-only", "m-lines-swapped", "no-common-codec",
        "one-way-audio", "sdes-against-dtls", "stale-candidate-generation", "ufrag-too-short",
        "wrong-setup-role",
    ]

    var findings: [Finding] {
        answer?.lint(asAnswerTo: offer, profile: profile)
            ?? offer.lint(as: .offer, profile: profile)
    }
}

@Suite struct BrokenCallTests {
    @Test(arguments: BrokenCall.names)
    func theCauseIsNamed(_ name: String) throws {
        let call = try BrokenCall(name)
        let found = call.findings.filter { $0.rule.identifier == call.rule }
        #expect(!found.isEmpty, "\(call.findings.flatMap(\.explanation))")
        #expect(found.allSatisfy { $0.severity >= .warning })
    }

    /// The cause is not buried: what else is found are errors that follow from it.
    @Test(arguments: BrokenCall.names)
    func littleElseIsFound(_ name: String) throws {
        let call = try BrokenCall(name)
        let others = call.findings.filter { $0.rule.identifier != call.rule && $0.severity > .info }
        #expect(others.count <= 6, "\(others.flatMap(\.explanation))")
    }
}
