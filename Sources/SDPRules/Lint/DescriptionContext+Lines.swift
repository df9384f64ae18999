import SDP

extension DescriptionContext {
    /// What a rule sees in each line, of the session first.
    func everyLine(_ observe: (Line) -> Observation?) -> [Observation] {
        let session = description.lines.compactMap(observe)
        let media = media.flatMap { media in
            media.section.lines.compactMap { line in
                var observation = observe(line)
                observation?.mediaIndex = media.index
                return observation
            }
        }
        return session + media
    }

    /// What a rule has to say of each value of the attribute `name`, of the session first.
    func everyText(_ name: String, _ fault: (String) -> String?) -> [Observation] {
        let session = attributes.texts(name).map { ($0.line, $0.text, Int?.none) }
        let media = media.flatMap { media in
            media.attributes.texts(name).map { ($0.line, $0.text, Int?.some(media.index)) }
        }
        return (session + media).compactMap { line, text, index in
            fault(text).map { Observation($0, at: line, column: 4 + name.utf8.count, media: index) }
        }
    }
}
