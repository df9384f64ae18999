internal import JSON

extension JSON {
    /// Whether the object came of this library and is no input: the JSON form without its type, a
    /// media description of it, or what was said of a description. Text in it is not to be taken for
    /// what was sent.
    var isResult: Bool {
        if self["lineEnding"]?.string != nil || isMediaDescription { return true }
        if case .array(let media) = self["media"], media.first?.isMediaDescription == true {
            return true
        }
        switch self["type"]?.string {
        case "explanation": return self["lines"] != nil
        case "lint", "negotiation": return self["findings"] != nil
        case "difference": return self["explanation"] != nil
        default: return false
        }
    }

    private var isMediaDescription: Bool {
        self["kind"]?.string != nil && self["protocol"]?.string != nil && self["formats"] != nil
    }
}
