public import SDP

extension TrickledCandidate {
    /// What is wrong with a candidate that came by itself, by the rules that look at candidates one
    /// by one; nothing for the end of candidates.
    public func lint(profile: Profile = .webrtc) -> [Finding] {
        guard let line else { return [] }
        var description = SessionDescription()
        let media = Line("m=audio 9 UDP/TLS/RTP/SAVPF 0")
        description.media = [MediaDescription(lines: [media, line])]
        let context = DescriptionContext(description, nil)
        let index = sdpMLineIndex.flatMap { Int(exactly: $0) }
        return Judge(profile: profile).findings(context)
            .filter { $0.rule.isAboutOneCandidate }
            .map { finding in
                Finding(
                    rule: finding.rule, severity: finding.severity, side: nil,
                    position: finding.position, mediaIndex: index, mid: sdpMid,
                    message: finding.message)
            }
    }
}

extension Rule {
    /// Whether a candidate alone can break the rule; others ask for the description around it.
    fileprivate var isAboutOneCandidate: Bool {
        switch identifier {
        case "candidate-ufrag-stale", "candidate-generation-mixed", "candidate-default": false
        case "field-syntax", "white-space", "text-not-utf8": true
        default: identifier.hasPrefix("candidate-")
        }
    }
}
