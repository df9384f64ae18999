import SDP

// What is nearly right, so that many readers take it and some drop it or refuse the whole.

extension Rule {
    static let spelling = [
        Rule(
            "white-space", .webrtc(.error, sip: .error, rtsp: .warning), RFCSection(8866, "9"),
            "the fields of a line have single spaces between them, and none at their ends",
            hint: "take the spaces and tabs out; Chromium refuses the whole for many of them",
            .session(strayWhiteSpace)),
        Rule(
            "attribute-case", .webrtc(.error, sip: .error, rtsp: .warning), RFCSection(8866, "5"),
            "the names of attributes are written in their own case",
            hint: "write the name in lower case; in another it is an attribute that nobody knows",
            .session(otherCases)),
        Rule(
            "line-empty", .all(.warning), RFCSection(8866, "9"),
            "the lines i=, u=, e= and p= have a text",
            hint: "take the line out; the grammar asks for one character at least",
            .session(emptyLines)),
    ]
}

private func strayWhiteSpace(_ context: DescriptionContext) -> [Observation] {
    context.everyLine { line in
        guard let stray = line.strayWhiteSpace, line.fieldFault == nil else { return nil }
        return Observation(
            "\(line.nameInMessages): \(stray.what)", at: line, column: stray.column)
    }
}

private func otherCases(_ context: DescriptionContext) -> [Observation] {
    context.everyLine { line in
        guard let name = line.attributeName, name.contains(where: { (0x41...0x5a).contains($0) })
        else { return nil }
        let text = String(decoding: name, as: UTF8.self)
        let known = text.lowercased()
        guard Line.attributesOfLowerCase.contains(known) else { return nil }
        return Observation("a=\(text) is not a=\(known)", at: line, column: 3)
    }
}

private let textLines: [LineType] = [.information, .uri, .email, .phone]

private func emptyLines(_ context: DescriptionContext) -> [Observation] {
    context.everyLine { line in
        guard let type = line.type, line.value.isEmpty, textLines.contains(type) else {
            return nil
        }
        return Observation("\(type.text)= has no text", at: line)
    }
}

// MARK: - White space

/// White space that a line's grammar does not have.
private struct StrayWhiteSpace {
    let what: String
    /// In bytes, from 1.
    let column: Int
}

extension Line {
    /// The first white space that the line's grammar does not have; nil where its text is free.
    fileprivate var strayWhiteSpace: StrayWhiteSpace? {
        guard let (value, gaps) = strictPart else { return nil }
        let start = value.prefix(while: \.isWhiteSpace).endIndex
        // A value of nothing else is missing, which other rules tell.
        guard start < value.endIndex else { return nil }
        if start > value.startIndex {
            return stray("white space before the value", value.startIndex)
        }
        return strayWhiteSpace(in: value, atMost: gaps)
    }

    private func strayWhiteSpace(in value: ArraySlice<UInt8>, atMost gaps: Int) -> StrayWhiteSpace?
    {
        var (at, count) = (value.startIndex, 0)
        while let gap = value[at...].firstIndex(where: \.isWhiteSpace) {
            let end = value[gap...].prefix(while: \.isWhiteSpace).endIndex
            if end == value.endIndex { return stray("white space behind the value", gap) }
            count += 1
            if count > gaps { return nil }
            if value[gap] == 0x09 { return stray("a tab between fields", gap) }
            if end - gap > 1 { return stray("more than one space between fields", gap + 1) }
            at = end
        }
        return nil
    }

    private func stray(_ what: String, _ index: Int) -> StrayWhiteSpace {
        StrayWhiteSpace(what: what, column: index - content.startIndex + 1)
    }

    /// The value, and how many single spaces may stand in it before a text that has any; nil for
    /// lines of text and those that are not known.
    private var strictPart: (ArraySlice<UInt8>, Int)? {
        guard let type else { return nil }
        if type != .attribute { return singleSpaced.contains(type) ? (value, .max) : nil }
        guard let attributeName, let attributeValue else { return nil }
        let name = String(decoding: attributeName, as: UTF8.self)
        // Pion ends those without a parameter with a space, and all take it.
        let value = name == "rtcp-fb" ? attributeValue.withoutLastSpace : attributeValue
        return singleSpacedAttributes[name].map { (value, $0) }
    }

    /// Attributes whose names are known here and have no capital letters.
    fileprivate static let attributesOfLowerCase =
        Attribute.properties.union(singleSpacedAttributes.keys)

    /// `a=setup`, `m=`.
    var nameInMessages: String {
        attributeName.map { "a=" + String(decoding: $0, as: UTF8.self) }
            ?? String(text.prefix(2))
    }
}

extension ArraySlice<UInt8> {
    fileprivate var withoutLastSpace: ArraySlice<UInt8> { last == 0x20 ? dropLast() : self }
}

extension UInt8 {
    fileprivate var isWhiteSpace: Bool { self == 0x20 || self == 0x09 }
}

private let singleSpaced: Set<LineType> = [
    .version, .origin, .connection, .bandwidth, .timing, .repeatTimes, .timeZones, .media,
]

/// How many single spaces their grammars have before a text that may have any white space. Not among
/// them are `msid-semantic`, `simulcast` and `source-filter`, which were specified with a space
/// behind the colon, at least in drafts.
private let singleSpacedAttributes: [String: Int] = [
    "mid": .max, "group": .max, "ssrc-group": .max, "ice-ufrag": .max, "ice-pwd": .max,
    "ice-options": .max, "setup": .max, "tls-id": .max, "fingerprint": .max, "candidate": .max,
    "remote-candidates": .max, "rtpmap": .max, "rtcp": .max, "sctp-port": .max, "sctpmap": .max,
    "max-message-size": .max, "msid": .max, "ptime": .max, "maxptime": .max, "framerate": .max,
    "rtcp-fb": 2, "rid": 2, "extmap": 1, "ssrc": 1, "fmtp": 0, "crypto": 0, "imageattr": 0,
]
