public import SDP

// Candidates that are sent after their description, as application/trickle-ice-sdpfrag has them:
// https://www.rfc-editor.org/rfc/rfc8840#section-9

extension SessionDescription {
    /// Whether it is a fragment that trickles candidates (RFC 8840 section 9): no line of a session,
    /// `m=` lines, and attributes of ICE and of identification alone.
    public var isTrickleFragment: Bool {
        guard !media.isEmpty else { return false }
        let others = [lines[...]] + media.map { $0.lines.dropFirst() }
        guard others.joined().allSatisfy({ $0.isBlank || $0.isOfTrickleFragment }) else {
            return false
        }
        return allLines.contains { line in namesOfICE.contains { line.isAttribute($0) } }
    }
}

private let namesOfICE = ["ice-ufrag", "candidate", "end-of-candidates"]
private let namesInFragments: Set<String> = [
    "group", "ice-lite", "ice-ufrag", "ice-pwd", "ice-options", "ice-pacing", "mid", "candidate",
    "remote-candidates", "end-of-candidates", "bundle-only", "rtcp-mux", "rtcp-mux-only",
]

extension Line {
    fileprivate var isOfTrickleFragment: Bool {
        guard let attributeName else { return false }
        return namesInFragments.contains(String(decoding: attributeName, as: UTF8.self))
    }
}

extension Rule {
    /// Whether a fragment can break the rule; others ask for the description that it belongs to.
    var isAboutFragments: Bool { Self.ofFragments.contains(identifier) }

    private static let ofFragments: Set<String> = {
        let whole = [
            "ice-credentials-missing", "trickle-no-end", "candidates-missing", "candidate-default",
        ]
        let names = (syntax + spelling + ice + candidates).map(\.identifier)
        return Set(names + ["mid-duplicate", "mid-characters"]).subtracting(whole)
    }()
}
