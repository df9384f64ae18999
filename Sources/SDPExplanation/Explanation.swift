public import SDP

/// What one line of a description says, in words.
public struct Explanation: Sendable {
    public let line: Line
    /// The media description that the line is in, from 0; nil for the session.
    public let mediaIndex: Int?
    /// One line for a person: lower case, no full stop. It holds text of the description.
    public let words: String
    /// Where to read more: `RFC 8866 section 5.2`, or that there is no RFC.
    public let reference: String
}

extension SessionDescription {
    /// Every line that is not blank, explained, in order.
    public var explanations: [Explanation] {
        var all: [Explanation] = []
        explain { all.append($0) }
        return all
    }

    /// Gives the explanations one by one, so that no more than one is kept.
    ///
    /// - Parameter isDeclarative: whether streams are described that nobody negotiates, which gives
    ///   some lines another meaning; nil to look whether the description is of that kind.
    public func explain<Failure: Error>(
        isDeclarative: Bool? = nil, _ take: (Explanation) throws(Failure) -> Void
    ) throws(Failure) {
        let isDeclarative = isDeclarative ?? self.isDeclarative
        let session = SectionContext(self, isDeclarative: isDeclarative)
        for line in lines where !line.isBlank {
            try take(session.explanation(of: line, mediaIndex: nil))
        }
        for (index, media) in media.enumerated() {
            let context = SectionContext(media, isDeclarative: isDeclarative)
            for line in media.lines where !line.isBlank {
                try take(context.explanation(of: line, mediaIndex: index))
            }
        }
    }
}

extension TrickledCandidate {
    /// The candidate in words; nil for the end of candidates.
    public var explanation: Explanation? {
        guard let line else { return nil }
        return SectionContext().explanation(of: line, mediaIndex: nil)
    }
}
