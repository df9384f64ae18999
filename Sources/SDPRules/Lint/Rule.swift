/// How bad a finding is; errors alone make a description fail.
public enum Severity: String, CaseIterable, Comparable, Sendable {
    /// Worth knowing: legal, and often meant.
    case info
    /// Legal or widely tolerated, but a likely cause of trouble.
    case warning
    /// Against an RFC in a way that stops a call, or makes it something else than was meant.
    case error

    public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .error: 2
        }
    }
}

/// Whose rules a description has to follow.
public enum Profile: String, CaseIterable, Sendable {
    /// Browsers: JSEP (RFC 9429), where ICE, DTLS-SRTP, BUNDLE and `mid` are a must.
    case webrtc
    /// Telephony: RFC 3264 with whatever security and ICE the two sides like.
    case sip
    /// Streams that are described and not negotiated: RTSP, SAP, studio gear.
    case rtsp
}

/// Which part a description plays (RFC 3264); a rule on roles needs to know.
public enum DescriptionKind: String, CaseIterable, Sendable {
    case offer
    /// Also a provisional one.
    case answer
}

/// A section of an RFC, which a finding can be read up in.
public struct RFCSection: Hashable, Sendable {
    public let number: Int
    public let section: String

    public init(_ number: Int, _ section: String) {
        self.number = number
        self.section = section
    }

    /// `RFC 8839 section 5.4`.
    public var text: String { "RFC \(number) section \(section)" }
}

/// One rule of lint: what it is called, where it is written, how bad breaking it is, and its check.
public struct Rule: Sendable {
    /// Lower-case words with hyphens; it never changes its meaning.
    public let identifier: String
    /// What holds where the rule is kept, in one line.
    public let summary: String
    public let reference: RFCSection
    /// What to do about it.
    public let hint: String
    /// Whether the rule is about an offer together with its answer.
    public var isAboutPairs: Bool {
        switch check {
        case .session, .media: false
        case .pair, .mediaPair: true
        }
    }
    let severities: Severities
    let check: Check

    init(
        _ identifier: String, _ severities: Severities, _ reference: RFCSection, _ summary: String,
        hint: String, _ check: Check
    ) {
        self.identifier = identifier
        self.severities = severities
        self.reference = reference
        self.summary = summary
        self.hint = hint
        self.check = check
    }

    /// Nil where the rule does not apply.
    public func severity(in profile: Profile) -> Severity? {
        switch profile {
        case .webrtc: severities.webrtc
        case .sip: severities.sip
        case .rtsp: severities.rtsp
        }
    }

    /// What a rule looks at; each check gives what is wrong there.
    enum Check: Sendable {
        /// The whole of one description.
        case session(@Sendable (DescriptionContext) -> [Observation])
        /// Each media description that is not refused.
        case media(@Sendable (MediaContext) -> [Observation])
        /// An offer and its answer.
        case pair(@Sendable (PairContext) -> [Observation])
        /// Each media description that both sides have and neither refuses.
        case mediaPair(@Sendable (MediaPair) -> [Observation])
    }
}

/// The severity of a rule in each profile; nil where it does not apply.
struct Severities: Sendable {
    var webrtc: Severity?
    var sip: Severity?
    var rtsp: Severity?

    static func all(_ severity: Severity) -> Severities {
        Severities(webrtc: severity, sip: severity, rtsp: severity)
    }

    static func webrtc(
        _ webrtc: Severity?, sip: Severity? = nil, rtsp: Severity? = nil
    ) -> Severities {
        Severities(webrtc: webrtc, sip: sip, rtsp: rtsp)
    }
}

extension Rule {
    /// Every rule, by theme.
    public static let all: [Rule] =
        syntax + spelling + lines + bandwidth + media + payloads + codecs + rtcp + extensions
        + sources
        + bundle + ice + candidates + reachability + security + keys + dataChannels + simulcast
        + offerAnswer + answerCodecs + answerTransport
}
