import SDP
import SDPRules
import Testing

/// An exchange of RFC 4317, RFC 8853 or RFC 9429 section 7, from Tests/Vectors/sdp.
struct ExampleExchange: CustomTestStringConvertible, Sendable {
    /// As the files are called, with `*` for `offer` and `answer`.
    let name: String
    let profile: Profile
    /// The common codecs of each `m=` line; nil for a line that is off.
    let codecs: [[String]?]
    let directions: [String]

    var testDescription: String { name }

    init(
        _ name: String, _ profile: Profile, _ codecs: [[String]?] = [], _ directions: [String] = []
    ) {
        (self.name, self.profile) = (name, profile)
        (self.codecs, self.directions) = (codecs, directions)
    }

    /// - Parameter part: `offer` or `answer`, which the `*` of the name stands for.
    func description(_ part: String) throws -> SessionDescription {
        try OwnVectors.description("\(name.replacing("*", with: part)).sdp")
    }

    func negotiation() throws -> Negotiation {
        Negotiation(
            offer: try description("offer"), answer: try description("answer"), profile: profile)
    }

    static let all = [
        ExampleExchange("rfc4317-2.1-*", .sip, [["PCMU/8000"], ["MPV/90000"]], [both, both]),
        ExampleExchange(
            "rfc4317-2.2-*", .sip, [["PCMU/8000", "PCMA/8000"], nil], [both, nobody]),
        ExampleExchange("rfc4317-2.2-*-2", .sip, [["PCMU/8000"], nil], [both, nobody]),
        ExampleExchange("rfc4317-2.3-*", .sip, [["iLBC/8000"], ["H261/90000"]], [both, both]),
        ExampleExchange(
            "rfc4317-2.4-*", .sip, [["iLBC/8000"], ["telephone-event/8000"]], [both, forth]),
        ExampleExchange(
            "rfc4317-2.6-*", .sip, [nil, ["iLBC/8000", "telephone-event/8000"]], [nobody, both]),
        ExampleExchange("rfc4317-2.8-*", .sip, [["PCMU/8000"], ["MPV/90000"]], [both, both]),
        ExampleExchange("rfc4317-3.1-*", .sip, [["iLBC/8000"]], [back]),
        ExampleExchange("rfc4317-3.1-*-2", .sip, [["iLBC/8000"]], [both]),
        ExampleExchange(
            "rfc4317-4.1-*-2", .sip, [["iLBC/8000"], ["telephone-event/8000"]], [both, back]),
        ExampleExchange("rfc4317-5.1-*", .sip, [], []),
        ExampleExchange(
            "rfc8853-5.6.1-*", .sip, [["PCMU/8000"], ["H264/90000", "H264/90000"]], [both, both]),
        ExampleExchange("rfc9429-7.1-*-A1", .webrtc, [opus, vp8], [both, both]),
        ExampleExchange("rfc9429-7.2-*-B1", .webrtc, [opus, []], [both, both]),
        ExampleExchange(
            "rfc9429-7.2-*-B2", .webrtc, [opus, [], vp8, vp8], [both, both, forth, forth]),
    ]
}

private let both = "both sides send and receive"
private let forth = "only the offerer sends"
private let back = "only the answerer sends"
private let nobody = "nobody sends"
private let opus = [
    "opus/48000/2", "PCMU/8000", "PCMA/8000", "telephone-event/8000", "telephone-event/48000",
]
private let vp8 = ["VP8/90000", "H264/90000"]

@Suite struct OfferAnswerExampleTests {
    @Test(arguments: ExampleExchange.all)
    func theAnswerIsLegal(_ example: ExampleExchange) throws {
        let result = try example.negotiation()
        #expect(result.isLegal, "\(result.findings.flatMap(\.explanation))")
        let codecs = result.media.map { $0.isAccepted ? $0.codecs.map(\.name) : nil }
        #expect(codecs == example.codecs)
        #expect(result.media.map(\.directionInWords) == example.directions)
    }

    @Test(arguments: ExampleExchange.all)
    func theOfferHasNoError(_ example: ExampleExchange) throws {
        let found = try example.description("offer").lint(as: .offer, profile: example.profile)
        #expect(!found.hasErrors, "\(found.flatMap(\.explanation))")
    }

    /// RFC 4317 section 2.3: each side sends what the other one numbered.
    @Test func eachSideHasItsPayloadType() throws {
        let result = try ExampleExchange("rfc4317-2.3-*", .sip).negotiation()
        let codec = try #require(result.media[0].codecs.first)
        #expect((codec.offerPayloadType, codec.answerPayloadType) == (97, 99))
    }

    /// RFC 9429 section 7.1: bundled media says no transport of its own in the answer.
    @Test func whatIsBundledSharesItsTransport() throws {
        let result = try ExampleExchange("rfc9429-7.1-*-A1", .webrtc).negotiation()
        #expect(result.bundles == [["a1", "v1"]])
        #expect(result.media.map(\.bundledWith) == ["a1", "a1"])
        #expect(result.media.map(\.security.dtlsClient) == [.answerer, .answerer])
        #expect(result.media.map(\.multiplexesRTCP) == [true, true])
    }
}
