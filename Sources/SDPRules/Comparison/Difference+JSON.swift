public import JSON

extension Difference {
    /// `{"type": "difference", "kind", "mediaIndex", "mid", "subject", "before", "after",
    /// "explanation"}`; what a difference does not have is left out. `kind` is a case of
    /// `Difference.Kind`; `explanation` is for people and may change.
    public var json: JSON {
        var members: [JSON.Member] = [.init("type", "difference")]
        members.append("kind", kind.rawValue)
        members.append("mediaIndex", mediaIndex)
        members.append("mid", mid)
        members.append("subject", subject)
        members.append("before", before)
        members.append("after", after)
        members.append("explanation", explanation)
        return .object(members)
    }
}
