public import JSON
import SDP

extension Finding {
    /// `{"rule", "severity", "side", "line", "column", "mediaIndex", "mid", "message", "hint",
    /// "reference": {"rfc", "section"}}`.
    ///
    /// `side` is `offer` or `answer`; `line` and `column` count from 1, `mediaIndex` from 0. What a
    /// finding does not have is left out. Members may be added.
    public var json: JSON {
        var members: [JSON.Member] = [
            .init("rule", .string(rule.identifier)), .init("severity", .string(severity.rawValue)),
        ]
        members.append("side", side?.rawValue)
        if let position {
            members.append(.init("line", .integer(position.line)))
            members.append(.init("column", .integer(position.column)))
        }
        members.append("mediaIndex", mediaIndex)
        members.append("mid", mid)
        members.append(.init("message", .string(message)))
        members.append(.init("hint", .string(hint)))
        members.append(.init("reference", reference.json))
        return .object(members)
    }
}

extension Rule {
    /// `{"rule", "summary", "hint", "reference": {"rfc", "section"}, "about": "description"|"pair",
    /// "severities": {"webrtc", "sip", "rtsp"}}`; a profile that the rule is not for is left out.
    public var json: JSON {
        var severities: [JSON.Member] = []
        for profile in Profile.allCases {
            severities.append(profile.rawValue, severity(in: profile)?.rawValue)
        }
        return .object([
            .init("rule", .string(identifier)), .init("summary", .string(summary)),
            .init("hint", .string(hint)), .init("reference", reference.json),
            .init("about", .string(isAboutPairs ? "pair" : "description")),
            .init("severities", .object(severities)),
        ])
    }
}

extension RFCSection {
    var json: JSON { ["rfc": .integer(number), "section": .string(section)] }
}
